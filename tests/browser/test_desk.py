"""The desk: who is served by whom, what is said, what is known of the customer, what an agent decides."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Watch
from tests.browser.desk_page import SignIn, desk_server, gateway, served, shop_url, sign_in
from tests.browser.scripted_desk import PACKET, ScriptedDesk, iso

__all__ = ["desk_server", "gateway", "shop_url", "sign_in"]


def test_a_wrong_password_is_said_and_a_right_one_opens_the_desk_until_signed_out(
    gateway: ScriptedDesk, sign_in: SignIn, watch: Watch
) -> None:
    desk = sign_in("wang")
    desk.page.reload()
    expect(desk.page.get_by_role("tablist")).to_be_visible()

    desk.page.get_by_role("button", name="账号：王珂").click()
    desk.page.get_by_role("menuitem", name="退出登录").click()
    watch.faults_expected = True
    desk.page.get_by_label("登录名").fill("wang")
    desk.page.get_by_label("密码").fill("wrong")
    desk.page.get_by_role("button", name="登录").click()

    expect(desk.page.get_by_role("alert")).to_have_text("登录名或密码不对")


def test_sessions_stand_under_their_tabs_with_what_an_agent_must_see(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    angry = {"name": "angry", "polarity": -0.8}
    mine = served(gateway, waits=75, emotion=angry)
    late = gateway.session("周航", "active", owner="wang", waits=300, lines=[("shopper", "还在吗")], channel="wecom")
    gateway.session("何俊", "active", owner="liu", lines=[("shopper", "同事的")])
    queued = gateway.session("冯婷婷", waits=10, lines=[("shopper", "转人工")])
    vip = gateway.session("吴佳怡", waits=5, level="vip", lines=[("shopper", "人呢")])
    gateway.session("许诺", "bot", flags=["重复追问"], lines=[("shopper", "你没懂"), ("bot", "再说一次？")])
    gateway.session("曹雪", "closed", close_reason="agent_resolved", lines=[("shopper", "好的")])
    desk = sign_in()

    assert [row.get_attribute("data-session") for row in desk.rows.all()] == [late, mine]
    expect(desk.row(late).locator(".wait")).to_have_class(re.compile("bad"))
    expect(desk.row(mine).locator(".wait")).to_have_class(re.compile("warn"))
    expect(desk.row(late)).to_contain_text("企业微信")
    for words in ("林晓", "金卡", "生气", "三天没动了"):
        expect(desk.row(mine)).to_contain_text(words)
    expect(desk.row(mine).get_by_label("1 条未读")).to_be_visible()
    expect(desk.page).to_have_title(re.compile(r"^\(2\)"))
    gateway.add(late, "shopper", "喂")
    expect(desk.row(late).get_by_label("2 条未读")).to_be_visible()

    desk.tab("排队中")
    assert [row.get_attribute("data-session") for row in desk.rows.all()] == [vip, queued]
    desk.tab("待干预")
    expect(desk.rows).to_have_count(1)
    expect(desk.rows).to_contain_text("重复追问")
    desk.tab("机器人接待")
    expect(desk.rows).to_contain_text("许诺")
    desk.tab("已结束")
    expect(desk.rows).to_contain_text("客服解决")
    expect(desk.page.get_by_role("tab", name="同事接待")).to_have_count(0)


def test_an_offer_brings_its_packet_and_is_accepted_into_ones_own_list(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in()
    session = gateway.session("林晓", waits=3, packet=PACKET, lines=[("shopper", "三天没动了！！！")])
    gateway.offer(session)

    for words in ("连续三个感叹号", "规则 exclamation", "停在武汉分拣中心", "价格敏感", "88002611240001", "没有答上来"):
        expect(desk.offer).to_contain_text(words)
    expect(desk.offer.locator("mark")).to_have_text("三天没动了！！！")
    expect(desk.offer.get_by_role("timer")).to_contain_text("秒")
    desk.offer.get_by_role("button", name="接受").click()

    expect(desk.offer).to_have_count(0)
    expect(desk.row(session)).to_be_visible()
    expect(desk.field).to_be_focused()
    expect(desk.say("您好，我来处理")).to_contain_text("已送达")


def test_an_offer_that_runs_out_goes_away_and_one_may_be_declined(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in()
    first = gateway.session("甲", waits=3)
    gateway.offer(first)
    expect(desk.offer).to_be_visible()
    gateway.show("wang", {"t": "offer_gone", "session": first, "why": "expired", "by": None})
    expect(desk.offer).to_have_count(0)
    expect(desk.page.locator(".toast")).to_contain_text("邀请过时了")

    second = gateway.session("乙", waits=3)
    gateway.offer(second)
    desk.offer.get_by_role("button", name="拒绝").click()
    gateway.wait_for(lambda: gateway.received("decline"))
    expect(desk.offer).to_have_count(0)


def test_of_two_agents_on_one_entry_of_the_queue_the_second_is_told_who_has_it(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    session = gateway.session("冯婷婷", waits=10, lines=[("shopper", "转人工")])
    first, second = sign_in("wang").tab("排队中").open(session), sign_in("liu").tab("排队中").open(session)
    take = second.page.get_by_role("button", name="接管")
    expect(take).to_be_visible()
    # The first has it, and the second's click is already on its way.
    gateway.talked[session].row.update(state="active", owner={"login": "wang", "name": "王珂"})
    take.click()

    expect(second.page.locator(".toast")).to_have_text("已由王珂接入")
    gateway.change(session)
    expect(second.lock).to_contain_text("王珂正在接待")
    expect(second.lock.get_by_role("button")).to_have_count(0)
    expect(first.page.get_by_label("回复")).to_be_visible()


def test_who_else_looks_or_writes_is_seen_and_only_the_owner_may_reply(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = served(gateway)
    desk = sign_in().open(session)
    gateway.show(
        "wang", {"t": "viewing", "session": session, "viewers": [{"login": "liu", "name": "刘琪"}], "typing": []}
    )
    expect(desk.page.get_by_text("刘琪正在查看")).to_be_visible()
    gateway.show(
        "wang", {"t": "viewing", "session": session, "viewers": [{"login": "liu", "name": "刘琪"}], "typing": ["liu"]}
    )
    expect(desk.page.get_by_text("刘琪正在输入")).to_be_visible()

    gateway.change(session, owner={"login": "liu", "name": "刘琪"})
    expect(desk.lock).to_contain_text("刘琪正在接待")
    expect(desk.page.get_by_role("button", name="发送")).to_have_count(0)
    desk.field.fill("我之前答应过今晚回复")
    desk.field.press("Enter")

    expect(desk.log.locator(".note")).to_contain_text("顾客看不到")
    assert gateway.received("note")[0]["text"] == "我之前答应过今晚回复"
    assert gateway.received("say") == []


def test_the_packet_and_the_marked_words_stand_in_the_conversation(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in().open(served(gateway))

    expect(desk.log.get_by_role("group").locator("summary")).to_contain_text(["交接单"])
    expect(desk.log.locator(".entry mark")).to_have_text("三天没动了！！！")
    desk.log.get_by_role("button", name="看原话").click()
    expect(desk.log.locator(".found")).to_contain_text("三天没动了")


def test_what_the_system_notes_in_a_row_is_folded_and_nothing_scrolls_the_page(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    session = served(gateway, lines=[("shopper", f"第 {n} 句") for n in range(40)])
    for text in ("进入排队", "派给王珂", "王珂接入", "王珂为您服务"):
        gateway.add(session, "system", text, kind="activity")
    desk = sign_in().open(session)

    expect(desk.log.locator("summary", has_text="共 4 条动态")).to_be_visible()
    expect(desk.log.get_by_text("派给王珂")).to_be_hidden()
    desk.log.get_by_text("共 4 条动态").click()
    expect(desk.log.get_by_text("派给王珂")).to_be_visible()
    height = desk.page.evaluate("[document.documentElement.scrollHeight, document.body.scrollHeight]")
    assert height == [720, 720]


def test_delivery_is_shown_and_what_was_refused_can_be_sent_again_or_taken_back(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    session = served(gateway)
    desk = sign_in().open(session)
    expect(desk.say("第一句")).to_contain_text("已送达")
    gateway.show("wang", {"t": "read", "session": session, "seq": 4})
    expect(desk.entry("第一句")).to_contain_text("已读")

    gateway.refuse = [{"code": "not_owner", "message": "不是你的会话", "owner": {"login": "liu", "name": "刘琪"}}]
    expect(desk.say("第二句")).to_contain_text("现在由刘琪接待，这条没有发出")
    desk.entry("第二句").get_by_role("button", name="放回输入框").click()
    expect(desk.field).to_have_value("第二句")
    expect(desk.entry("第二句")).to_have_count(0)
    desk.field.press("Enter")
    expect(desk.entry("第二句")).to_contain_text("已送达")


def test_a_cut_line_loses_nothing_and_doubles_nothing(gateway: ScriptedDesk, sign_in: SignIn, watch: Watch) -> None:
    watch.faults_expected = True
    session = served(gateway)
    desk = sign_in().open(session)
    gateway.lose_next_ack = True
    expect(desk.say("断线前的话")).to_contain_text("已送达", timeout=10_000)
    expect(desk.entry("断线前的话")).to_have_count(1)

    gateway.deaf = True
    gateway.hang_up()
    expect(desk.page.get_by_text("连接断了，正在重连")).to_be_visible()
    desk.field.fill("离线时写的")
    desk.field.press("Enter")
    desk.field.fill("还没写完")
    gateway.add(session, "shopper", "断线时顾客说的")
    gateway.deaf = False
    desk.page.get_by_role("button", name="现在就试").click()

    expect(desk.entry("离线时写的")).to_contain_text("已送达", timeout=10_000)
    expect(desk.entry("断线时顾客说的")).to_have_count(1)
    expect(desk.field).to_have_value("还没写完")
    assert len({frame["id"] for frame in gateway.received("say")}) == 2
    assert [entry["text"] for entry in gateway.talked[session].entries if entry["from"] == "agent"] == [
        "断线前的话",
        "离线时写的",
    ]


def test_a_draft_stays_with_its_session_also_over_a_reload(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    first, second = served(gateway), gateway.session("周航", "active", owner="wang", lines=[("shopper", "在吗")])
    desk = sign_in().open(first)
    desk.field.fill("给林晓的")
    desk.open(second)
    expect(desk.field).to_have_value("")
    desk.field.fill("给周航的")
    desk.open(first)
    expect(desk.field).to_have_value("给林晓的")

    desk.page.reload()
    expect(desk.field).to_have_value("给林晓的")
    expect(desk.row(first)).to_have_attribute("aria-current", "true")
    desk.open(second)
    expect(desk.field).to_have_value("给周航的")


def test_suggestions_are_put_into_the_field_and_never_sent_by_themselves(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    session = served(gateway)
    desk = sign_in().open(session)
    gateway.add(session, "shopper", "跟兰蔻的比呢")
    source = {"kind": "product", "id": "LP-201", "title": "口红"}
    items = [
        {"id": "a", "kind": "answer", "text": "成膜后不紧绷。", "sources": [source]},
        {"id": "b", "kind": "talk_track", "title": "兰蔻", "text": "我们主打柔雾。", "sources": []},
    ]
    gateway.show("wang", {"t": "suggestions", "session": session, "seq": 4, "items": items})

    offered = desk.page.locator(".suggestions li")
    expect(offered.first).to_contain_text("竞品话术 · 兰蔻")
    expect(offered.nth(1)).to_contain_text("依据：口红")
    desk.field.press("Tab")
    expect(desk.field).to_have_value("我们主打柔雾。")
    assert gateway.received("say") == []
    desk.field.press("End")
    desk.page.keyboard.type("您试试")
    desk.field.press("Enter")

    gateway.wait_for(lambda: len(gateway.received("suggested")) == 2)
    outcomes = {frame["suggestion"]: frame["outcome"] for frame in gateway.received("suggested")}
    assert outcomes == {"a": "ignored", "b": "edited"}


def test_a_canned_reply_is_found_by_initials_and_its_variables_are_filled(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    desk = sign_in().open(served(gateway))
    desk.field.press_sequentially("/tk")
    expect(desk.page.get_by_role("option")).to_contain_text("退款时效")
    desk.field.press("Enter")
    expect(desk.field).to_have_value(re.compile("订单 88002611240001 我帮您盯着"))

    desk.field.fill("/bc")
    expect(desk.page.get_by_role("option")).to_contain_text("补偿券")
    desk.field.press("Enter")
    expect(desk.field).to_have_value("已为您申请补偿券 {{券码}}。")
    desk.field.press("Enter")

    expect(desk.page.locator(".toast")).to_contain_text("还有没填的内容：{{券码}}")
    assert gateway.received("say") == []


def test_what_was_written_is_kept_as_a_reply_of_ones_own(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in().open(served(gateway))
    desk.field.fill("我这就去仓库看一眼")
    desk.page.get_by_role("button", name="存为快捷回复").click()
    desk.dialog.get_by_label("名称").fill("去仓库看")
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator(".toast")).to_have_text("已存为快捷回复")
    assert gateway.kept == [{"text": "我这就去仓库看一眼", "title": "去仓库看", "shortcut": "", "scope": "mine"}]
    expect(desk.field).to_have_value("我这就去仓库看一眼")


def test_a_promise_just_made_stands_beside_the_conversation_and_is_settled_there(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    desk = sign_in().open(served(gateway))
    due = {"text": "10 分钟内回复", "due_at": iso(-600), "owner": "wang", "by": "agent", "state": "open", "id": "p1"}
    gateway.promises = [due]
    desk.say("10 分钟内回复您")
    expect(desk.aside).to_contain_text("10 分钟内回复")
    expect(desk.page.locator(".due")).to_contain_text("还剩")
    desk.aside.get_by_role("button", name="已兑现").click()

    expect(desk.aside.get_by_role("button", name="已兑现")).to_have_count(0)
    expect(desk.aside).to_contain_text("已兑现")
    assert gateway.settled == [("p1", "kept")]


def test_a_note_is_yellow_private_and_names_a_colleague(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = served(gateway)
    desk = sign_in().open(session)
    desk.page.keyboard.press("Alt+KeyP")
    desk.field.press_sequentially("今晚盯一下 @刘")
    expect(desk.page.get_by_role("option", name="刘琪")).to_be_visible()
    desk.field.press("Enter")
    desk.field.press("Enter")

    expect(desk.log.locator(".note")).to_contain_text("@刘琪")
    assert gateway.received("note")[0]["mentions"] == ["liu"]
    gateway.show("wang", {"t": "mention", "session": session, "by": {"login": "liu", "name": "刘琪"}, "text": "好的"})


def test_the_whole_customer_stands_beside_the_conversation(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in().open(served(gateway))

    for words in ("林晓", "金卡", "138****5678", "7 单 · ¥1532.00", "价格敏感", "今晚 8 点前", "武汉分拣中心 已发出"):
        expect(desk.aside).to_contain_text(words)
    desk.aside.get_by_role("button", name="显示").click()
    desk.dialog.get_by_role("button", name="查看").is_disabled()
    desk.dialog.get_by_role("button", name="联系配送").click()
    desk.dialog.get_by_role("button", name="查看").click()
    expect(desk.aside).to_contain_text("13812345678")
    assert gateway.revealed == [{"field": "phone", "reason": "联系配送"}]

    desk.aside.get_by_role("button", name="发订单卡片").first.click()
    desk.field.press("Enter")
    gateway.wait_for(lambda: gateway.received("say"))
    assert gateway.received("say")[0]["order"] == "88002611240001"
    desk.page.get_by_role("button", name="顾客资料栏").click()
    expect(desk.aside).to_have_count(0)


def test_an_agent_passes_on_puts_aside_gives_back_and_closes(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = served(gateway, summary={"category": "其他", "note": "刚打开时"})
    desk = sign_in().open(session)
    summary = {"category": "发货物流", "note": "已催中通，今晚回复。"}
    gateway.talked[session].summary = summary  # as the conversation stands when the dialog opens

    desk.page.get_by_role("button", name="转接").click()
    expect(desk.dialog.get_by_role("button", name="转接", exact=True)).to_be_disabled()
    expect(desk.dialog.get_by_role("radio", name="黄璐")).to_be_disabled()
    desk.dialog.get_by_text("刘琪").click()
    desk.dialog.get_by_label("交接说明").fill("催过中通")
    desk.dialog.get_by_role("button", name="转接", exact=True).click()
    gateway.wait_for(lambda: gateway.received("transfer"))
    assert gateway.received("transfer")[0].items() >= {"to": {"agent": "liu"}, "note": "催过中通"}.items()

    gateway.change(session, state="active", owner={"login": "wang", "name": "王珂"})
    desk.page.get_by_role("button", name="挂起").click()
    desk.dialog.get_by_role("button", name="2 小时后").click()
    desk.dialog.get_by_role("button", name="挂起", exact=True).click()
    expect(desk.row(session)).to_contain_text("挂起")
    desk.page.get_by_role("button", name="恢复").click()
    gateway.wait_for(lambda: gateway.received("unhold"))

    desk.page.get_by_role("button", name="结束").click()
    expect(desk.dialog.get_by_label("小结")).to_have_value("已催中通，今晚回复。")
    expect(desk.dialog.get_by_role("radio", name="发货物流")).to_be_checked()
    desk.dialog.get_by_text("部分解决").click()
    desk.dialog.get_by_role("button", name="结束会话").click()
    gateway.wait_for(lambda: gateway.received("resolve"))
    assert gateway.received("resolve")[0].items() >= {"summary": summary, "solved": "partly"}.items()
    expect(desk.lock).to_contain_text("会话已结束")


def test_a_ticket_is_opened_from_a_session_and_listed_beside_it_and_on_its_page(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    session = served(gateway)
    desk = sign_in().open(session)
    desk.page.get_by_role("button", name="新建工单").first.click()
    desk.dialog.get_by_text("快递丢件").click()
    expect(desk.dialog.get_by_role("radio", name="按规则")).to_be_checked()
    desk.dialog.get_by_text("插队").click()
    desk.dialog.get_by_role("button", name="建工单").click()

    expect(desk.page.locator(".toast")).to_contain_text("派给仓库组")
    expect(desk.aside).to_contain_text("快递丢件")
    assert gateway.tickets[0].items() >= {"session": session, "order": "88002611240001", "priority": 0}.items()
    desk.page.get_by_role("link", name="工单").click()
    desk.page.get_by_role("button", name="开始处理").click()
    expect(desk.page.get_by_role("cell", name="处理中")).to_be_visible()
    desk.page.get_by_role("button", name="看会话").click()
    expect(desk.entry("三天没动了")).to_be_visible()


def test_a_lead_listens_unseen_whispers_and_takes_over(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = served(gateway)
    lead = sign_in("li").tab("同事接待").open(session)
    gateway.wait_for(lambda: gateway.received("listen"))
    assert gateway.received("open") == []
    lead.page.get_by_role("button", name="耳语").click()
    lead.field.fill("先道歉")
    lead.field.press("Enter")
    expect(lead.log.locator(".note")).to_contain_text("只有客服看得到")

    agent = sign_in("wang").open(session)
    expect(agent.entry("先道歉")).to_contain_text("李莎")
    lead.page.get_by_role("button", name="从王珂接管").click()
    expect(lead.field).to_have_attribute("aria-label", "回复")
    expect(agent.lock).to_contain_text("李莎正在接待")


def test_a_link_to_a_session_opens_it_under_its_tab_and_a_lead_looks_on_unseen(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    queued, served_by_wang = gateway.session("冯婷婷", waits=9, lines=[("shopper", "转人工")]), served(gateway)
    desk = sign_in("li")
    for session, tab in ((queued, "排队中"), (served_by_wang, "同事接待")):
        desk.page.goto(gateway.url + f"/desk#session={session}")
        desk.page.reload()
        expect(desk.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(desk.row(session)).to_have_attribute("aria-current", "true")
        expect(desk.log.locator(".entry").first).to_be_visible()

    assert {frame["session"] for frame in gateway.received("open")} == {queued}
    assert gateway.received("listen")[-1]["session"] == served_by_wang


def test_an_agent_set_away_is_told_and_comes_back_with_one_click(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in()
    gateway.show("wang", {"t": "presence", "agents": [{**gateway.team["wang"], "status": "away"}]})
    expect(desk.page.get_by_text("你现在是「离开」")).to_be_visible()
    desk.page.get_by_role("button", name="恢复在线").click()

    expect(desk.page.get_by_role("button", name="我的状态：在线")).to_be_visible()
    desk.page.get_by_role("button", name="我的状态：在线").click()
    desk.page.get_by_role("menuitemradio", name="忙碌").click()
    expect(desk.page.get_by_role("button", name="我的状态：忙碌")).to_be_visible()
    assert [frame["status"] for frame in gateway.received("status")] == ["online", "busy"]


def test_a_search_finds_people_orders_and_words(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = served(gateway)
    desk = sign_in()
    desk.page.keyboard.press("Control+KeyK")
    desk.page.get_by_role("combobox", name="搜索").fill("三天没动")
    expect(desk.page.get_by_role("option")).to_contain_text("三天没动了")
    desk.page.keyboard.press("Enter")
    expect(desk.row(session)).to_have_attribute("aria-current", "true")

    desk.page.keyboard.press("Control+KeyK")
    desk.page.get_by_role("combobox", name="搜索").fill("林晓")
    expect(desk.page.get_by_role("option")).to_contain_text(["会话", "138****5678"])
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)


def test_a_session_that_cannot_be_opened_says_why(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    session = gateway.session("周航", "active", owner="wang")
    gateway.refuse = [{"code": "not_found", "message": "这个会话已经转给别人了"}]
    desk = sign_in().open(session)

    expect(desk.log.get_by_role("alert")).to_contain_text("这个会话已经转给别人了")
    desk.log.get_by_role("button", name="再试一次").click()
    expect(desk.log.get_by_role("alert")).to_have_count(0)


NOTIFIED = """
  window.told = [];
  window.Notification = class {
    static permission = "granted";
    constructor(title, { body }) { told.push([title, body]); }
  };
  document.hasFocus = () => false;
"""


def test_only_what_is_ones_own_is_told_when_one_looks_elsewhere(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    mine, other = served(gateway), gateway.session("何俊", "active", owner="liu", lines=[("shopper", "同事的")])
    desk = sign_in()
    desk.page.evaluate(NOTIFIED)
    gateway.add(other, "shopper", "不是我的")
    gateway.add(mine, "shopper", "还在吗")
    gateway.show(
        "wang", {"t": "mention", "session": other, "by": {"login": "liu", "name": "刘琪"}, "text": "@王珂 看看"}
    )
    gateway.offer(gateway.session("冯婷婷", waits=3, lines=[("shopper", "转人工")]))

    expect(desk.offer).to_be_visible()
    told = desk.page.evaluate("told")
    assert told == [["林晓", "还在吗"], ["刘琪提到了你", "@王珂 看看"], ["新会话：冯婷婷", "转人工"]]
    expect(desk.page).to_have_title(re.compile(r"^\(\d+\)"))

    desk.page.get_by_role("button", name="声音和桌面通知").click()
    gateway.add(mine, "shopper", "喂")
    expect(desk.row(mine)).to_contain_text("喂")
    assert len(desk.page.evaluate("told")) == 3


def test_an_empty_desk_a_slow_one_and_one_without_a_line_say_so(
    gateway: ScriptedDesk, sign_in: SignIn, watch: Watch
) -> None:
    watch.faults_expected = True
    desk = sign_in()
    expect(desk.page.get_by_role("tabpanel")).to_contain_text("手上没有会话")
    expect(desk.page.get_by_role("region", name="会话", exact=True)).to_contain_text("选一个会话开始")
    gateway.deaf = True
    desk.page.reload()
    expect(desk.page.get_by_role("tabpanel")).to_contain_text("连不上网关")
    expect(desk.page.get_by_role("status").first).to_contain_text("正在重连")
    gateway.deaf = False
    desk.page.get_by_role("button", name="现在就试").click()
    expect(desk.page.get_by_role("tabpanel")).to_contain_text("手上没有会话")

    gateway.hang_up(4409)
    expect(desk.page.get_by_role("status").first).to_contain_text("工作台开得太多了")
