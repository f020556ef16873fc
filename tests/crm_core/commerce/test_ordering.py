"""Orders laid over orders."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm_core.commerce import orders
from crm_core.commerce.ordering import Told, lay
from crm_core.customers import customers, guests
from crm_core.database import Database, Tx

AT = datetime(2026, 5, 1, tzinfo=UTC)


def line(sku: str = "A", status: str = "paid", repeat: int = 0, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "repeat": repeat, "status": status, **more}


def told(*lines: dict[str, Any], customer: str = "C1", platform: str = "", **more: Any) -> Told:
    return Told(platform, "O1", customer, AT, more.pop("city", None), lines, **more)


def status_after(tx: Tx, *statuses: str) -> str:
    customers.ensure(tx, ["C1"])
    for status in statuses:
        lay(tx, [told(line(status=status))])
    return orders.orders_of(tx, "C1")[0].status


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [
        (("pending", "paid", "shipped"), "shipped"),
        (("finished", "shipped"), "finished"),
        (("delivered", "refunding"), "refunding"),
        (("refunding", "finished"), "finished"),
        (("refunded", "finished"), "refunded"),
        (("cancelled", "refunded"), "refunded"),
        (("cancelled", "paid"), "cancelled"),
    ],
)
def test_an_order_moves_forward_and_ends_once(sqlite_database: Database, statuses: tuple[str, ...], kept: str) -> None:
    with sqlite_database.transaction() as tx:
        assert status_after(tx, *statuses) == kept


def test_an_older_status_is_told_apart_from_a_concluded_one(database: Database) -> None:
    with database.transaction() as tx:
        customers.ensure(tx, ["C1"])
        lay(tx, [told(line(status="delivered"))])
        assert lay(tx, [told(line(status="paid"))]).older == {0: ("paid", "delivered")}
        assert lay(tx, [told(line(status="paid"), assumed=frozenset({0}))]).older == {}
        lay(tx, [told(line(status="refunding"))])
        lay(tx, [told(line(status="delivered"), assumed=frozenset({0}))])
        assert orders.orders_of(tx, "C1")[0].status == "refunding"


def test_new_lines_join_and_the_same_order_again_changes_nothing(database: Database) -> None:
    with database.transaction() as tx:
        customers.ensure(tx, ["C1"])
        both = told(line("A", paid_amount=9), line("A", repeat=1, paid_amount=8), line("B"), city="杭州市")
        assert lay(tx, [told(line("A", paid_amount=9))]).changed == [True]
        assert lay(tx, [both]).changed == [True]
        assert lay(tx, [both]).changed == [False]
        (order,) = orders.orders_of(tx, "C1")
    assert [(one.sku, one.paid_amount) for one in order.lines] == [("A", 9), ("A", 8), ("B", None)]
    assert order.receiver_city == "杭州市"


def test_a_sheet_that_does_not_know_the_buyer_takes_the_order_from_nobody(database: Database) -> None:
    guest = guests.of_order("jd", "O1")
    with database.transaction() as tx:
        customers.ensure(tx, ["C1", "C2", guest])
        lay(tx, [told(line(), platform="jd")])
        assert lay(tx, [told(line(), platform="jd", customer=guest)]).changed == [False]
        laid = lay(tx, [told(line(), platform="jd", customer="C2")])
        assert (laid.changed, laid.moved) == ([True], {0: "C1"})
        assert len(orders.orders_of(tx, "C2")) == 1


def test_one_number_on_two_platforms_is_two_orders(database: Database) -> None:
    with database.transaction() as tx:
        customers.ensure(tx, ["C1"])
        lay(tx, [told(line(), platform="jd"), told(line(), platform="pdd")])
        assert {order.platform for order in orders.orders_of(tx, "C1")} == {"jd", "pdd"}
