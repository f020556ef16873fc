"""The desk from the keyboard alone: shortcuts, and an input method that they leave in peace."""

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.desk_page import SignIn, desk_server, gateway, served, shop_url, sign_in
from tests.browser.scripted_desk import ScriptedDesk

__all__ = ["desk_server", "gateway", "shop_url", "sign_in"]

COMPOSING = {"windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}


def compose(page: Page, spelling: str) -> CDPSession:
    """Begin to write with an input method: the spelling stands in the field, nothing is chosen yet."""
    keyboard = page.context.new_cdp_session(page)
    end = len(spelling)
    keyboard.send("Input.imeSetComposition", {"text": spelling, "selectionStart": end, "selectionEnd": end})
    return keyboard


def press_composing(keyboard: CDPSession, **key: object) -> None:
    """A key that belongs to the input method."""
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key, **COMPOSING})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key, **COMPOSING})


def test_an_enter_that_chooses_a_word_sends_nothing(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    desk = sign_in().open(served(gateway))
    desk.field.focus()
    keyboard = compose(desk.page, "ni hao")
    press_composing(keyboard, key="Enter", code="Enter")
    keyboard.send("Input.insertText", {"text": "你好"})
    desk.page.wait_for_timeout(150)
    assert gateway.received("say") == []
    expect(desk.field).to_have_value("你好")

    desk.page.keyboard.press("Shift+Enter")
    desk.page.keyboard.type("请稍等")
    desk.page.keyboard.press("Enter")
    expect(desk.entry("请稍等")).to_contain_text("已送达")
    assert gateway.received("say")[0]["text"] == "你好\n请稍等"


def test_no_shortcut_fires_and_nothing_is_picked_while_composing(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    first, second = served(gateway), gateway.session("周航", "active", owner="wang", lines=[("shopper", "在吗")])
    desk = sign_in().open(first)
    desk.field.focus()
    keyboard = compose(desk.page, "jie")
    press_composing(keyboard, key="j", code="KeyJ", modifiers=1)
    press_composing(keyboard, key="e", code="KeyE", modifiers=1)
    press_composing(keyboard, key="Tab", code="Tab")

    expect(desk.row(first)).to_have_attribute("aria-current", "true")
    expect(desk.dialog).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "接"})
    desk.page.keyboard.press("Alt+KeyJ")
    expect(desk.row(second)).to_have_attribute("aria-current", "true")


def test_one_session_after_another_is_served_without_a_mouse(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    first = served(gateway, waits=90, summary={"category": "发货物流", "note": "已催", "solved": "yes"})
    second = gateway.session("周航", "active", owner="wang", waits=20, lines=[("shopper", "在吗")])
    offered = gateway.session("冯婷婷", waits=3, lines=[("shopper", "转人工")])
    desk = sign_in()
    keys = desk.page.keyboard

    keys.press("Alt+KeyJ")
    expect(desk.row(first)).to_have_attribute("aria-current", "true")
    keys.press("Alt+KeyL")
    expect(desk.field).to_be_focused()
    keys.type("您好，已经在催了")
    keys.press("Enter")
    expect(desk.entry("已经在催了")).to_contain_text("已送达")

    keys.press("Alt+KeyP")
    expect(desk.field).to_have_attribute("aria-label", "备注")
    keys.press("Alt+KeyO")
    expect(desk.aside).to_have_count(0)
    keys.press("Alt+KeyM")
    expect(desk.dialog).to_have_attribute("aria-label", "挂起会话")
    keys.press("Escape")
    expect(desk.dialog).to_have_count(0)
    keys.press("Alt+KeyT")
    expect(desk.dialog).to_have_attribute("aria-label", "转接会话")
    keys.press("Escape")

    keys.press("Control+Alt+KeyE")
    gateway.wait_for(lambda: gateway.received("resolve"))
    assert gateway.received("resolve")[0]["summary"] == {"category": "发货物流", "note": "已催"}
    expect(desk.row(second)).to_have_attribute("aria-current", "true")
    keys.press("Alt+KeyE")
    expect(desk.dialog).to_have_attribute("aria-label", "会话小结")
    keys.press("Escape")

    gateway.offer(offered)
    expect(desk.offer).to_be_visible()
    keys.press("Alt+KeyA")
    expect(desk.row(offered)).to_have_attribute("aria-current", "true")


def test_the_help_lists_every_shortcut_and_a_question_mark_in_a_message_is_a_question_mark(
    gateway: ScriptedDesk, sign_in: SignIn
) -> None:
    desk = sign_in().open(served(gateway))
    desk.field.focus()
    desk.page.keyboard.type("真的吗?")
    expect(desk.field).to_have_value("真的吗?")

    desk.log.focus()
    desk.page.keyboard.press("?")
    for words in ("下一个会话", "按小结结束，打开下一个", "快捷回复", "搜索"):
        expect(desk.dialog).to_contain_text(words)
    desk.page.keyboard.press("Escape")
    expect(desk.log).to_be_focused()


def test_lists_and_menus_are_walked_with_arrows(gateway: ScriptedDesk, sign_in: SignIn) -> None:
    for name in ("甲", "乙", "丙"):
        gateway.session(name, "active", owner="wang", lines=[("shopper", name)])
    desk = sign_in()
    keys = desk.page.keyboard
    desk.rows.first.focus()
    keys.press("ArrowDown")
    expect(desk.rows.nth(1)).to_be_focused()
    keys.press("Enter")
    expect(desk.rows.nth(1)).to_have_attribute("aria-current", "true")

    desk.page.get_by_role("tab", name="会话中").focus()
    keys.press("ArrowRight")
    expect(desk.page.get_by_role("tab", name="排队中")).to_be_focused()
    desk.page.get_by_role("button", name="我的状态：在线").focus()
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    gateway.wait_for(lambda: gateway.received("status"))
    assert gateway.received("status")[0]["status"] == "busy"
