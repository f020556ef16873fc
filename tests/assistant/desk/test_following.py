"""Promises and enquiries in what was said: which words make one, and what keeps a promise."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.desk.enquiries import enquiry_of, may_be, sku_named
from assistant.desk.left_behind import left_by, phone_in
from assistant.desk.promises import kept_by, promises_of
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke, Source
from crm_core.conversations.movements import HandoffRequested, MessageLeft, SessionClosed
from crm_core.desk.promises import Promise
from nlp.reading.fulfilments import fulfilments_in
from nlp.reading.reading import Reader

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # 15:30 in the shop


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def entry(event: object, seq: int = 5, at: datetime = NOW) -> Entry:
    return Entry("c1", seq, at, event)  # type: ignore[arg-type]


def of(event: object) -> list[tuple[str, str, str | None]]:
    found = promises_of(entry(event), SHANGHAI, session="c1:1", customer="C1")
    return [(one.topic, one.due_at.astimezone(SHANGHAI).isoformat(timespec="minutes"), one.made_by) for one in found]


def test_an_agent_s_promise_is_due_by_the_shop_s_clock() -> None:
    assert of(AgentSpoke("亲，明天下班前给您回复哦", "ann")) == [("reply", "2026-11-25T18:00+08:00", "ann")]


def test_a_rule_that_the_bot_quotes_is_no_promise_and_its_word_on_a_case_is_one() -> None:
    said = "我帮您催一下仓库，今天一定给您发出"
    rule, case = (Source("article", "a1"),), (Source("article", "a1"), Source("order", "A1"))
    assert of(BotReplied(said, 4, "answer", sources=rule)) == []
    assert [one[0] for one in of(BotReplied(said, 4, "answer", sources=case))] == ["dispatch"]
    assert of(BotReplied(said, 4, "unsure")) == []
    assert of(ShopperSpoke(said, "m1")) == []


def promised(topic: str, at: datetime = NOW) -> Promise:
    return Promise(
        "P1", "c1", "c1:1", "C1", 5, 0, 4, "…", topic, "ann", "ann", at, at + timedelta(days=1), True, "open",
        None, None, None, None, "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "said", "later", "kept"),
    [
        ("refund", "退款已经给您退回了，请查收", 1, True),
        ("refund", "您的情况我反馈给财务了，稍等", 60, False),
        ("compensate", "补发的已经寄出，单号SF1234567890", 60, True),
        ("dispatch", "还没有发货，麻烦再等等", 60, False),
        ("reply", "核实过了，仓库昨天漏发了一件", 1, True),
        ("reply", "这款是纯棉的，可以机洗", 1, False),
        ("reply", "这款是纯棉的，可以机洗", 60, True),
        ("reply", "请稍等", 60, False),
        ("reply", "您好，在的", 60, False),
        ("check", "明天下班前给您回复", 60, False),
        ("urge", "已经帮您催过快递了", 1, True),
    ],
)
def test_what_keeps_a_promise(topic: str, said: str, later: int, kept: bool) -> None:
    at = NOW + timedelta(minutes=later)
    found = kept_by([promised(topic)], at, fulfilments_in(said, at.astimezone(SHANGHAI)))
    assert bool(found) is kept


@pytest.mark.parametrize(
    ("said", "quantity", "custom"),
    [
        ("我要50个，什么价？", 50, False),
        ("这款500件起能便宜多少", 500, False),
        ("可以定制logo吗，200个多少钱", 200, True),
        ("学校想采购20台，价格怎么说", 20, False),
        ("我要100个\n什么价格", 100, False),
        ("刻字的话要加钱吗", None, True),
    ],
)
def test_a_price_for_many_or_made_to_order_is_an_enquiry(
    reader: Reader, said: str, quantity: int | None, custom: bool
) -> None:
    assert may_be(said)
    asked = enquiry_of(reader.read(said, NOW.astimezone(SHANGHAI)), 5)
    assert asked is not None
    assert (asked.quantity, asked.custom) == (quantity, custom)


@pytest.mark.parametrize(
    "said", ["这个多少钱", "买两件有优惠吗", "一箱多少瓶", "发什么快递", "我买的50个杯子什么时候发货", "第3天了还没到"]
)
def test_retail_is_no_enquiry(reader: Reader, said: str) -> None:
    assert not may_be(said) or enquiry_of(reader.read(said, NOW.astimezone(SHANGHAI)), 5) is None


def test_which_product_is_meant() -> None:
    assert sku_named([["A", "B"], ["C"]], "D", "E") == "C"
    assert sku_named([["A", "B"]], "D", "E") == "D"
    assert sku_named([], None, "E") == "E"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("打我电话 138 0000 1234", "13800001234"),
        ("单号1380000123456", None),
        ("13800001234或13900001234", "13900001234"),
    ],
)
def test_the_number_a_shopper_gives(text: str, number: str | None) -> None:
    assert phone_in(text) == number


def test_what_a_session_leaves_behind() -> None:
    spoken = [entry(ShopperSpoke("茶叶受潮了", "m1"), 2), entry(ShopperSpoke("打13800001234", "m2", order="A1"), 3)]
    left = left_by(entry(MessageLeft("closed")), "c1:1", "C1", spoken)
    assert left is not None
    assert (left.ticket.type, left.ticket.phone, left.ticket.order) == ("callback", "13800001234", "A1")
    assert left.ticket.summary == "留言（人工客服已下班）：茶叶受潮了；打13800001234"
    urgent = left_by(entry(HandoffRequested("lost", 1, "丢了", ticket="lost_parcel")), "c1:1", None, spoken)
    assert urgent is not None
    assert (urgent.ticket.type, urgent.ticket.details["rule"]) == ("lost_parcel", "lost")
    assert left_by(entry(HandoffRequested("asked", 1, "人工")), "c1:1", None, spoken) is None
    gone = left_by(entry(SessionClosed("abandoned_in_queue")), "c1:1", None, spoken)
    assert gone is not None
    assert gone.only_with_phone
    assert left_by(entry(SessionClosed("bot_assumed")), "c1:1", None, spoken) is None
