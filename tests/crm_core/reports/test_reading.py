"""What the desk reads, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_core.commerce.tables import order_lines, orders
from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, SessionClosed, SessionOpened, ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.customers import learning
from crm_core.database import Database
from crm_core.reports import finding, session_list
from crm_core.reports.one_customer import one_customer
from crm_core.reports.session_list import OPEN, Wanted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def shop(database: Database) -> Database:
    """Two customers with an order each, and a conversation of three sessions, the last one open."""
    with database.transaction() as tx:
        for n in (1, 2):
            phone = f"1381234567{n}"
            row = {"id": f"C{n}", "name": "王小美", "phone": phone, "member_level": "金卡", "extra": {}}
            learning.learn(tx, [row], [[("phone", phone)]])
            order = {"id": n, "platform": "", "order_id": f"TO90{n}", "customer_id": f"C{n}", "ordered_at": NOW}
            tx.execute(orders.insert(), [order])
            line = {"order_row": n, "sku": "S", "title": "茶", "status": "refunding", "extra": {}, "paid_amount": 900}
            tx.execute(order_lines.insert(), [{**line, "tracking_no": f"SF{n}"}])
        for n in range(3):
            at = NOW + timedelta(hours=n)
            said = ShopperSpoke(f'第{n}次，100%_的 "茶"', f"m{n}")
            closed = [] if n == 2 else [(SessionClosed("bot_assumed"), None)]
            events = [(SessionOpened("web"), None), (said, said.client_id), (BotReplied("好的", 0, "answer"), None)]
            timeline.append(tx, Thread("c", "C1"), [*events, *closed], at=at)
    return database


@pytest.mark.parametrize("q", ["TO901", "TO90", "TO9", "SF1"])
def test_an_order_is_found_by_number_beginning_or_parcel_and_whose_it_is_is_told(shop: Database, q: str) -> None:
    with shop.reading() as tx:
        found = {one.order.number: one.customer for one in finding.orders_by(tx, q, 10)}
        assert found["TO901"] == "C1"
        assert finding.orders_by(tx, "O901", 10) == []
        assert finding.orders_by(tx, "茶", 10) == []


def test_words_are_found_with_the_session_in_which_they_were_said(shop: Database) -> None:
    with shop.reading() as tx:
        found = finding.words_by(tx, '100%_的 "茶"', 10)
        assert [(one.entry.seq, one.session, one.customer) for one in found] == [
            (10, "c:9", "C1"),
            (6, "c:5", "C1"),
            (2, "c:1", "C1"),
        ]
        assert finding.words_by(tx, "100__的", 10) == []


def test_customers_are_found_by_the_end_of_their_phone(shop: Database) -> None:
    with shop.reading() as tx:
        assert [one.customer.id for one in finding.customers_by(tx, "5672", 10)] == ["C2"]
        assert [one.customer.id for one in finding.customers_by(tx, "138-1234-5671", 10)] == ["C1"]
        assert finding.customers_by(tx, "1381", 10) == []


def test_one_customer_is_read_with_everything(shop: Database) -> None:
    with shop.reading() as tx:
        one = one_customer(tx, "C1")
        assert one is not None
        assert (one.name, one.phone, one.worth.orders, one.worth.paid) == ("王小美", "13812345671", 1, 900)
        assert [episode.id for episode in one.episodes] == ["c:9", "c:5", "c:1"]
        assert [order.number for order, _ in one.after_sales] == ["TO901"]
        assert one_customer(tx, "C3") is None


def test_sessions_are_listed_in_pages_and_read_from_their_first_entry_to_their_last(shop: Database) -> None:
    with shop.reading() as tx:
        first = session_list.listed(tx, Wanted(customer="C1"), 2)
        rest = session_list.listed(tx, Wanted(customer="C1", after=session_list.cursor(first[-1])), 2)
        assert [one.id for one in (*first, *rest)] == ["c:9", "c:5", "c:1"]
        (now,) = session_list.listed(tx, Wanted(states=OPEN))
        assert (now.id, now.name, now.tier, now.seq) == ("c:9", "王小美", "金卡", 11)
        assert now.last is not None
        assert now.last.seq == 11
        assert [entry.seq for entry in session_list.entries_of(tx, "c:5")] == [5, 6, 7, 8]
        assert [entry.seq for entry in session_list.before(tx, "c", 5, 3)] == [2, 3, 4]
        between = Wanted(since=NOW + timedelta(minutes=30), until=NOW + timedelta(minutes=90))
        assert [one.id for one in session_list.listed(tx, between)] == ["c:5"]


@pytest.mark.parametrize("name", ["", "c", "c:", "c:x", "c:99999999999999999999", "c:-1"])
def test_what_is_no_session_has_no_place(name: str) -> None:
    assert session_list.place_of(name) == ("", 0)
