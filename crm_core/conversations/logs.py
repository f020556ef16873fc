"""Conversations held elsewhere, kept beside our own: each line at its own time, each once however often it is read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from crm_core.conversations.events import BotReplied, Event, SessionClosed, SessionOpened, encode
from crm_core.conversations.tables import conversations, entries, sessions
from crm_core.database import Tx

CHANNEL = "import"
REASON = "imported"


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of a log: whose conversation, when, what, and the id by which the line is known again."""

    conversation: str
    customer: str | None
    at: datetime
    event: Event
    client_id: str


@dataclass
class Kept:
    """Which lines are new; `foreign` are conversations of our own, which no log may add to."""

    new: list[bool]
    foreign: frozenset[str]


@dataclass(slots=True)
class _Log:
    """How far a conversation has come, while lines are added to it."""

    customer: str | None
    last_seq: int
    last_at: datetime
    is_open: bool


def keep(tx: Tx, lines: Sequence[Logged]) -> Kept:
    """Append the lines that are not known yet, in the order given; a session is open until `close_all`."""
    ids = list(dict.fromkeys(line.conversation for line in lines))
    logs, foreign = _logs(tx, ids)
    known = _known(tx, ids, lines)
    rows: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    new = []
    for line in lines:
        said = (line.conversation, line.event.sender, line.client_id)
        new.append(line.conversation not in foreign and said not in known)
        if not new[-1]:
            continue
        known.add(said)
        log = logs.setdefault(line.conversation, _Log(line.customer, 0, line.at, is_open=False))
        log.customer = line.customer or log.customer
        if not log.is_open:
            rows.append(_row(line.conversation, log, line.at, SessionOpened(CHANNEL), None))
            opened.append(_session(line.conversation, log.last_seq, line.at))
            log.is_open = True
        event = line.event
        if isinstance(event, BotReplied):
            event = msgspec.structs.replace(event, answers=log.last_seq)
        rows.append(_row(line.conversation, log, line.at, event, line.client_id))
    _write(tx, {name: logs[name] for name in dict.fromkeys(row["conversation_id"] for row in rows)}, rows, opened)
    return Kept(new, foreign)


def close_all(tx: Tx, most: int) -> int:
    """Close up to `most` sessions of imported conversations, each when its last line was said; how many were closed."""
    query = (
        sa.select(sessions.c.id, sessions.c.conversation_id, conversations.c.last_seq, conversations.c.last_at)
        .join(conversations, conversations.c.id == sessions.c.conversation_id)
        .where(conversations.c.channel == CHANNEL, sessions.c.state != "closed")
        .order_by(sessions.c.id)
        .limit(most)
    )
    found = tx.execute(query).all()
    if not found:
        return 0
    rows = []
    for row in found:
        log = _Log(None, row.last_seq, row.last_at, is_open=True)
        rows.append(_row(row.conversation_id, log, row.last_at, SessionClosed(REASON), None))
    tx.execute(entries.insert(), rows)
    tx.execute(
        conversations.update().where(conversations.c.id == sa.bindparam("_id")).values(last_seq=sa.bindparam("_seq")),
        [{"_id": row["conversation_id"], "_seq": row["seq"]} for row in rows],
    )
    tx.execute(
        sessions.update()
        .where(sessions.c.id == sa.bindparam("_id"))
        .values(state="closed", owner_kind="none", closed_at=sa.bindparam("_at"), close_reason=REASON),
        [{"_id": row.id, "_at": row.last_at} for row in found],
    )
    return len(found)


def _logs(tx: Tx, ids: Sequence[str]) -> tuple[dict[str, _Log], frozenset[str]]:
    query = sa.select(sessions.c.conversation_id).where(
        sessions.c.conversation_id.in_(ids), sessions.c.state != "closed"
    )
    is_open = set(tx.execute(query).scalars())
    logs, foreign = {}, set()
    for row in tx.execute(sa.select(conversations).where(conversations.c.id.in_(ids)).with_for_update()):
        if row.channel != CHANNEL:
            foreign.add(row.id)
        logs[row.id] = _Log(row.customer_id, row.last_seq, row.last_at, is_open=row.id in is_open)
    return logs, frozenset(foreign)


def _known(tx: Tx, ids: Sequence[str], lines: Sequence[Logged]) -> set[tuple[str, str, str]]:
    query = sa.select(entries.c.conversation_id, entries.c.sender, entries.c.client_id).where(
        entries.c.conversation_id.in_(ids), entries.c.client_id.in_([line.client_id for line in lines])
    )
    return {(row.conversation_id, row.sender, row.client_id) for row in tx.execute(query)}


def _row(conversation: str, log: _Log, at: datetime, event: Event, client_id: str | None) -> dict[str, Any]:
    log.last_seq += 1
    log.last_at = max(log.last_at, at)
    return {
        "conversation_id": conversation,
        "seq": log.last_seq,
        "sender": event.sender,
        "client_id": client_id,
        "at": at,
        "event": encode(event),
    }


def _session(conversation: str, seq: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"{conversation}:{seq}",
        "conversation_id": conversation,
        "channel": CHANNEL,
        "state": "bot",
        "opened_at": at,
    }


def _write(tx: Tx, logs: dict[str, _Log], rows: list[dict[str, Any]], opened: list[dict[str, Any]]) -> None:
    if not rows:
        return
    # One statement for new and known alike: the columns of a known conversation that a log does not change are kept.
    tx.upsert(
        conversations,
        [
            {
                "id": name,
                "customer_id": log.customer,
                "channel": CHANNEL,
                "last_seq": log.last_seq,
                "last_at": log.last_at,
                "log_epoch": uuid.uuid4().hex,
            }
            for name, log in logs.items()
        ],
        keep=("channel", "log_epoch"),
    )
    tx.execute(entries.insert(), rows)
    if opened:
        tx.execute(sessions.insert(), opened)
