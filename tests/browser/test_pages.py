"""The pages around the conversation: the shop, the hosted page, a foreign shop that only adds the script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, Widget
from tests.browser.scripted_gateway import ScriptedGateway

Visit = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
CARD = {"kind": "product", "sku": "BL-101", "title": "柔光腮红 藕粉", "price": "¥79.00", "url": "#/p/BL-101"}


def barriers(page: Page) -> str:
    """What axe finds on a page; empty when nothing."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    return found.generate_report() if found.violations_count else ""


def fill(gateway: ScriptedGateway, widget: Widget) -> None:
    """A conversation with one of everything."""
    expect(widget.say("你好")).to_contain_text("已发送")
    gateway.entry("bot", "可以配这款", cards=[CARD], sources=[{"kind": "article", "id": "1", "title": "怎么搭配"}])
    gateway.entry("system", "小王已接入", kind="notice")
    gateway.entry("system", "请评价", kind="csat")
    gateway.refuse_says = [{"code": "not_allowed"}]
    expect(widget.say("发不出去")).to_contain_text("未发送")
    gateway.entry("bot", "想看哪一单？", kind="choices", choices=[{"text": "第一单", "say": "第一单"}])
    gateway.tell({"t": "typing", "from": "bot"})
    expect(widget.log.get_by_role("button", name="重试")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_and_no_breach_of_the_policy(
    gateway: ScriptedGateway, visit: Visit, scheme: str, watch: Watch
) -> None:
    page = visit("/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert barriers(page) == ""
    page.goto(gateway.url + "/#/p/LP-201")
    widget = Widget(page).open()
    fill(gateway, widget)
    assert barriers(page) == ""

    visit("/chat")
    expect(page.get_by_role("region", name="客服对话")).to_be_visible()
    expect(widget.bubble("想看哪一单？")).to_be_visible()
    assert barriers(page) == ""
    assert gateway.reports == []


def test_the_colours_follow_the_system_unless_the_shop_says_otherwise(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    widget = Widget(page).open()
    background = "panel => getComputedStyle(panel).backgroundColor"
    assert widget.panel.evaluate(background) == "rgb(255, 255, 255)"

    page.emulate_media(color_scheme="dark")
    assert widget.panel.evaluate(background) == "rgb(23, 28, 27)"
    page.evaluate("ShopChat('setColorScheme', 'light')")
    assert widget.panel.evaluate(background) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="light")
    page.evaluate("ShopChat('setColorScheme', 'dark')")
    assert widget.panel.evaluate(background) == "rgb(23, 28, 27)"


def test_on_a_phone_the_chat_fills_the_screen(gateway: ScriptedGateway, phone: Page, watch: Watch) -> None:
    watch.over(phone).goto(gateway.url + "/")
    widget = Widget(phone)
    widget.launcher.tap()

    assert widget.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(widget.launcher).to_be_hidden()
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert widget.field.evaluate(size) >= 16
    expect(widget.field).not_to_be_focused()
    for button in widget.panel.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 24
    expect(widget.say("在手机上")).to_contain_text("已发送")
    widget.panel.get_by_role("button", name="关闭").tap()
    expect(widget.launcher).to_be_visible()


def test_english_speaks_english(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/chat?locale=en")
    panel = page.get_by_role("region", name="Chat")
    expect(panel).to_contain_text("Assistant")
    expect(panel).to_have_attribute("lang", "en")
    page.get_by_label("Write your question…").fill("hello")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(panel.locator(".row", has_text="hello")).to_contain_text("Sent")
    assert barriers(page) == ""
    page.evaluate("ShopChat('setLocale', 'zh-CN')")
    expect(page.get_by_role("region", name="客服对话")).to_contain_text("智能客服")


def test_a_shop_that_styles_everything_does_not_reach_the_widget(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/plain")
    widget = Widget(page).open()

    expect(page.locator("zhanggui-chat")).to_have_count(1)  # though the page loads the script twice
    style = "element => { const s = getComputedStyle(element); return [s.color, s.fontSize, s.position] }"
    assert widget.panel.evaluate(style) == ["rgb(29, 37, 35)", "15px", "absolute"]
    assert page.locator("zhanggui-chat").evaluate("host => getComputedStyle(host).position") == "fixed"
    assert widget.panel.bounding_box()["width"] == 384  # type: ignore[index]


def test_commands_wait_for_the_widget_and_events_tell_of_it(gateway: ScriptedGateway, visit: Visit, page: Page) -> None:
    page.add_init_script("""
        window.heard = [];
        window.ShopChatSettings = { hideMessageBubble: true, identity: "jwt-C1001" };
        window.ShopChat = function () { (ShopChat.q = ShopChat.q || []).push(arguments) };
        for (const name of ["ready", "open", "close"]) ShopChat("on", name, () => heard.push(name));
        ShopChat("on", "unread", (count) => heard.push(count));
        ShopChat("on", "message", ({ text }) => heard.push(text));
        ShopChat("open");
    """)
    widget = Widget(visit("/plain"))

    expect(widget.panel).to_be_visible()
    expect(widget.launcher).to_have_count(0)
    assert gateway.session_requests == [{"identity": "jwt-C1001"}]
    expect(widget.say("你好")).to_contain_text("已发送")
    gateway.entry("bot", "您好")
    expect(widget.bubble("您好")).to_be_visible()
    page.evaluate("ShopChat.toggle()")
    gateway.entry("bot", "还在吗")

    gateway.wait_for(lambda: page.evaluate("heard.at(-1)") == 1)
    assert page.evaluate("heard") == ["ready", "open", "您好", "close", "还在吗", 1]


def test_the_product_on_the_page_is_sent_only_when_tapped(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("link", name="润绒口红 #01 豆沙巷").first.click()
    page.get_by_role("button", name="问问客服").click()
    widget = Widget(page)
    offer = widget.panel.locator(".product")
    expect(offer).to_contain_text("润绒口红 #01 豆沙巷")
    expect(offer).to_contain_text("¥99.00")
    assert gateway.received("say") == []

    offer.get_by_role("button", name="发送给客服").click()
    gateway.wait_for(lambda: gateway.said)

    said = gateway.received("say")[0]
    assert said["sku"] == "LP-201"
    assert "润绒口红 #01 豆沙巷" in said["text"]
    expect(offer).to_have_count(0)


def test_signing_in_leads_to_another_conversation_and_out_again(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    widget = Widget(page).open()
    expect(widget.say("匿名的话")).to_contain_text("已发送")

    page.get_by_label("以…登录").select_option("C1001")
    expect(widget.bubble("匿名的话")).to_have_count(0)
    expect(widget.say("林晓的话")).to_contain_text("已发送")
    assert gateway.session_requests[-1] == {"identity": "jwt-C1001"}

    widget = Widget(visit("/")).open()
    expect(widget.bubble("林晓的话")).to_be_visible()
    page.get_by_label("以…登录").select_option("")
    expect(widget.bubble("匿名的话")).to_be_visible()
    expect(widget.bubble("林晓的话")).to_have_count(0)
    assert "jwt-C1001" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_refused_identity_goes_on_anonymously_and_tells_the_page(
    gateway: ScriptedGateway, visit: Visit, page: Page, watch: Watch
) -> None:
    watch.faults_expected = True
    gateway.sessions_answer = [401]
    page.add_init_script("""
        window.heard = [];
        window.ShopChatSettings = { identity: "jwt-old" };
        window.ShopChat = function () { (ShopChat.q = ShopChat.q || []).push(arguments) };
        ShopChat("on", "error", ({ code }) => heard.push(code));
    """)
    widget = Widget(visit("/plain")).open()

    expect(widget.say("你好")).to_contain_text("已发送")
    assert gateway.session_requests == [{"identity": "jwt-old"}, {}]
    assert page.evaluate("heard") == ["identity_expired"]


def test_signing_out_leaves_nothing_on_the_device(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    widget = Widget(page).open()
    expect(widget.say("你好")).to_contain_text("已发送")
    widget.field.fill("没写完")

    page.evaluate("ShopChat.reset()")
    expect(widget.bubble("你好")).to_have_count(0)
    expect(widget.field).to_have_value("")

    assert "没写完" not in page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    gateway.wait_for(lambda: len(gateway.session_requests) == 2)


def test_the_privacy_line_is_shown_until_it_is_understood(gateway: ScriptedGateway, visit: Visit) -> None:
    widget = Widget(visit("/")).open()
    expect(widget.panel.get_by_role("link", name="管理我的数据")).to_have_count(0)  # only where the shop names a page
    widget.panel.get_by_role("button", name="知道了").click()

    expect(widget.panel).not_to_contain_text("管理我的数据")
    expect(Widget(visit("/")).open().panel).not_to_contain_text("管理我的数据")


def test_no_message_is_kept_in_the_browser(gateway: ScriptedGateway, visit: Visit) -> None:
    page = visit("/")
    expect(Widget(page).open().say("只有网关记得")).to_contain_text("已发送")
    gateway.entry("bot", "是的，只有网关")

    assert "只有网关" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_the_shop_has_shelves_products_partners_and_a_bag(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("link", name="母婴", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("母婴")
    expect(page.get_by_role("link", name="宽口玻璃奶瓶")).to_be_visible()

    page.goto(page.url.split("#")[0] + "#/p/LP-201")
    expect(page.get_by_role("heading", level=1)).to_have_text("润绒口红 #01 豆沙巷")
    expect(page.get_by_text("角鲨烷、牛油果脂、维生素E")).to_be_visible()
    page.get_by_role("button", name="加入购物袋").click()
    page.get_by_role("region", name="搭配推荐").get_by_role("link", name="柔光腮红").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("柔光腮红 藕粉")
    expect(page.get_by_text("仅剩 9 件")).to_be_visible()

    page.get_by_role("link", name="购物袋 1").click()
    expect(page.get_by_text("合计 ¥99.00")).to_be_visible()
    page.goto(page.url.split("#")[0] + "#/p/LP-203")
    expect(page.get_by_role("button", name="加入购物袋")).to_be_disabled()
    page.goto(page.url.split("#")[0] + "#/p/NONE")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这件商品")
