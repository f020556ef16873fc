"""Tickets as lists: whose turn it is among all that are open, filters, and pages that a new ticket does not shift."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.tickets import OPEN, STATES, Ticket, ticket_from
from crm_core.desk.work_tables import tickets
from crm_core.tables import to_millis

OPEN_ONES = "open"
"""Stands for every state in which there is something left to do."""


class WrongCursor(ValueError):
    """A cursor that was not given out here."""


@dataclass(frozen=True)
class Filter:
    """Which tickets; what is None does not matter. `overdue` are those whose time has run out and runs."""

    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    session: str | None = None
    conversation: str | None = None
    customer: str | None = None
    order: str | None = None
    group: str | None = None
    assignee: str | None = None
    overdue: bool = False
    since: datetime | None = None
    until: datetime | None = None


def states_of(text: str) -> tuple[str, ...]:
    """The states that a comma-separated list names, `open` among them; raises ValueError for any other word."""
    named = [word.strip() for word in text.split(",") if word.strip()]
    found = [state for word in named for state in (OPEN if word == OPEN_ONES else (word,))]
    wrong = [state for state in found if state not in STATES]
    if wrong:
        raise ValueError(f"没有「{'、'.join(wrong)}」这个状态，应为 open、{'、'.join(STATES)} 之一")
    return tuple(dict.fromkeys(found))


def page(
    tx: Tx, wanted: Filter, at: datetime, *, cursor: str | None = None, most: int = 50
) -> tuple[list[Ticket], str | None]:
    """Tickets in the order in which they are to be done, what is done last; and the cursor of the next page.

    Raises WrongCursor.
    """
    is_done = sa.case((tickets.c.state.in_(OPEN), 0), else_=1)
    query = _where(sa.select(tickets), wanted, at)
    if cursor is not None:
        done, turn, ticket_id = _read(cursor)
        place = sa.tuple_(is_done, sa.type_coerce(tickets.c.turn_at, sa.BigInteger), tickets.c.id)
        query = query.where(place > sa.tuple_(sa.literal(done), sa.literal(turn), sa.literal(ticket_id)))
    rows = tx.execute(query.order_by(is_done, tickets.c.turn_at, tickets.c.id).limit(most + 1)).all()
    found = [ticket_from(row) for row in rows[:most]]
    return found, _cursor(found[-1]) if len(rows) > most else None


def ranks(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """The place of each of these tickets among all that are open, from 1; what is done has none."""
    place = sa.func.row_number().over(order_by=(tickets.c.turn_at, tickets.c.id)).label("place")
    ranked = sa.select(tickets.c.id, place).where(tickets.c.state.in_(OPEN)).subquery()
    found = tx.execute(sa.select(ranked.c.id, ranked.c.place).where(ranked.c.id.in_(list(ids))))
    return {row.id: row.place for row in found}


def counts(tx: Tx, at: datetime) -> dict[str, int]:
    """How many tickets stand in each state, and how many are overdue."""
    query = sa.select(tickets.c.state, sa.func.count().label("number")).group_by(tickets.c.state)
    found: dict[str, int] = dict.fromkeys(STATES, 0) | {row.state: row.number for row in tx.execute(query)}
    late = _where(sa.select(sa.func.count()).select_from(tickets), Filter(overdue=True), at)
    return {**found, "overdue": int(tx.execute(late).scalar_one())}


def _where(query: "sa.Select[Any]", wanted: Filter, at: datetime) -> "sa.Select[Any]":
    column = tickets.c
    if wanted.states:
        query = query.where(column.state.in_(wanted.states))
    if wanted.types:
        query = query.where(column.type.in_(wanted.types))
    for name, value in (
        ("session_id", wanted.session),
        ("conversation_id", wanted.conversation),
        ("customer_id", wanted.customer),
        ("order_id", wanted.order),
        ("group", wanted.group),
        ("assignee", wanted.assignee),
    ):
        if value is not None:
            query = query.where(column[name] == value)
    if wanted.overdue:
        # Whoever waits for others has a clock that stands still.
        query = query.where(column.due_at <= at, column.state.in_(("new", "assigned", "working")))
    if wanted.since is not None:
        query = query.where(column.opened_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(column.opened_at < wanted.until)
    return query


def _cursor(last: Ticket) -> str:
    place = [0 if last.is_open else 1, to_millis(last.turn_at), last.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, int, str]:
    try:
        done, turn, ticket_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return int(done), int(turn), str(ticket_id)
    except (ValueError, TypeError, binascii.Error):
        raise WrongCursor("这个 cursor 不是从上一页得到的") from None
