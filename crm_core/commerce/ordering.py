"""Orders as a shop's systems tell them, laid over what the record knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.changes import filled, over, put
from crm_core.commerce.tables import order_lines, orders
from crm_core.customers.guests import is_guest
from crm_core.database import Tx

# An order moves this way and never back: a sheet that says otherwise is older than what the record holds.
COURSE = ("pending", "paid", "shipped", "delivered", "finished")
ENDED = ("refunded", "cancelled")


@dataclass(frozen=True)
class Told:
    """An order with those of its lines that are told of.

    A line names `sku`, `repeat` and `status` and any columns of `order_lines`; None takes nothing away. A status in
    `assumed` (by place of the line) was concluded from times and yields to one that is known.
    """

    platform: str
    order_id: str
    customer_id: str
    ordered_at: datetime
    receiver_city: str | None
    lines: Sequence[Mapping[str, Any]]
    assumed: frozenset[int] = frozenset()


@dataclass
class Laid:
    """Which of the orders told changed the record, and whose statuses were older than what it holds."""

    changed: list[bool]
    older: dict[int, tuple[str, str]] = field(default_factory=dict)  # place → (status told, status kept)
    moved: dict[int, str] = field(default_factory=dict)  # place → the customer who had it before


def lay(tx: Tx, told: Sequence[Told]) -> Laid:
    """Lay orders over the record; each order comes at most once."""
    laid = Laid([False] * len(told))
    numbers = _heads(tx, told, laid)
    rows: list[dict[str, Any]] = []
    place_of: list[int] = []
    assumed: set[tuple[int, str, int]] = set()
    for place, one in enumerate(told):
        for nth, line in enumerate(one.lines):
            row = {**line, "order_row": numbers[place]}
            if nth in one.assumed:
                assumed.add((row["order_row"], row["sku"], row["repeat"]))
            rows.append(row)
            place_of.append(place)
    older: dict[tuple[int, str, int], tuple[str, str]] = {}

    def lay_line(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        row = over(known, filled(said))
        status = known["status"]
        if status is not None:
            at = (said["order_row"], said["sku"], said["repeat"])
            row["status"] = _later(status, said["status"], is_assumed=at in assumed)
            if row["status"] != said["status"] and at not in assumed:
                older[at] = (said["status"], row["status"])
        return row

    known_rows = order_lines.c.order_row.in_(list(dict.fromkeys(numbers)))
    changed = put(tx, order_lines, rows, fresh={"extra": {}, "quantity": 1}, among=known_rows, lay=lay_line)
    for place, row, differs in zip(place_of, rows, changed, strict=True):
        laid.changed[place] = laid.changed[place] or differs
        at = (row["order_row"], row["sku"], row["repeat"])
        if at in older:
            laid.older[place] = older[at]
    return laid


def hand_over(tx: Tx, guests: Mapping[str, str]) -> None:
    """Give the orders of buyers who had no name to the customers they turned out to be: (guest, customer) each."""
    for guest, customer in guests.items():
        tx.execute(orders.update().where(orders.c.customer_id == guest).values(customer_id=customer))


def _later(known: str, said: str, *, is_assumed: bool) -> str:
    """Which of two statuses of a line holds."""
    if known in COURSE and said in COURSE:
        return max(known, said, key=COURSE.index)
    if known in ENDED:
        return said if said in ENDED else known
    # A refund that is asked for may be withdrawn, so any told status follows it; a concluded one knows of no refund.
    return known if is_assumed else said


def _heads(tx: Tx, told: Sequence[Told], laid: Laid) -> list[int]:
    """The row of each order, inserted or changed as told."""
    known: dict[str, list[Any]] = {}
    for row in tx.execute(sa.select(orders).where(orders.c.order_id.in_([one.order_id for one in told]))):
        known.setdefault(row.order_id, []).append(row)
    numbers: list[int | None] = []
    fresh: dict[tuple[str, str], dict[str, Any]] = {}
    for place, one in enumerate(told):
        head = _same(known.get(one.order_id, ()), one.platform)
        if head is None:
            fresh[one.platform, one.order_id] = {
                "platform": one.platform,
                "order_id": one.order_id,
                "customer_id": one.customer_id,
                "ordered_at": one.ordered_at,
                "receiver_city": one.receiver_city,
            }
            numbers.append(None)
            laid.changed[place] = True
            continue
        numbers.append(head.id)
        values = _changed_head(head, one)
        if "customer_id" in values:
            laid.moved[place] = head.customer_id
        if values:
            tx.execute(orders.update().where(orders.c.id == head.id).values(**values))
            laid.changed[place] = True
    made: dict[tuple[str, str], int] = {}
    if fresh:
        insert = orders.insert().returning(orders.c.platform, orders.c.order_id, orders.c.id)
        made = {(row.platform, row.order_id): row.id for row in tx.execute(insert, list(fresh.values()))}
    return [
        made[one.platform, one.order_id] if number is None else number
        for number, one in zip(numbers, told, strict=True)
    ]


def _same(heads: Sequence[Any], platform: str) -> Any | None:
    """The order meant: of this platform, or of none where one side does not say."""
    exact = [head for head in heads if head.platform == platform]
    if exact:
        return exact[0]
    if platform == "":
        return heads[0] if len(heads) == 1 else None
    unsaid = [head for head in heads if head.platform == ""]
    return unsaid[0] if unsaid else None


def _changed_head(head: Any, one: Told) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if one.platform and head.platform != one.platform:
        values["platform"] = one.platform
    # A sheet that knows the buyer by a blanked-out name takes the order from nobody.
    if head.customer_id != one.customer_id and not is_guest(one.customer_id):
        values["customer_id"] = one.customer_id
    if head.ordered_at != one.ordered_at:
        values["ordered_at"] = one.ordered_at
    if one.receiver_city is not None and head.receiver_city != one.receiver_city:
        values["receiver_city"] = one.receiver_city
    return values
