"""The desk as an agent uses it, over the scripted gateway: fixtures that the desk's tests import."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Watch
from tests.browser.scripted_desk import CUSTOMER, PACKET, ScriptedDesk, desk_application
from tests.browser.scripted_gateway import serve

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


class DeskPage:
    """One agent's browser."""

    def __init__(self, page: Page):
        self.page = page
        self.rows = page.locator(".sessions .row")
        self.log = page.get_by_role("log")
        self.field = page.locator(".composer textarea")
        self.aside = page.get_by_role("complementary", name="顾客资料")
        self.dialog = page.get_by_role("dialog")
        self.offer = page.get_by_role("region", name="新会话邀请")
        self.lock = page.locator(".lock")

    def sign_in(self, login: str, password: str = "right") -> "DeskPage":
        """Sign in on the page that is open."""
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_role("button", name="我的状态").wait_for()
        return self

    def tab(self, name: str) -> "DeskPage":
        """Choose a tab of the list."""
        self.page.get_by_role("tab", name=name).click()
        return self

    def row(self, session: str) -> Locator:
        """The row of a session."""
        return self.page.locator(f'.sessions [data-session="{session}"]')

    def open(self, session: str) -> "DeskPage":
        """Open a session by its row and wait until its conversation stands."""
        self.row(session).click()
        self.log.wait_for()
        return self

    def say(self, text: str) -> Locator:
        """Write and send; returns the entry."""
        self.field.fill(text)
        self.field.press("Enter")
        return self.entry(text)

    def entry(self, text: str) -> Locator:
        """The entry with this text."""
        return self.log.locator(".entry", has_text=text)

    def barriers(self) -> str:
        """What axe finds, in words."""
        found = Axe().run(self.page, options={"runOnly": RULES})
        return "" if found.violations_count == 0 else found.generate_report()


SignIn = Callable[..., DeskPage]


@pytest.fixture(scope="module")
def desk_server() -> Iterator[ScriptedDesk]:
    gateway = ScriptedDesk()
    gateway.url, stop = serve(desk_application(gateway), gateway)
    yield gateway
    stop()


@pytest.fixture
def gateway(desk_server: ScriptedDesk) -> ScriptedDesk:
    """The scripted desk, with a clean slate."""
    desk_server.reset()
    return desk_server


@pytest.fixture
def shop_url(gateway: ScriptedDesk) -> str:
    return gateway.url


@pytest.fixture
def sign_in(browser: Browser, browser_context_args: dict[str, object], shop_url: str, watch: Watch) -> Iterator[SignIn]:
    """Sign an agent in, each in a browser of their own: `sign_in("wang")`."""
    contexts = []

    def enter(login: str = "wang", password: str = "right", **more: object) -> DeskPage:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **browser_context_args, **more})  # type: ignore[arg-type]
        contexts.append(context)
        page = watch.over(context.new_page())
        page.goto(shop_url + "/desk")
        return DeskPage(page).sign_in(login, password)

    yield enter
    for context in contexts:
        context.close()


def served(gateway: ScriptedDesk, **more: object) -> str:
    """林晓's session, served by 王珂: handed over, with a customer, a packet and some words."""
    lines = [("shopper", "我的快递到哪了"), ("bot", "中通 7312 已到武汉分拣中心。"), ("shopper", "三天没动了！！！")]
    defaults = {
        "packet": PACKET,
        "customer": CUSTOMER,
        "customer_id": "C1001",
        "tier": "金卡",
        "lines": lines,
        "waits": 30,
    }
    return gateway.session("林晓", "active", owner="wang", **{**defaults, **more})  # type: ignore[arg-type]
