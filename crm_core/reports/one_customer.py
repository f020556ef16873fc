"""Everything the shop knows about one customer, read at once: who, what was bought, said and looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.commerce.logistics import Scan
from crm_core.commerce.orders import Line, Order, orders_of
from crm_core.commerce.tables import order_lines, orders, parcel_events
from crm_core.conversations.tables import conversations, sessions
from crm_core.customers import customers
from crm_core.customers.customers import Customer
from crm_core.customers.tables import events
from crm_core.database import Tx

MOST_ORDERS = 20
MOST_SESSIONS = 20
MOST_STEPS = 50
AFTER_SALES = frozenset({"refunding", "refunded"})
EPISODE = ("id", "conversation_id", "state", "opened_at", "closed_at", "close_reason")
NOT_PAID = ("pending", "cancelled", "refunded")


@dataclass(frozen=True)
class Episode:
    """A session that was held with the customer, or is."""

    id: str
    conversation: str
    channel: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str | None


@dataclass(frozen=True)
class Step:
    """Something the customer did in the shop."""

    at: datetime
    event: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Worth:
    """How much was bought so far; `paid` in fen, without what was cancelled or paid back."""

    orders: int
    paid: int
    last_order_at: datetime | None


@dataclass(frozen=True)
class OneCustomer:
    """A customer as the desk sees one: the newest of everything. `parcels` by number, with the carrier's last word."""

    customer: Customer
    name: str | None
    phone: str | None
    orders: tuple[Order, ...]
    parcels: Mapping[str, Scan]
    episodes: tuple[Episode, ...]
    track: tuple[Step, ...]
    worth: Worth

    @property
    def after_sales(self) -> list[tuple[Order, Line]]:
        """What is being paid back or was, with its order."""
        return [(order, line) for order in self.orders for line in order.lines if line.status in AFTER_SALES]


def one_customer(tx: Tx, customer_id: str) -> OneCustomer | None:
    """What is known under the shop's own id; None when nothing is, not even that somebody signed in under it."""
    customer = customers.find(tx, customer_id)
    episodes = episodes_of(tx, conversations.c.customer_id == customer_id)
    if customer is None and not episodes:
        return None
    name, phone = customers.contact(tx, customer_id)
    bought = orders_of(tx, customer_id, most=MOST_ORDERS)
    return OneCustomer(
        customer or Customer(customer_id),
        name,
        phone,
        tuple(bought),
        _last_scans(tx, sorted({line.tracking_no for order in bought for line in order.lines if line.tracking_no})),
        episodes,
        _track(tx, customer_id),
        _worth(tx, customer_id),
    )


def episodes_of(tx: Tx, where: sa.ColumnElement[bool]) -> tuple[Episode, ...]:
    """The newest sessions of conversations that fit."""
    query = (
        sa.select(*(sessions.c[name] for name in EPISODE), conversations.c.channel)
        .join(conversations, conversations.c.id == sessions.c.conversation_id)
        .where(where)
        .order_by(sessions.c.opened_at.desc(), sessions.c.id)
        .limit(MOST_SESSIONS)
    )
    return tuple(
        Episode(row.id, row.conversation_id, row.channel, row.state, row.opened_at, row.closed_at, row.close_reason)
        for row in tx.execute(query)
    )


def _last_scans(tx: Tx, numbers: Sequence[str]) -> dict[str, Scan]:
    if not numbers:
        return {}
    query = (
        sa.select(parcel_events)
        .where(parcel_events.c.tracking_no.in_(numbers))
        .order_by(parcel_events.c.at, parcel_events.c.text.desc())
    )
    return {row.tracking_no: Scan(row.at, row.status, row.text) for row in tx.execute(query)}


def _track(tx: Tx, customer_id: str) -> tuple[Step, ...]:
    query = (
        sa.select(events.c.at, events.c.type, events.c.event, events.c.properties)
        .where(events.c.customer_id == customer_id)
        .order_by(events.c.at.desc())
        .limit(MOST_STEPS)
    )
    return tuple(Step(row.at, row.event or row.type, row.properties) for row in tx.execute(query))


def _worth(tx: Tx, customer_id: str) -> Worth:
    count, newest = sa.func.count().label("placed"), sa.func.max(orders.c.ordered_at).label("last")
    row = tx.execute(sa.select(count, newest).where(orders.c.customer_id == customer_id)).one()
    paid = tx.execute(
        sa.select(sa.func.coalesce(sa.func.sum(order_lines.c.paid_amount), 0))
        .join(orders, orders.c.id == order_lines.c.order_row)
        .where(orders.c.customer_id == customer_id, order_lines.c.status.not_in(NOT_PAID))
    ).scalar_one()
    return Worth(row.placed, int(paid), row.last)
