"""Sessions as lists show them: how each stands, whose it is, and what was said last; any number in a few reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, SessionOpened, ShopperSpoke, decode
from crm_core.conversations.tables import conversations, entries, handoffs, segments, sessions, timers
from crm_core.customers.tables import customers
from crm_core.database import Tx
from crm_core.tables import from_millis, to_millis

LOOK_BACK = 12
"""Entries in which the last words are looked for: between them lie the facts that moved the session."""
AT_ONCE = 500
OPEN = ("bot", "queued", "offered", "active", "on_hold", "message_left", "wrap_up")


@dataclass(frozen=True)
class Listed:
    """A session in a list. `row` holds the columns of the session; `last` what anybody said last."""

    row: Mapping[str, Any]
    customer: str | None
    name: str | None
    tier: str | None
    seq: int
    last: Entry | None
    rule: str | None
    hold_until: datetime | None

    @property
    def id(self) -> str:
        """The session's id."""
        return str(self.row["id"])


@dataclass(frozen=True)
class Wanted:
    """Which sessions; what is None does not matter. `after` is the cursor of the last one seen."""

    conversations: Sequence[str] | None = None
    customer: str | None = None
    states: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: Sequence[str] | None = None
    after: str | None = None


def listed(tx: Tx, wanted: Wanted, most: int = AT_ONCE) -> list[Listed]:
    """Sessions that fit, the one opened last first."""
    query = (
        sa.select(sessions, conversations.c.customer_id, conversations.c.last_seq)
        .join(conversations, conversations.c.id == sessions.c.conversation_id)
        .where(*_conditions(wanted))
        .order_by(sessions.c.opened_at.desc(), sessions.c.id.desc())
        .limit(most)
    )
    rows = [dict(row._mapping) for row in tx.execute(query)]
    ids = [row["id"] for row in rows]
    people = _people(tx, [row["customer_id"] for row in rows if row["customer_id"]])
    words = _last_words(tx, {row["conversation_id"]: row["last_seq"] for row in rows if row["state"] != "closed"})
    rules = _rules(tx, ids)
    holds = _holds(tx, [row["id"] for row in rows if row["state"] == "on_hold"])
    return [
        Listed(
            row,
            row["customer_id"],
            *people.get(row["customer_id"], (None, None)),
            row["last_seq"],
            words.get(row["conversation_id"]) if row["state"] != "closed" else None,
            rules.get(row["id"]),
            holds.get(row["id"]),
        )
        for row in rows
    ]


def cursor(one: Listed) -> str:
    """Where a list goes on behind this session."""
    return f"{to_millis(one.row['opened_at'])}~{one.id}"


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.conversations is not None:
        found.append(sessions.c.conversation_id.in_(list(wanted.conversations)))
    if wanted.ids is not None:
        found.append(sessions.c.id.in_(list(wanted.ids)))
    if wanted.customer is not None:
        found.append(conversations.c.customer_id == wanted.customer)
    if wanted.states is not None:
        found.append(sessions.c.state.in_(list(wanted.states)))
    if wanted.since is not None:
        found.append(sessions.c.opened_at >= wanted.since)
    if wanted.until is not None:
        found.append(sessions.c.opened_at < wanted.until)
    if wanted.after is not None:
        millis, _, session = wanted.after.partition("~")
        opened = from_millis(int(millis))
        found.append(
            sa.or_(sessions.c.opened_at < opened, sa.and_(sessions.c.opened_at == opened, sessions.c.id < session))
        )
    return found


def _people(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    query = sa.select(customers.c.id, customers.c.name, customers.c.member_level).where(
        customers.c.id.in_(list(set(ids)))
    )
    return {
        row.id: (tx.keys.open(row.name, f"customers.name.{row.id}"), row.member_level)
        for row in (tx.execute(query) if ids else ())
    }


def _last_words(tx: Tx, heads: Mapping[str, int]) -> dict[str, Entry]:
    if not heads:
        return {}
    query = (
        sa.select(entries)
        .join(conversations, conversations.c.id == entries.c.conversation_id)
        .where(
            entries.c.conversation_id.in_(list(heads)),
            entries.c.seq > conversations.c.last_seq - LOOK_BACK,
            entries.c.sender.in_(("shopper", "bot", "agent")),
        )
        .order_by(entries.c.conversation_id, entries.c.seq)
    )
    found: dict[str, Entry] = {}
    for row in tx.execute(query):
        event = decode(row.event)
        if isinstance(event, ShopperSpoke | BotReplied | AgentSpoke):
            found[row.conversation_id] = Entry(row.conversation_id, row.seq, row.at, event)
    return found


def _rules(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    query = sa.select(handoffs.c.session_id, handoffs.c.rule).where(handoffs.c.session_id.in_(list(ids)))
    return {row.session_id: row.rule for row in tx.execute(query.order_by(handoffs.c.seq))}


def _holds(tx: Tx, ids: Sequence[str]) -> dict[str, datetime]:
    if not ids:
        return {}
    query = sa.select(timers.c.session_id, timers.c.due_at).where(
        timers.c.session_id.in_(list(ids)), timers.c.kind == "hold"
    )
    return {row.session_id: row.due_at for row in tx.execute(query)}


def entries_of(tx: Tx, session: str, most: int = 2_000) -> list[Entry]:
    """What happened in one session, in order, up to the next one of its conversation."""
    conversation, first = place_of(session)
    query = (
        sa.select(entries)
        .where(entries.c.conversation_id == conversation, entries.c.seq >= first)
        .order_by(entries.c.seq)
        .limit(most)
    )
    found: list[Entry] = []
    for row in tx.execute(query):
        event = decode(row.event)
        if isinstance(event, SessionOpened) and row.seq > first:
            break
        found.append(Entry(conversation, row.seq, row.at, event))
    return found


def before(tx: Tx, conversation: str, seq: int, most: int) -> list[Entry]:
    """The entries right before a number, in order, at most so many."""
    query = (
        sa.select(entries)
        .where(entries.c.conversation_id == conversation, entries.c.seq < seq)
        .order_by(entries.c.seq.desc())
        .limit(most)
    )
    return [Entry(conversation, row.seq, row.at, decode(row.event)) for row in tx.execute(query)][::-1]


def place_of(session: str) -> tuple[str, int]:
    """The conversation of a session and the number of its first entry; ("", 0) for what is no session's id."""
    conversation, _, first = session.rpartition(":")
    return (conversation, int(first)) if first.isascii() and first.isdigit() and len(first) < 18 else ("", 0)


def handed_over(tx: Tx, session: str) -> list[dict[str, Any]]:
    """Every time the session was to pass to a person, oldest first: the columns of `handoffs`."""
    query = sa.select(handoffs).where(handoffs.c.session_id == session).order_by(handoffs.c.seq)
    return [dict(row._mapping) for row in tx.execute(query)]


def owned_by(tx: Tx, session: str) -> list[dict[str, Any]]:
    """Who owned the session when, oldest first: the columns of `segments`."""
    query = sa.select(segments).where(segments.c.session_id == session).order_by(segments.c.seq)
    return [dict(row._mapping) for row in tx.execute(query)]
