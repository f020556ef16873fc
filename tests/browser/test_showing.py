"""What the shop says back: words, cards, sources, quick replies, who speaks, the rating."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget
from tests.browser.scripted_gateway import ScriptedGateway

Visit = Callable[..., Page]


def begun(visit: Visit, path: str = "/plain") -> Widget:
    """An open chat in which the shopper has said something."""
    widget = Widget(visit(path)).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    return widget


def test_a_bot_answer_is_labelled_and_its_sources_are_folded_under_it(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    gateway.entry(
        "bot",
        "签收后 7 天内可以退。",
        sources=[{"kind": "article", "id": "a1", "title": "七天无理由怎么退"}, {"kind": "order", "id": "20261102"}],
    )

    answer = widget.bubble("签收后 7 天内可以退。")
    expect(answer).to_contain_text("AI 生成")
    expect(answer.get_by_text("七天无理由怎么退")).to_be_hidden()
    answer.get_by_text("来源 2").click()

    expect(answer.locator("li")).to_have_text(["知识库 七天无理由怎么退", "订单 20261102"])


def test_a_tapped_quick_reply_is_said_and_the_others_go(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    choices = [
        {"text": "11-20 的口红", "say": "查 11-20 的口红", "order": "88001"},
        {"text": "都不是", "say": "都不是"},
    ]
    gateway.entry("bot", "想看哪一单？", kind="choices", choices=choices)

    widget.log.get_by_role("button", name="11-20 的口红").click()

    expect(widget.bubble("查 11-20 的口红")).to_contain_text("已发送")
    expect(widget.log.get_by_role("button", name="都不是")).to_have_count(0)
    expect(widget.log).to_be_focused()
    assert gateway.received("say")[-1].items() >= {"text": "查 11-20 的口红", "order": "88001"}.items()


def test_products_and_orders_come_as_cards(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit, "/")
    product = {
        "kind": "product",
        "sku": "BL-101",
        "title": "柔光腮红 藕粉",
        "price": "¥79.00",
        "note": "同一套",
        "url": "#/p/BL-101",
    }
    order = {
        "kind": "order",
        "order": "88001",
        "title": "润绒口红 等",
        "status": "运输中",
        "price": "¥178.00",
        "items": 2,
    }
    gateway.entry("bot", "可以配这款", kind="product_card", cards=[product])
    gateway.entry("bot", "您的订单", kind="order_card", cards=[{**order, "at": "2026-11-20T10:00:00+08:00"}])
    gateway.entry("bot", "另一个", kind="order_card", cards=[{**order, "order": "88002", "at": "11月21日 下单"}])

    card = widget.log.get_by_role("link", name="柔光腮红")
    expect(card).to_contain_text("¥79.00")
    expect(card.locator("img")).to_have_attribute("src", re.compile("^data:image/svg"))
    expect(widget.log.locator(".card", has_text="订单 88001")).to_contain_text("共 2 件 · 11月20日")
    expect(widget.log.locator(".card", has_text="订单 88002")).to_contain_text("共 2 件 · 11月21日 下单")
    card.click()
    expect(widget.page.get_by_role("heading", name="柔光腮红 藕粉")).to_be_visible()


def test_what_is_said_stays_text(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>[点我](javascript:alert(1))'
    card = {
        "kind": "product",
        "sku": "x",
        "title": attack,
        "url": "javascript:alert(1)",
        "image": "javascript:alert(1)",
    }
    gateway.entry("bot", attack, cards=[card], sources=[{"kind": "article", "id": "1", "title": attack}])

    expect(widget.log.locator(".say").last).to_have_text(attack)
    expect(widget.log.locator("a[href], img")).to_have_count(0)
    assert widget.page.title() == "别家的店"


def test_notices_stand_in_the_middle_and_take_back_what_they_recall(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    wrong = gateway.entry("agent", "说错了的话")
    expect(widget.bubble("说错了的话")).to_have_count(1)
    gateway.entry("system", "客服撤回了一条消息", kind="notice", recalls=wrong)

    expect(widget.log.locator(".notice", has_text="客服撤回了一条消息")).to_be_visible()
    expect(widget.bubble("说错了的话")).to_have_count(0)


def test_the_head_says_who_speaks_and_a_person_is_one_tap_away(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    head = widget.panel.locator(".head")
    expect(head).to_contain_text("智能客服")
    head.get_by_role("button", name="转人工").click()
    expect(head.get_by_role("button", name="正在转接")).to_be_visible()
    gateway.wait_for(lambda: gateway.received("human"))
    gateway.tell({"t": "state", "holder": "queue", "position": 3, "eta_s": 40})
    expect(head).to_contain_text("排队中 · 第 3 位 约 1 分钟")

    gateway.tell({"t": "state", "holder": "agent", "agent": "小王"})
    gateway.entry("agent", "您好，我来处理")

    expect(head).to_contain_text("人工客服 · 小王")
    expect(widget.bubble("您好，我来处理")).to_contain_text("小王")
    expect(widget.bubble("您好，我来处理")).not_to_contain_text("AI 生成")


def test_typing_shows_until_the_words_are_there(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    gateway.tell({"t": "typing", "from": "bot"})
    dots = widget.log.get_by_role("img", name="对方正在输入")
    expect(dots).to_be_visible()

    gateway.entry("bot", "想好了")
    expect(dots).to_have_count(0)


def test_an_answer_shows_while_it_is_written_and_once_when_it_is_whole(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    gateway.tell({"t": "partial", "from": "bot", "text": "可以开"})
    expect(widget.bubble("可以开")).to_be_visible()
    gateway.tell({"t": "partial", "from": "bot", "text": "可以开发票。"})
    expect(widget.bubble("可以开发票。")).to_have_count(1)

    gateway.entry("bot", "可以开发票。三天内寄出。")
    expect(widget.bubble("可以开发票")).to_have_count(1)


def test_a_rating_is_given_once(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    gateway.entry("system", "请评价小王的服务", kind="csat")
    form = widget.log.locator("form")
    expect(form).to_contain_text("请评价小王的服务")
    expect(form.get_by_role("button", name="提交评价")).to_be_disabled()

    form.get_by_role("radio", name="4 星").check(force=True)
    form.get_by_role("radio", name="部分解决").check(force=True)
    form.get_by_role("button", name="提交评价").click()

    expect(widget.log).to_contain_text("感谢您的评价")
    gateway.wait_for(lambda: gateway.received("rate"))
    assert gateway.received("rate") == [{"t": "rate", "stars": 4, "solved": "partly"}]
    expect(Widget(visit("/plain")).open().log).to_contain_text("感谢您的评价")


def test_unread_messages_are_counted_until_they_are_seen(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    widget.page.keyboard.press("Escape")
    gateway.entry("bot", "还在吗")
    gateway.entry("agent", "我是小王")

    expect(widget.launcher).to_have_accessible_name("打开客服对话，2 条未读")
    expect(widget.launcher).to_have_text("2")
    widget = Widget(visit("/plain"))
    expect(widget.launcher).to_have_text("2")

    widget.open()
    gateway.wait_for(lambda: gateway.received("read"))
    assert gateway.received("read")[-1]["seq"] == 3
    widget.page.keyboard.press("Escape")
    expect(widget.launcher).to_have_accessible_name("打开客服对话")
    expect(Widget(visit("/plain")).launcher).to_have_text("")


def test_a_long_history_is_drawn_in_parts_and_stays_at_the_end(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = begun(visit)
    for number in range(120):
        gateway.entry("bot", f"第 {number} 条")
    expect(widget.bubble("第 119 条")).to_be_in_viewport()
    expect(widget.log.locator(".row")).to_have_count(100)

    widget.log.evaluate("log => log.scrollTo(0, 0)")
    expect(widget.log.get_by_role("button", name="有新消息")).to_be_visible()
    gateway.entry("bot", "最新一条")
    expect(widget.bubble("最新一条")).not_to_be_in_viewport()
    widget.log.get_by_role("button", name="有新消息").click()
    expect(widget.bubble("最新一条")).to_be_in_viewport()
    widget.log.get_by_role("button", name="查看更早的消息").click()
    expect(widget.log.locator(".row")).to_have_count(122)
