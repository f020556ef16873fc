"""What a customer bought: only what may be quoted about it, and only by its owner's id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.commerce.tables import order_lines, orders, products
from crm_core.database import Tx

STATUSES = ("pending", "paid", "shipped", "delivered", "finished", "refunding", "refunded", "cancelled")


@dataclass(frozen=True)
class Line:
    """One item of an order; `paid_amount` in fen."""

    sku: str
    title: str
    category: str | None
    quantity: int
    paid_amount: int | None
    status: str
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    carrier: str | None
    tracking_no: str | None


@dataclass(frozen=True)
class Order:
    """An order with its items."""

    number: str
    platform: str
    ordered_at: datetime
    receiver_city: str | None
    lines: tuple[Line, ...]

    @property
    def status(self) -> str:
        """The status of the items that is furthest from done; one word where they agree."""
        return min((line.status for line in self.lines), key=STATUSES.index)

    @property
    def title(self) -> str:
        """What was bought, in a few words."""
        first = self.lines[0].title
        return first if len(self.lines) == 1 else f"{first} 等{len(self.lines)}件"

    @property
    def paid_amount(self) -> int | None:
        """What was paid for all items in fen; None where one is unknown."""
        amounts = [line.paid_amount for line in self.lines]
        return None if any(amount is None for amount in amounts) else sum(amount or 0 for amount in amounts)


def orders_of(tx: Tx, customer_id: str, *, most: int = 50) -> list[Order]:
    """The customer's orders, newest first."""
    return _read(tx, orders.c.customer_id == customer_id, most)


def order_of(tx: Tx, customer_id: str, number: str) -> Order | None:
    """The order under this number if it is this customer's; None otherwise, whoever's it may be."""
    found = _read(tx, sa.and_(orders.c.customer_id == customer_id, orders.c.order_id == number), 1)
    return found[0] if found else None


def orders_by_row(tx: Tx, rows: Sequence[int]) -> list[tuple[Order, str]]:
    """The orders of these rows, newest first, each with whose it is; for people at work, never for a shopper."""
    columns = (orders.c.platform, orders.c.order_id, orders.c.customer_id)
    owners = tx.execute(sa.select(*columns).where(orders.c.id.in_(rows)))
    whose = {(row.platform, row.order_id): row.customer_id for row in owners}
    return [(order, whose[order.platform, order.number]) for order in _read(tx, orders.c.id.in_(rows), len(rows))]


def _read(tx: Tx, where: sa.ColumnElement[bool], most: int) -> list[Order]:
    heads = tx.execute(
        sa.select(orders).where(where).order_by(orders.c.ordered_at.desc(), orders.c.id).limit(most)
    ).all()
    lines = _lines(tx, [head.id for head in heads])
    return [
        Order(head.order_id, head.platform, head.ordered_at, head.receiver_city, tuple(lines[head.id]))
        for head in heads
        if lines.get(head.id)
    ]


def _lines(tx: Tx, rows: Sequence[int]) -> dict[int, list[Line]]:
    if not rows:
        return {}
    query = (
        sa.select(order_lines, products.c.name, products.c.category)
        .outerjoin(products, products.c.sku == order_lines.c.sku)
        .where(order_lines.c.order_row.in_(rows))
        .order_by(order_lines.c.order_row, order_lines.c.sku, order_lines.c.repeat)
    )
    found: dict[int, list[Line]] = {}
    for row in tx.execute(query):
        line = Line(
            row.sku,
            row.title or row.name or row.sku,
            row.category,
            row.quantity,
            row.paid_amount,
            row.status,
            row.paid_at,
            row.shipped_at,
            row.delivered_at,
            row.carrier,
            row.tracking_no,
        )
        found.setdefault(row.order_row, []).append(line)
    return found
