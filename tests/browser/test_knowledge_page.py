"""A lead at the knowledge page, in a real browser: by keyboard, in both themes, without an axe finding."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pwdlib import PasswordHash

from assistant.imports.knowledge import rows_of
from crm_core.desk import agents
from crm_core.knowledge import articles, versions
from knowledge_base.ingestion.files import read_articles
from tests.journeys.conftest import Shop, render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

PASSWORD = "a password of the tea shop"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = ["articles", "gaps", "golden", "conflicts", "budgets"]
Lead = Callable[[str], Page]


@pytest.fixture(scope="module")
def tea_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The tea shop with a lead and an agent, some words of its log, and two answers that contradict."""
    data: Path = tmp_path_factory.mktemp("knowledge-page")
    record = open_record(Settings(data=data))
    for kind, path in render(data):
        import_kind(record, kind, [path])
    log = data / "chats.jsonl"
    log.write_text(
        "".join(
            f'{{"session_id": "c{nth}", "at": "2026-01-0{nth} 10:0{line}:00", "role": "{role}", "text": "{text}"}}\n'
            for nth, question in enumerate(("茶叶可以冷泡吗", "你们的茶能冷泡不", "想冷泡茶叶可以吗"), 1)
            for line, (role, text) in enumerate(
                [
                    ("shopper", question),
                    ("bot", "这个我没有查到资料"),
                    ("agent", "您好，绿茶白茶都可以冷泡，冷藏六小时。"),
                ]
            )
        ),
        encoding="utf-8",
    )
    import_kind(record, "chats", [log])
    sheet = data / "more.csv"
    sheet.write_text("问题,答案\n茶票怎么用,抵 10 元\n茶票怎么用吗,抵 20 元\n", encoding="utf-8")
    stored = PasswordHash.recommended().hash(PASSWORD)
    with record.transaction() as tx:
        agents.hire(tx, "lea", "李主管", "lead", stored)
        agents.hire(tx, "ann", "安安", "agent", stored)
        articles.replace_file(tx, "more.csv", rows_of(read_articles(sheet).articles), at=datetime.now(UTC), by="import")
    record.close()
    shop = Shop(data)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def shop_url(tea_shop: Shop) -> str:
    return tea_shop.url


@pytest.fixture
def enter(visit: Callable[..., Page], watch) -> Lead:
    watch.faults_expected = True  # 401 before somebody is signed in, 409 where golden cases refuse

    def go(view: str, login: str = "lea") -> Page:
        page = visit("/knowledge")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("密码").press("Enter")
        page.get_by_role("button", name="账号").wait_for()
        page.goto(f"{page.url.split('#')[0]}#{view}")
        return page

    return go


def settle(page: Page) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_usable_by_everybody(enter: Lead, view: str, theme: str) -> None:
    page = enter(view)
    page.evaluate("theme => window.staffTheme(theme)", theme)
    settle(page)
    assert page.locator(".page .inner").inner_text()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_an_article_is_written_tried_and_published_by_keyboard(enter: Lead) -> None:
    page = enter("articles")
    page.get_by_role("link", name="写一条").press("Enter")
    expect(page.get_by_label("问题", exact=True)).to_be_focused()
    page.keyboard.type("可以寄到台湾吗")
    page.keyboard.press("Tab")
    page.keyboard.type("目前寄不到台湾。")
    page.get_by_label("试问一句").fill("能不能寄台湾")
    expect(page.get_by_role("heading", name="改了以后")).to_be_visible()
    expect(page.locator(".hits .mine")).to_contain_text("目前寄不到台湾")
    page.get_by_role("button", name="发布").press("Enter")
    expect(page.get_by_role("status").filter(has_text="已经发布")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="可以寄到台湾吗").first).to_contain_text("已发布")
    page.get_by_label("答案").fill("可以寄到台湾，运费到付。")
    page.get_by_role("button", name="存草稿").press("Enter")
    expect(page.get_by_text("草稿（旧版在用）").first).to_be_visible()
    page.get_by_role("button", name=re.compile("看.*第 2 版.*改了什么")).press("Enter")
    expect(page.locator("ins").first).to_be_visible()


def test_looking_elsewhere_and_somebody_elses_edit_lose_nothing_that_was_written(enter: Lead, tea_shop: Shop) -> None:
    page = enter("articles")
    page.get_by_label("搜索").fill("可以开发票吗")
    page.locator(".list a", has_text="可以开发票吗").click()
    page.get_by_label("答案").fill("可以，付款后就能开。")
    page.goto(f"{page.url.split('#')[0]}#golden")
    page.get_by_role("button", name="加一个").wait_for()
    page.go_back()
    expect(page.get_by_label("答案")).to_have_value("可以，付款后就能开。")
    article = page.url.rpartition("/")[2]
    record = tea_shop.gateway.assistant.record
    with record.reading() as tx:
        before = versions.newest(tx, article)
    record.write(
        lambda tx: versions.write(
            tx,
            article,
            replace(before.content, text="可以，发货后开。"),
            "draft",
            seen=before.number,
            origin="page",
            at=datetime.now(UTC),
            by="ada",
            reason="",
        )
    ).result()
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("status").filter(has_text="刚被别人改过")).to_be_visible()
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_role("status").filter(has_text="请核对")).to_be_visible()
    expect(page.get_by_label("答案")).to_have_value("可以，付款后就能开。")
    page.get_by_role("button", name="放弃修改").click()
    expect(page.get_by_label("答案")).to_have_value("可以，发货后开。")


def test_a_golden_case_stands_in_the_way_and_says_what_would_change(enter: Lead) -> None:
    page = enter("golden")
    page.get_by_role("button", name="加一个").click()
    page.get_by_label("买家这样问").fill("满多少包邮")
    page.get_by_text("回答里有这些字").click()
    page.get_by_label("必须有的字").fill("59元")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("1 个用例，1 个和要求的一样")).to_be_visible()
    page.goto(f"{page.url.split('#')[0]}#articles")
    page.get_by_label("搜索").fill("满多少包邮")
    page.locator(".list a", has_text="满多少包邮").click()
    page.get_by_label("答案").fill("不包邮。")
    page.get_by_role("button", name="发布").click()
    dialog = page.get_by_role("dialog", name="没有发布：有黄金用例的回答会变")
    expect(dialog).to_contain_text("全店满59元包邮")
    expect(dialog).to_contain_text("不包邮。")
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []
    expect(dialog.get_by_role("button", name="仍然发布")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(".list a", has_text="满多少包邮")).to_contain_text("草稿（旧版在用）")


def test_a_gap_becomes_a_draft_with_what_a_person_said(enter: Lead) -> None:
    page = enter("gaps")
    page.get_by_role("button", name="重新看聊天记录").click()
    gap = page.locator(".list a", has_text="冷泡")
    expect(gap).to_contain_text("3 段会话")
    gap.click()
    expect(page.locator("blockquote")).to_have_text("绿茶白茶都可以冷泡，冷藏六小时。")
    page.get_by_role("button", name="做成草稿").click()
    expect(page.get_by_label("答案")).to_have_value("绿茶白茶都可以冷泡，冷藏六小时。")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="已经发布")).to_be_visible()


def test_conflicts_show_both_answers(enter: Lead) -> None:
    page = enter("conflicts")
    finding = page.locator(".findings li", has_text="茶票")
    expect(finding).to_contain_text("抵 10 元")
    expect(finding).to_contain_text("抵 20 元")


def test_a_budget_is_moved_by_arrow_keys_and_kept(enter: Lead) -> None:
    page = enter("budgets")
    slider = page.get_by_role("slider", name="全店（没有单独设定的）：最多答错多少")
    expect(slider).to_have_attribute("aria-valuetext", "最多答错 5%")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "最多答错 8%")
    slider.press("End")
    first = page.locator(".budgets li").first
    first.get_by_role("button", name="就按这个").press("Enter")
    expect(first).to_contain_text("最多错 20%")


def test_an_agent_is_told_that_the_page_is_for_leads(enter: Lead) -> None:
    page = enter("articles", "ann")
    expect(page.get_by_text("这一页由主管和管理员使用")).to_be_visible()


def test_a_file_that_breaks_a_golden_case_is_brought_in_only_for_a_reason(enter: Lead) -> None:
    page = enter("articles")
    name = page.evaluate(
        "fetch('/api/knowledge?q=发什么快递').then((a) => a.json()).then((a) => a.items[0].source.file)"
    )
    case = {"question": "发什么快递", "expects": "text", "text": "中通"}
    page.evaluate(
        "body => fetch('/api/knowledge/golden', {method: 'POST', headers: {'content-type': 'application/json'}, body})",
        json.dumps(case),
    )
    sheet = "问题,答案\n发什么快递,只发邮政\n".encode()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="导入").click()
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": sheet})
    dialog = page.get_by_role("dialog", name="没有发布：有黄金用例的回答会变")
    expect(dialog).to_contain_text("发什么快递")
    dialog.get_by_label("要仍然发布，请写明原因").fill("换了快递")
    dialog.get_by_role("button", name="仍然发布").click()
    expect(page.get_by_role("status").filter(has_text="读了 1 条")).to_be_visible()
    expect(dialog).to_have_count(0)
