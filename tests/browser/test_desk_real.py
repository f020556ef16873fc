"""The desk over the real gateway: from the bot to a person and back, in the browsers of a shopper and two agents."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget
from tests.browser.desk_page import DeskPage, SignIn, sign_in
from tests.journeys.at_work import PASSWORD, staff_the_shop
from tests.journeys.conftest import Shop

__all__ = ["sign_in"]

SLOW = 15_000  # ms; the first turn of a process loads the models


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("desk")
    staff_the_shop(data, {"ann": ("agent", ["售后组"]), "bob": ("senior", ["售后组"]), "lea": ("lead", [])})
    shop = Shop(data, demo=True)
    yield shop.url
    shop.close()


@pytest.fixture
def shop_url(real_url: str) -> str:
    return real_url


def at_the_desk(sign_in: SignIn, login: str, status: str) -> DeskPage:
    desk = sign_in(login, PASSWORD)
    desk.page.get_by_role("button", name="我的状态").click()
    desk.page.get_by_role("menuitemradio", name=status).click()
    expect(desk.page.get_by_role("button", name=f"我的状态：{status}")).to_be_visible()
    return desk


def shopper(page: Page, url: str, customer: str | None = None) -> Widget:
    page.goto(url)
    page.wait_for_selector("main[data-ready=true]")
    if customer:
        page.get_by_label("以…登录").select_option(customer)
    return Widget(page).open()


def test_a_shopper_asks_for_a_person_is_served_and_rates(page: Page, sign_in: SignIn, shop_url: str) -> None:
    desk = at_the_desk(sign_in, "ann", "在线")
    widget = shopper(page, shop_url, "T001")
    widget.say("我的快递到哪了")
    expect(widget.log.locator(".card").first).to_be_visible(timeout=SLOW)
    widget.say("转人工")

    expect(desk.offer).to_contain_text("转人工", timeout=SLOW)
    expect(desk.offer).to_contain_text("我的快递到哪了")
    desk.offer.get_by_role("button", name="接受").click()
    expect(desk.entry("我的快递到哪了").first).to_be_visible()
    expect(desk.aside).to_contain_text("TO2001")
    expect(widget.panel).to_contain_text("人工客服 · Ann")

    expect(desk.say("您好，我是安，帮您催一下")).to_contain_text("已读")
    expect(widget.bubble("我是安，帮您催一下")).to_be_visible()
    desk.page.keyboard.press("Alt+KeyP")
    desk.field.fill("仓库说今晚发")
    desk.field.press("Enter")
    expect(desk.log.locator(".note")).to_contain_text("仓库说今晚发")
    widget.say("好的谢谢")
    expect(desk.entry("好的谢谢")).to_be_visible()
    assert desk.barriers() == ""

    desk.page.keyboard.press("Alt+KeyE")
    desk.dialog.get_by_text("发货物流").click()
    desk.dialog.get_by_text("已解决", exact=True).click()
    desk.dialog.get_by_role("button", name="结束会话").click()
    expect(desk.lock).to_contain_text("收尾")
    widget.log.get_by_label("已解决").locator("+ span").click()
    widget.log.get_by_role("button", name="提交评价").click()

    expect(widget.log).to_contain_text("感谢")
    expect(widget.log).not_to_contain_text("仓库说今晚发")
    desk.page.get_by_role("button", name="收尾完成").click()
    expect(desk.rows).to_have_count(0)
    desk.tab("已结束")
    expect(desk.rows.first).to_contain_text("客服解决")


def test_two_agents_take_one_entry_of_the_queue_and_one_has_it(page: Page, sign_in: SignIn, shop_url: str) -> None:
    first, second = at_the_desk(sign_in, "ann", "忙碌"), at_the_desk(sign_in, "bob", "忙碌")
    widget = shopper(page, shop_url)
    widget.say("转人工")
    desks = [first, second]
    for desk in desks:
        desk.tab("排队中")
        desk.rows.first.click(timeout=SLOW)
        expect(desk.page.get_by_role("button", name="接管")).to_be_visible()
    expect(first.page.get_by_text("Bob正在查看")).to_be_visible()
    # Both clicks are on their way before either is answered.
    for desk in desks:
        desk.page.evaluate("() => { setTimeout(() => document.querySelector('.lock .btn.main').click(), 300) }")

    expect(widget.panel).to_contain_text("人工客服", timeout=SLOW)
    for desk in desks:
        expect(desk.page.locator(".pane .who")).to_contain_text("接待")
    page.wait_for_timeout(500)
    owners = [desk for desk in desks if desk.page.get_by_role("button", name="发送", exact=True).count()]
    others = [desk for desk in desks if desk not in owners]
    assert len(owners) == 1
    name = "Ann" if owners[0] is first else "Bob"
    expect(others[0].page.locator(".pane")).to_contain_text(f"{name}")
    owners[0].say("我来帮您")
    expect(widget.bubble("我来帮您")).to_be_visible()
