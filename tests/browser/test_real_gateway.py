"""The same pages over the real gateway and a small tea shop."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget
from tests.browser.test_pages import barriers
from tests.journeys.conftest import Shop, tea_shop_data

__all__ = ["tea_shop_data"]

Visit = Callable[..., Page]
ANSWERED = 15_000  # ms; the first answer of a process loads the models


@pytest.fixture(scope="module")
def real_url(tea_shop_data: Path) -> Iterator[str]:
    shop = Shop(tea_shop_data, demo=True)
    yield shop.url
    shop.close()


@pytest.fixture
def shop_url(real_url: str) -> str:
    return real_url


def test_a_question_is_answered_from_the_knowledge_with_its_source(visit: Visit) -> None:
    widget = Widget(visit("/")).open()
    expect(widget.say("你们用什么快递发货")).to_contain_text("已发送")

    answer = widget.log.locator(".row.bot")
    expect(answer).to_contain_text("中通", timeout=ANSWERED)
    expect(answer).to_contain_text("AI 生成")
    answer.get_by_text("来源").click()
    expect(answer.locator("li").first).to_contain_text("知识库")
    assert barriers(widget.page) == ""


def test_a_customer_who_signs_in_is_told_of_their_own_order(visit: Visit) -> None:
    page = visit("/")
    page.get_by_label("以…登录").select_option("T001")
    widget = Widget(page).open()
    widget.say("我的快递到哪了")

    expect(widget.log.locator(".card").first).to_contain_text("TO2001", timeout=ANSWERED)
    second = Widget(visit("/chat", tab=page.context.new_page()))
    second.page.evaluate("ShopChat.reset()")
    expect(second.log).not_to_contain_text("TO2001")


def test_two_tabs_and_a_reload_show_one_conversation(visit: Visit) -> None:
    page = visit("/chat")
    first = Widget(page)
    expect(first.say("龙井要不要放冰箱里存")).to_contain_text("已发送")
    expect(first.log).to_contain_text("冷藏", timeout=ANSWERED)

    second = Widget(visit("/chat", tab=page.context.new_page()))
    expect(second.log).to_contain_text("冷藏")
    second.say("能开发票吗")
    expect(first.log).to_contain_text("电子普通发票", timeout=ANSWERED)

    told = first.log.locator(".say").all_inner_texts()
    assert Widget(visit("/chat")).log.locator(".say").first.inner_text() == told[0]
    assert len(told) == len(set(told)) == 4


def test_what_the_bot_does_not_know_leads_to_a_person(visit: Visit) -> None:
    widget = Widget(visit("/chat"))
    widget.say("你们老板今年多大岁数")

    widget.log.get_by_role("button", name="转人工").click(timeout=ANSWERED)
    expect(widget.bubble("转人工").last).to_be_visible()
