"""Rows made from the log, in the commit of the entry that changes them; made again from it, they are the same.

One entry, one step: the session's row, its segments, offers, hand-overs and timers. Nothing else writes these tables.
"""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

import msgspec

from crm_core.conversations.events import Entry, Event, HandoffRequested, SessionClosed, SessionOpened
from crm_core.conversations.facts import Timed
from crm_core.conversations.movements import (
    MessageLeft,
    MessageSuppressed,
    OfferAccepted,
    Offered,
    OfferLapsed,
    ReturnedToBot,
    TakenOver,
)
from crm_core.conversations.session import Session, moved
from crm_core.database import Statement, Tx, Values
from crm_core.tables import from_millis, to_millis

PROJECTED: Final = ("timers", "handoffs", "offers", "segments", "suppressed_messages", "sessions")
"""The tables that are made from the log, in the order in which they may be emptied."""

_MOMENTS: Final = frozenset({"opened_at", "closed_at", "queued_at", "accepted_at", "first_human_at", "waiting_since"})
_LISTS: Final = frozenset({"excluded", "watchers"})
_NAMES: Final = tuple(field.name for field in fields(Session))
_COLUMNS: Final = tuple("conversation_id" if name == "conversation" else name for name in _NAMES)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM sessions WHERE "
_OPEN = Statement(_SELECT + "conversation_id = :conversation AND state <> 'closed'")
_ONE = Statement(_SELECT + "id = :id")
_INSERT = Statement(f"INSERT INTO sessions ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _NAMES)})")
_UPDATE = Statement(
    f"UPDATE sessions SET {', '.join(f'{c} = :{n}' for c, n in zip(_COLUMNS, _NAMES, strict=True) if n != 'id')} "
    "WHERE id = :id AND version = :known RETURNING id"
)
_END_SEGMENT = Statement("UPDATE segments SET to_at = :at, ended_by = :by WHERE session_id = :id AND to_at IS NULL")
_BEGIN_SEGMENT = Statement(
    "INSERT INTO segments (session_id, seq, conversation_id, owner_kind, owner, epoch, from_at) "
    "VALUES (:id, :seq, :conversation, :kind, :owner, :epoch, :at)"
)
_OFFER = Statement(
    "INSERT INTO offers (session_id, seq, agent, warm, offered_at, expires_at) "
    "VALUES (:id, :seq, :agent, :warm, :at, :expires)"
)
_END_OFFER = Statement(
    "UPDATE offers SET ended_at = :at, outcome = :outcome WHERE session_id = :id AND ended_at IS NULL"
)
_HANDOFF = Statement(
    "INSERT INTO handoffs (session_id, seq, rule, rule_version, evidence, level, ticket, packet, requested_at) "
    "VALUES (:id, :seq, :rule, :version, :evidence, :level, :ticket, :packet, :at)"
)
_HANDOFF_OFFERED = Statement(
    "UPDATE handoffs SET offered_at = :at WHERE session_id = :id AND outcome IS NULL AND offered_at IS NULL"
)
_HANDOFF_ACCEPTED = Statement(
    "UPDATE handoffs SET accepted_at = :at, outcome = 'accepted' "
    "WHERE session_id = :id AND (outcome IS NULL OR outcome = 'message_left')"
)
_HANDOFF_ENDED = Statement("UPDATE handoffs SET outcome = :outcome WHERE session_id = :id AND outcome IS NULL")
_TIMERS_OFF = Statement("DELETE FROM timers WHERE session_id = :id")
_TIMER_OFF = Statement("DELETE FROM timers WHERE session_id = :id AND kind = :kind")
_TIMER = Statement(
    "INSERT INTO timers (session_id, kind, due_at) VALUES (:id, :kind, :due) "
    "ON CONFLICT (session_id, kind) DO UPDATE SET due_at = excluded.due_at"
)
_SUPPRESSED = Statement(
    "INSERT INTO suppressed_messages (conversation_id, seq, session_id, sender, agent, text, reason, epoch, at) "
    "VALUES (:conversation, :seq, :id, :sender, :agent, :text, :reason, :epoch, :at)"
)


class SessionMovedOn(Exception):
    """The row is not the version that was read: somebody else moved the session."""


def open_in(tx: Tx, conversation: str) -> Session | None:
    """The session that is open in a conversation, or None."""
    rows = tx.run(_OPEN, {"conversation": conversation})
    return _session(rows[0]) if rows else None


def by_id(tx: Tx, session: str) -> Session | None:
    """The session of this id, open or closed."""
    rows = tx.run(_ONE, {"id": session})
    return _session(rows[0]) if rows else None


def apply(tx: Tx, before: Session | None, entry: Entry) -> Session | None:
    """Carry the rows on by one entry; returns the session as it stands then. Raises NotPossible, SessionMovedOn."""
    after = moved(before, entry)
    event = entry.event
    at = to_millis(entry.at)
    if after is not None and after is not before:
        _store(tx, before, after, entry, at)
    if after is not None and isinstance(event, Timed) and after.channel != "import":
        _set_timers(tx, before, after, event)
    step = _BESIDE.get(type(event))
    if step is not None:
        step(tx, before if before is not None and before.is_open else None, after, entry, at)
    return after


def _store(tx: Tx, before: Session | None, after: Session, entry: Entry, at: int) -> None:
    if isinstance(entry.event, SessionOpened):
        tx.run(_INSERT, _values(after))
    elif before is None or not tx.run(_UPDATE, {**_values(after), "known": before.version}):
        raise SessionMovedOn(after.id)
    if after.channel == "import":
        return
    opened = before is None or before.id != after.id
    if opened or before is None or before.owner_epoch != after.owner_epoch or not after.is_open:
        if not opened:
            tx.run(_END_SEGMENT, {"id": after.id, "at": at, "by": type(entry.event).__name__})
        if after.is_open:
            _begin_segment(tx, after, entry.seq, at)
    if before is not None and not opened and before.offered_to and after.offered_to is None:
        tx.run(_END_OFFER, {"id": after.id, "at": at, "outcome": _outcome(entry.event)})


def _begin_segment(tx: Tx, session: Session, seq: int, at: int) -> None:
    values: Values = {"id": session.id, "seq": seq, "conversation": session.conversation, "at": at}
    tx.run(
        _BEGIN_SEGMENT,
        {**values, "kind": session.owner_kind, "owner": session.owner, "epoch": session.owner_epoch},
    )


def _outcome(event: Event) -> str:
    if isinstance(event, OfferAccepted):
        return "accepted"
    return event.outcome if isinstance(event, OfferLapsed) else "cancelled"


def _set_timers(tx: Tx, before: Session | None, after: Session, event: Timed) -> None:
    opened = before is None or before.id != after.id
    if not opened and before is not None and before.state != after.state:
        tx.run(_TIMERS_OFF, {"id": after.id})
    if not after.is_open:
        return
    for timer in event.timers:
        if timer.due is None:
            tx.run(_TIMER_OFF, {"id": after.id, "kind": timer.kind})
        else:
            tx.run(_TIMER, {"id": after.id, "kind": timer.kind, "due": to_millis(timer.due)})


def _requested(tx: Tx, before: Session | None, _: Session | None, entry: Entry, at: int) -> None:
    event = entry.event
    if before is None or not isinstance(event, HandoffRequested):
        return
    packet = msgspec.json.encode(event.packet).decode() if event.packet is not None else None
    values: Values = {"id": before.id, "seq": entry.seq, "at": at, "rule": event.rule, "version": event.version}
    more: Values = {"evidence": event.evidence, "level": event.level, "ticket": event.ticket, "packet": packet}
    tx.run(_HANDOFF, {**values, **more})


def _offered(tx: Tx, _: Session | None, after: Session | None, entry: Entry, at: int) -> None:
    event = entry.event
    if after is None or not isinstance(event, Offered):
        return
    values: Values = {"id": after.id, "seq": entry.seq, "agent": event.agent, "warm": int(event.warm), "at": at}
    tx.run(_OFFER, {**values, "expires": to_millis(event.expires_at)})
    tx.run(_HANDOFF_OFFERED, {"id": after.id, "at": at})


def _accepted(tx: Tx, _: Session | None, after: Session | None, __: Entry, at: int) -> None:
    if after is not None:
        tx.run(_HANDOFF_ACCEPTED, {"id": after.id, "at": at})


def _handoff_ended(tx: Tx, _: Session | None, after: Session | None, entry: Entry, __: int) -> None:
    event = entry.event
    outcome = "message_left"
    if isinstance(event, SessionClosed):
        outcome = "abandoned" if event.reason == "abandoned_in_queue" else "closed"
    elif isinstance(event, ReturnedToBot):
        outcome = event.reason
    if after is not None:
        tx.run(_HANDOFF_ENDED, {"id": after.id, "outcome": outcome})


def _suppressed(tx: Tx, before: Session | None, _: Session | None, entry: Entry, at: int) -> None:
    event = entry.event
    if not isinstance(event, MessageSuppressed):
        return
    values: Values = {"conversation": entry.conversation, "seq": entry.seq, "id": before.id if before else None}
    more: Values = {"sender": event.by, "agent": event.agent, "text": event.text, "reason": event.reason}
    tx.run(_SUPPRESSED, {**values, **more, "epoch": event.epoch, "at": at})


_BESIDE: Final[dict[type[Event], Callable[[Tx, Session | None, Session | None, Entry, int], None]]] = {
    HandoffRequested: _requested,
    Offered: _offered,
    OfferAccepted: _accepted,
    TakenOver: _accepted,
    ReturnedToBot: _handoff_ended,
    MessageLeft: _handoff_ended,
    SessionClosed: _handoff_ended,
    MessageSuppressed: _suppressed,
}
"""What an entry changes beside the row of its session."""


def _values(session: Session) -> Values:
    values: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(session, name)
        if value is not None:
            if name in _MOMENTS:
                value = to_millis(value)
            elif name in _LISTS:
                value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        values[name] = value
    return values


def _session(row: tuple[Any, ...]) -> Session:
    values = dict(zip(_NAMES, row, strict=True))
    for name in _MOMENTS:
        if values[name] is not None:
            values[name] = from_millis(values[name])
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name])) if values[name] != "[]" else ()
    return Session(**values)
