"""What is said is sent, shown once, and says where it stands, whatever happens to the line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, Widget
from tests.browser.scripted_gateway import ScriptedGateway

Visit = Callable[..., Page]


def test_a_message_is_being_sent_until_the_gateway_has_it(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    gateway.hold_acks = True

    bubble = widget.say("什么时候发货？")
    expect(bubble).to_contain_text("发送中")
    gateway.wait_for(lambda: gateway.said)
    gateway.release()

    expect(bubble).to_contain_text("已发送")
    expect(bubble).to_have_count(1)
    gateway.tell({"t": "read", "seq": 1})
    expect(bubble).to_contain_text("已读")


def test_a_message_whose_acknowledgement_was_lost_is_sent_again_and_shown_once(
    gateway: ScriptedGateway, visit: Visit, watch: Watch
) -> None:
    watch.faults_expected = True
    widget = Widget(visit("/plain")).open()
    gateway.lose_acks = 1

    bubble = widget.say("你好，在吗")
    expect(bubble).to_contain_text("已发送")
    gateway.wait_for(lambda: len(gateway.received("hello")) == 2)

    expect(bubble).to_have_count(1)
    assert len(set(gateway.said)) == 1
    assert len(gateway.talk.entries) == 1


def test_what_is_said_while_the_line_is_cut_arrives_afterwards_in_the_order_said(
    gateway: ScriptedGateway, visit: Visit, watch: Watch
) -> None:
    watch.faults_expected = True
    widget = Widget(visit("/plain")).open()
    expect(widget.say("第一句")).to_contain_text("已发送")
    gateway.close_next = [1011, 1011]
    gateway.cut()

    for text in ("第二句", "第三句", "第四句"):
        widget.say(text)
    expect(widget.bubble("第四句")).to_contain_text("已发送", timeout=15_000)

    assert [entry["text"] for entry in gateway.talk.entries] == ["第一句", "第二句", "第三句", "第四句"]
    assert gateway.received("hello")[-1]["since"] == 1


def test_what_was_answered_while_the_line_was_cut_is_shown_after_it(
    gateway: ScriptedGateway, visit: Visit, watch: Watch
) -> None:
    watch.faults_expected = True
    widget = Widget(visit("/plain")).open()
    expect(widget.say("在吗")).to_contain_text("已发送")
    gateway.cut()
    gateway.entry("bot", "在的，请讲")

    expect(widget.bubble("在的，请讲")).to_have_count(1)


def test_two_tabs_of_one_shopper_show_the_same(gateway: ScriptedGateway, visit: Visit) -> None:
    gateway.answer = lambda text: {"text": f"答{text[-3:]}"}
    page = visit("/plain")
    first = Widget(page).open()
    expect(first.say("从第一页")).to_contain_text("已发送")
    second = Widget(visit("/plain", tab=page.context.new_page())).open()

    expect(second.say("从第二页")).to_contain_text("已发送")
    expect(first.bubble("答第二页")).to_have_count(1)

    told = [widget.log.locator(".say").all_inner_texts() for widget in (first, second)]
    assert told[0] == told[1] == ["从第一页", "答第一页", "从第二页", "答第二页"]
    assert len(gateway.talks) == 1


def test_a_reload_shows_the_conversation_again(gateway: ScriptedGateway, visit: Visit) -> None:
    gateway.answer = lambda _: {"text": "今天发货"}
    expect(Widget(visit("/plain")).open().say("什么时候发货")).to_contain_text("已发送")

    widget = Widget(visit("/plain")).open()

    expect(widget.bubble("什么时候发货")).to_contain_text("已发送")
    expect(widget.bubble("今天发货")).to_have_count(1)
    assert len(gateway.session_requests) == 1


def test_a_busy_gateway_is_asked_again_later(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    gateway.refuse_says = [{"code": "busy", "retry_after": 0.2}, {"code": "rate_limited", "retry_after": 0.2}]

    bubble = widget.say("有优惠吗")

    expect(bubble).to_contain_text("已发送")
    assert len(gateway.said) == 3
    assert len(set(gateway.said)) == 1


def test_a_refused_message_says_so_and_may_be_retried_under_its_id(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    gateway.refuse_says = [{"code": "not_allowed"}]

    bubble = widget.say("这句发不出去")
    expect(bubble).to_contain_text("未发送 · 现在不能这样操作")
    bubble.get_by_role("button", name="重试").click()

    expect(bubble).to_contain_text("已发送")
    assert len(gateway.said) == 2
    assert len(set(gateway.said)) == 1


def test_a_message_that_takes_too_long_may_be_sent_again(gateway: ScriptedGateway, visit: Visit, page: Page) -> None:
    page.clock.install()
    widget = Widget(visit("/plain")).open()
    gateway.wait_for(lambda: gateway.talk.sockets)
    gateway.hold_acks = True
    bubble = widget.say("有人吗")
    gateway.wait_for(lambda: gateway.said)
    page.clock.fast_forward(21_000)
    expect(bubble).to_contain_text("未发送")

    gateway.hold_acks = False
    bubble.get_by_role("button", name="重试").click()

    expect(bubble).to_contain_text("已发送")
    assert len(set(gateway.said)) == 1


def test_a_message_too_large_for_the_line_is_not_sent_again(
    gateway: ScriptedGateway, visit: Visit, watch: Watch
) -> None:
    watch.faults_expected = True
    widget = Widget(visit("/plain")).open()
    gateway.wait_for(lambda: gateway.talk.sockets)
    gateway.hold_acks = True
    bubble = widget.say("太大的一句")
    gateway.wait_for(lambda: gateway.said)
    gateway.cut(1009)

    expect(bubble).to_contain_text("未发送 · 消息太长")
    gateway.wait_for(lambda: len(gateway.received("hello")) == 2)
    assert len(gateway.said) == 1


def test_a_gap_in_the_numbers_is_filled_by_asking_again(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("一")).to_contain_text("已发送")
    missed = {
        "t": "entry",
        "seq": 2,
        "prev": 1,
        "at": "2026-11-24T10:00:00Z",
        "from": "bot",
        "kind": "text",
        "text": "漏掉的",
    }
    gateway.talk.entries.append(missed)
    gateway.entry("bot", "随后的")

    expect(widget.bubble("随后的")).to_have_count(1)

    assert widget.log.locator(".say").all_inner_texts() == ["一", "漏掉的", "随后的"]
    assert gateway.received("hello")[-1]["since"] == 1


def test_an_entry_sent_twice_is_shown_once(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("一")).to_contain_text("已发送")
    gateway.entry("bot", "二")
    gateway.tell(gateway.talk.entries[-1])
    gateway.entry("bot", "三")

    expect(widget.bubble("三")).to_have_count(1)
    assert widget.log.locator(".say").all_inner_texts() == ["一", "二", "三"]


def test_after_a_reset_the_gateway_is_asked_for_everything(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("旧的")).to_contain_text("已发送")
    gateway.entry("bot", "也是旧的")
    gateway.talk.entries[:] = [{**gateway.talk.entries[0], "text": "还原后的"}]
    gateway.tell({"t": "reset", "log": "another", "seq": 1})

    expect(widget.bubble("还原后的")).to_have_count(1)
    expect(widget.bubble("旧的")).to_have_count(0)
    assert gateway.received("hello")[-1] == {"t": "hello", "since": 0, "log": "another"}


def test_an_expired_token_is_renewed_once(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    token = next(iter(gateway.talks))
    gateway.talks["t-2"] = gateway.talks.pop(token)  # the same conversation, under a new token
    gateway.talk.name = "c-t-2"

    widget = Widget(visit("/plain")).open()
    expect(widget.bubble("你好")).to_contain_text("已发送")

    assert len(gateway.session_requests) == 2


@pytest.mark.parametrize(
    ("code", "said"), [(4403, "连接已中断"), (1008, "连接已中断"), (4409, "您在太多页面打开了对话，本页已断开")]
)
def test_some_closes_are_final_until_the_shopper_says_otherwise(
    gateway: ScriptedGateway, visit: Visit, code: int, said: str
) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    gateway.cut(code)

    expect(widget.panel).to_contain_text(said)
    assert len(gateway.received("hello")) == 1
    widget.panel.get_by_role("button", name="重新连接").click()

    expect(widget.panel).not_to_contain_text(said)
    expect(widget.say("还在")).to_contain_text("已发送")


def test_a_slow_reader_resumes_at_once(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    gateway.cut(4008)
    gateway.entry("bot", "接着说")

    expect(widget.bubble("接着说")).to_have_count(1)
    assert gateway.received("hello")[-1]["since"] == 1


def test_a_restart_is_waited_out(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    gateway.tell({"t": "bye", "retry_after": 1})
    gateway.cut(1012)

    expect(widget.panel).to_contain_text("正在重新连接")
    expect(widget.say("回来了吗")).to_contain_text("已发送")
    expect(widget.panel).not_to_contain_text("正在重新连接")


def test_a_silent_line_is_asked_and_then_given_up(gateway: ScriptedGateway, visit: Visit) -> None:
    gateway.welcome = {"hb": 0.3}
    widget = Widget(visit("/plain")).open()
    gateway.wait_for(lambda: len(gateway.received("ping")) >= 2)
    assert len(gateway.received("hello")) == 1

    gateway.mute_pings = True
    gateway.wait_for(lambda: len(gateway.received("hello")) == 2)
    gateway.mute_pings = False

    expect(widget.say("又通了")).to_contain_text("已发送")


def test_who_never_opens_the_chat_costs_no_session(gateway: ScriptedGateway, visit: Visit) -> None:
    visit("/plain").wait_for_timeout(200)

    assert gateway.session_requests == []
    assert gateway.frames == []


def test_an_overloaded_entrance_is_tried_again(gateway: ScriptedGateway, visit: Visit, watch: Watch) -> None:
    watch.faults_expected = True
    gateway.sessions_answer = [503]

    widget = Widget(visit("/plain")).open()

    expect(widget.say("你好")).to_contain_text("已发送", timeout=10_000)


def test_a_wish_for_a_person_survives_the_cut(gateway: ScriptedGateway, visit: Visit, watch: Watch) -> None:
    watch.faults_expected = True
    widget = Widget(visit("/plain")).open()
    gateway.wait_for(lambda: gateway.talk.sockets)
    widget.panel.get_by_role("button", name="转人工").click()
    gateway.wait_for(lambda: gateway.received("human"))
    gateway.cut()

    gateway.wait_for(lambda: len(gateway.received("human")) == 2)
    gateway.tell({"t": "state", "holder": "queue", "position": 2, "eta_s": 90})

    expect(widget.panel).to_contain_text("排队中 · 第 2 位")
    expect(widget.panel).to_contain_text("约 2 分钟")
    widget.panel.get_by_role("button", name="取消排队").click()
    gateway.wait_for(lambda: gateway.received("cancel_wait"))
