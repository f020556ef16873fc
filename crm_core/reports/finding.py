"""What people at work look for: a customer, an order, words that were said."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from crm_core.commerce.orders import Order, orders_by_row
from crm_core.commerce.tables import order_lines, orders
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke, decode
from crm_core.conversations.tables import conversations, entries, sessions
from crm_core.customers import customers
from crm_core.customers.customers import Customer
from crm_core.customers.tails import DIGITS, KIND
from crm_core.database import Tx

SEARCHED_CONVERSATIONS = 2_000
"""The conversations in which words are looked for: those last spoken in. Words of last year are found by customer."""


@dataclass(frozen=True)
class FoundCustomer:
    """A customer, with name and phone in the clear; the caller answers for who sees them."""

    customer: Customer
    name: str | None
    phone: str | None


@dataclass(frozen=True)
class FoundOrder:
    """An order and whose it is."""

    order: Order
    customer: str


@dataclass(frozen=True)
class FoundWords:
    """A message, in which session it was said, and to whom."""

    entry: Entry
    session: str | None
    customer: str | None


def customers_by(tx: Tx, words: str, most: int) -> list[FoundCustomer]:
    """Customers by their number at the shop, by a whole phone number or by its last four digits."""
    digits = "".join(character for character in words if character.isdigit())
    ids = list(customers.known(tx, [words]))
    if digits and len(digits) >= len(words.replace(" ", "").replace("-", "").lstrip("+")):
        kind = KIND if len(digits) == DIGITS else "phone"
        for value in dict.fromkeys((digits, digits[-11:])):
            ids += customers.known_by(tx, kind, [value]).get(value, [])
    found = []
    for one in list(dict.fromkeys(ids))[:most]:
        customer = customers.find(tx, one)
        if customer is not None:
            found.append(FoundCustomer(customer, *customers.contact(tx, one)))
    return found


def orders_by(tx: Tx, words: str, most: int) -> list[FoundOrder]:
    """Orders by their number or its beginning, or by the number of a parcel."""
    begins = sa.select(orders.c.id).where(_begins_with(tx, orders.c.order_id, words))
    parcels = sa.select(order_lines.c.order_row.label("id")).where(order_lines.c.tracking_no == words)
    rows = [*tx.execute(begins.limit(most)).scalars(), *tx.execute(parcels.limit(most)).scalars()]
    return [FoundOrder(order, customer) for order, customer in orders_by_row(tx, list(dict.fromkeys(rows))[:most])]


def _begins_with(tx: Tx, column: sa.Column[str], words: str) -> sa.ColumnElement[bool]:
    if not words.isascii():
        return column == words
    if tx.dialect == "sqlite":  # its LIKE knows no case and uses no index; its order is that of the characters
        return sa.and_(column >= words, column < words[:-1] + chr(ord(words[-1]) + 1))
    return column.startswith(words, autoescape=True)


def words_by(tx: Tx, words: str, most: int) -> list[FoundWords]:
    """Messages that hold these words, the latest first, in the conversations last spoken in."""
    recent = sa.select(conversations.c.id).order_by(conversations.c.last_at.desc()).limit(SEARCHED_CONVERSATIONS)
    query = (
        sa.select(entries, conversations.c.customer_id)
        .join(conversations, conversations.c.id == entries.c.conversation_id)
        .where(
            entries.c.conversation_id.in_(recent),
            entries.c.sender.in_(("shopper", "bot", "agent")),
            entries.c.event.contains(_as_stored(words), autoescape=True),
        )
        .order_by(entries.c.at.desc())
        .limit(most * 2)
    )
    found = []
    for row in tx.execute(query):
        event = decode(row.event)
        if isinstance(event, ShopperSpoke | BotReplied | AgentSpoke) and words in event.text:
            entry = Entry(row.conversation_id, row.seq, row.at, event)
            found.append(FoundWords(entry, _session_at(tx, row.conversation_id, row.at), row.customer_id))
    return found[:most]


def _session_at(tx: Tx, conversation: str, at: datetime) -> str | None:
    query = (
        sa.select(sessions.c.id)
        .where(sessions.c.conversation_id == conversation, sessions.c.opened_at <= at)
        .order_by(sessions.c.opened_at.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()


def _as_stored(words: str) -> str:
    """The words as they stand in the JSON of an event."""
    return msgspec.json.encode(words).decode()[1:-1]
