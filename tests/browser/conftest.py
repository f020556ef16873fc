"""A real Chromium against a gateway of this machine; what every page must keep is checked after every test."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis  # noqa: F401  its plugin imports it at the very end, when CPython 3.11 can no longer compile it: greenlets ran
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from tests.browser.scripted_gateway import ScriptedGateway, application, serve
from tests.conftest import skip_unless_everything

CHROMIUM = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: an asyncio test after them fails in the loop that Playwright keeps."""
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not CHROMIUM:
        skip_unless_everything("no Chromium: apt-get install chromium fonts-noto-cjk, or set E2E_CHROMIUM")
    return {**browser_type_launch_args, "executable_path": CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def scripted() -> Iterator[ScriptedGateway]:
    gateway = ScriptedGateway()
    gateway.url, stop = serve(application(gateway), gateway)
    yield gateway
    stop()


@pytest.fixture
def gateway(scripted: ScriptedGateway) -> ScriptedGateway:
    """The scripted gateway, with a clean slate."""
    scripted.reset()
    return scripted


@pytest.fixture
def shop_url(gateway: ScriptedGateway) -> str:
    """Where the shop is. A module that drives the real gateway overrides this fixture, and all else stays."""
    return gateway.url


@dataclass
class Watch:
    """What pages did that no page should."""

    host: str
    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    faults_expected: bool = False  # a test that cuts the line sees the browser complain about it

    def over(self, page: Page) -> Page:
        """Watch a page."""

        def hear(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.console.append(message.text)

        def see(request: Request) -> None:
            if not request.url.startswith((self.host, "data:")):
                self.outside.append(request.url)

        page.on("console", hear)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", see)
        page.on("websocket", lambda line: line.url.startswith("ws://127.0.0.1:") or self.outside.append(line.url))
        return page


@pytest.fixture
def watch(shop_url: str) -> Iterator[Watch]:
    watching = Watch(shop_url)
    yield watching
    assert watching.outside == []
    if not watching.faults_expected:
        assert watching.console == []


@pytest.fixture
def visit(page: Page, shop_url: str, watch: Watch) -> Callable[..., Page]:
    """Open a path of the shop in a watched page: `visit("/")`, or in another page of the same browser context."""
    watch.over(page)

    def go(path: str = "/", *, tab: Page | None = None) -> Page:
        target = watch.over(tab) if tab else page
        target.goto(shop_url + path)
        if path.split("?")[0].split("#")[0] == "/":
            target.wait_for_selector("main[data-ready=true]")
        return target

    return go


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page on a phone."""
    context: BrowserContext = browser.new_context(
        **{**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    )
    yield context.new_page()
    context.close()


class Widget:
    """The widget on a page, as a shopper sees it."""

    def __init__(self, page: Page):
        self.page = page
        self.launcher = page.locator("zhanggui-chat .launcher")
        self.panel = page.get_by_role("dialog", name="客服对话")
        self.log = page.get_by_role("log")
        self.field = page.locator("zhanggui-chat textarea")

    def open(self) -> "Widget":
        """Open it by its launcher, and wait until the line stands."""
        self.launcher.click()
        self.panel.wait_for()
        return self

    def say(self, text: str) -> Locator:
        """Type a message and send it; returns its bubble."""
        self.field.fill(text)
        self.field.press("Enter")
        return self.bubble(text)

    def bubble(self, text: str) -> Locator:
        """The row of an entry with this text."""
        return self.page.locator("zhanggui-chat .row", has_text=text)
