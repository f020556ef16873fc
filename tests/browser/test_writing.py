"""The field a shopper writes in, and the keys around it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget
from tests.browser.scripted_gateway import ScriptedGateway

Visit = Callable[..., Page]


def test_an_enter_that_chooses_a_word_sends_nothing(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    widget = Widget(page).open()
    widget.field.focus()
    keyboard = page.context.new_cdp_session(page)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}

    keyboard.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    keyboard.send("Input.insertText", {"text": "你好"})
    page.wait_for_timeout(150)
    assert gateway.said == []
    expect(widget.field).to_have_value("你好")

    page.keyboard.press("Enter")
    expect(widget.bubble("你好")).to_contain_text("已发送")
    expect(widget.field).to_have_value("")


def test_shift_and_enter_begins_a_new_line(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    widget = Widget(page).open()
    widget.field.focus()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    assert gateway.said == []

    page.keyboard.press("Enter")
    gateway.wait_for(lambda: gateway.said)

    assert gateway.received("say")[0]["text"] == "第一行\n第二行"


def test_nothing_but_spaces_is_not_sent(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    widget = Widget(page).open()
    widget.field.fill("  \n ")
    widget.field.press("Enter")

    expect(page.get_by_role("button", name="发送", exact=True)).to_be_disabled()
    expect(widget.log.locator(".row")).to_have_count(0)


def test_too_long_a_message_is_not_cut_off_silently(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/plain")).open()
    widget.field.fill("长" * 2001)
    widget.field.press("Enter")

    expect(widget.panel).to_contain_text("最多 2000 字，已超出 1 字")
    assert gateway.said == []
    widget.field.fill("😀" * 2000)  # counted as characters, not as UTF-16
    widget.field.press("Enter")
    gateway.wait_for(lambda: gateway.said)


def test_a_draft_outlives_a_reload_and_ends_with_the_tab(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    Widget(page).open().field.fill("还没写完")

    expect(Widget(visit("/plain")).open().field).to_have_value("还没写完")
    expect(Widget(visit("/plain", tab=page.context.new_page())).open().field).to_have_value("")


def test_escape_closes_and_the_focus_goes_back(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    widget = Widget(page).open()
    expect(widget.field).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("Escape")
    expect(widget.panel).to_have_count(0)
    expect(widget.launcher).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")

    own = page.get_by_role("button", name="问问客服")
    own.click()
    expect(widget.field).to_be_focused()
    page.keyboard.press("Escape")
    expect(own).to_be_focused()


def test_a_person_learns_that_something_is_being_written(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    widget = Widget(page).open()
    gateway.wait_for(lambda: gateway.talk.sockets)
    widget.field.press_sequentially("给机器人")
    gateway.tell({"t": "state", "holder": "agent", "agent": "小王"})
    expect(widget.panel).to_contain_text("人工客服 · 小王")
    assert gateway.received("typing") == []

    widget.field.press_sequentially("给小王的话")
    gateway.wait_for(lambda: gateway.received("typing"))

    assert len(gateway.received("typing")) == 1
