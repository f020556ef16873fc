"""The log: append an event in its place, read on from a number."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations import projection
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, Event, ShopperSpoke, decode, encode
from crm_core.conversations.movements import MessageLeft, MessageSuppressed, Queued
from crm_core.conversations.session import Session
from crm_core.conversations.tables import conversations
from crm_core.database import Statement, Tx, Values
from crm_core.jobs import outbox
from crm_core.tables import from_millis, to_millis

READ_AT_MOST = 200


class ConversationMovedOn(Exception):
    """Something was said since the state this append was decided on."""


class AlreadySaid(Exception):
    """The sender has said this under the same id before; `seq` is where."""

    def __init__(self, seq: int):
        super().__init__(seq)
        self.seq = seq


@dataclass(frozen=True)
class Thread:
    """Where appends go: a conversation, and what is written down about it when its first entry arrives."""

    conversation: str
    customer: str | None = None
    channel: str = "web"


@dataclass(frozen=True)
class Head:
    """How far a conversation has come, and whose it is."""

    seq: int
    log: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands while it is held: its last number, when something was last said, the open session."""

    seq: int
    last_at: datetime | None
    session: Session | None


class AnnouncedNotDone(Exception):
    """A reply promises a person, and nothing in the same commit brings one."""


_HOLD = Statement("SELECT last_seq, last_at FROM conversations WHERE id = :conversation", locks=True)
_SAID = Statement(
    "SELECT seq FROM entries WHERE conversation_id = :conversation AND sender = :sender AND client_id = :client_id"
)
_BUMP = Statement("UPDATE conversations SET last_seq = :seq, last_at = :at WHERE id = :conversation")
_START = Statement(
    "INSERT INTO conversations (id, customer_id, channel, last_seq, last_at, log_epoch) "
    "VALUES (:conversation, :customer, :channel, 0, :at, :log) ON CONFLICT (id) DO NOTHING"
)
_INSERT = Statement(
    "INSERT INTO entries (conversation_id, seq, sender, client_id, at, event) "
    "VALUES (:conversation, :seq, :sender, :client_id, :at, :event)"
)
_SINCE = Statement(
    "SELECT seq, at, event FROM entries WHERE conversation_id = :conversation AND seq > :since ORDER BY seq LIMIT :most"
)
_HEAD = Statement("SELECT last_seq, log_epoch, customer_id FROM conversations WHERE id = :conversation")


def hold(tx: Tx, conversation: str) -> Place:
    """Keep everybody else from adding to a conversation until the commit, and say where it stands."""
    rows = tx.run(_HOLD, {"conversation": conversation})
    if not rows:
        return Place(0, None, None)
    return Place(int(rows[0][0]), from_millis(rows[0][1]), projection.open_in(tx, conversation))


def append(
    tx: Tx,
    thread: Thread,
    events: Sequence[tuple[Event, str | None]],
    *,
    at: datetime,
    after: int | None = None,
    place: Place | None = None,
) -> list[Entry]:
    """Append events, each with the id its sender gave it (or None), as one block without gaps.

    With `after` the block is appended only if that is still the last number; otherwise ConversationMovedOn. Raises
    AlreadySaid when an id was used before, NotPossible when the session does not stand for one of the events. `place`
    is what `hold` returned in this transaction. Number order is commit order: the conversation's row is locked.

    A reply that was written under another ownership is not let through: a MessageSuppressed takes its place.
    """
    _check_announcements(events)
    conversation = thread.conversation
    millis = to_millis(at)
    if place is None or place.last_at is None:
        place = _held(tx, thread, millis)
    if after is not None and place.seq != after:
        raise ConversationMovedOn(conversation)
    for event, client_id in events:
        known_at = said_at(tx, conversation, event.sender, client_id) if client_id is not None else None
        if known_at is not None:
            raise AlreadySaid(known_at)
    moment = from_millis(millis)
    session = place.session
    entries = []
    spoken = False
    for seq, (given, client_id) in enumerate(events, start=place.seq + 1):
        event = _let_through(session, given)
        text = encode(event)
        values: Values = {"conversation": conversation, "seq": seq, "at": millis, "event": text}
        # What is not let through keeps no id: the same words may be said again when their time has come.
        kept_id = client_id if event is given else None
        tx.run(_INSERT, {**values, "sender": event.sender, "client_id": kept_id})
        entry = Entry(conversation, seq, moment, event)
        session = projection.apply(tx, session, entry)
        if event.outward:
            outbox.append(tx, event.outward, conversation, session.id if session else None, seq, millis, text)
        spoken = spoken or isinstance(event, ShopperSpoke | BotReplied | AgentSpoke)
        entries.append(entry)
    # Silence is counted from what was last said, whatever else happened since.
    last_at = millis if spoken or place.last_at is None else to_millis(place.last_at)
    tx.run(_BUMP, {"conversation": conversation, "seq": place.seq + len(events), "at": last_at})
    return entries


def said_at(tx: Tx, conversation: str, sender: str, client_id: str) -> int | None:
    """Where a sender said something under this id; None while it was not said."""
    rows = tx.run(_SAID, {"conversation": conversation, "sender": sender, "client_id": client_id})
    return int(rows[0][0]) if rows else None


def _held(tx: Tx, thread: Thread, millis: int) -> Place:
    place = hold(tx, thread.conversation)
    if place.last_at is None:
        start: Values = {"customer": thread.customer, "channel": thread.channel, "log": uuid.uuid4().hex}
        tx.run(_START, {"conversation": thread.conversation, "at": millis, **start})
        place = hold(tx, thread.conversation)
    return place


def _check_announcements(events: Sequence[tuple[Event, str | None]]) -> None:
    """The words that promise a person and what brings one are kept together or not at all."""
    for event, _ in events:
        if type(event) is BotReplied and event.decision == "handoff":
            if not any(isinstance(other, Queued | MessageLeft) for other, _ in events):
                raise AnnouncedNotDone(event.text)
            return


def _let_through(session: Session | None, event: Event) -> Event:
    """The event, or what is kept in its place when its author may not speak now."""
    kind = type(event)
    if kind is BotReplied:
        return _of_bot(session, event)  # type: ignore[arg-type]
    if kind is AgentSpoke:
        return _of_agent(session, event)  # type: ignore[arg-type]
    return event


def _of_bot(session: Session | None, reply: BotReplied) -> Event:
    if session is None or not session.is_open:
        return MessageSuppressed("bot", reply.text, "closed", reply.epoch) if reply.epoch else reply
    if session.state != "bot":
        return MessageSuppressed("bot", reply.text, "bot_muted", reply.epoch)
    if reply.epoch and reply.epoch != session.owner_epoch:
        return MessageSuppressed("bot", reply.text, "stale_epoch", reply.epoch)
    return reply


def _of_agent(session: Session | None, said: AgentSpoke) -> Event:
    if session is None or not session.is_open:
        return MessageSuppressed("agent", said.text, "closed", said.epoch, said.agent)
    if session.state != "active" or not (said.barged or said.agent == session.assignee):
        return MessageSuppressed("agent", said.text, "not_owner", said.epoch, said.agent)
    if said.epoch != session.owner_epoch:
        return MessageSuppressed("agent", said.text, "stale_epoch", said.epoch, said.agent)
    return said


def since(tx: Tx, conversation: str, seq: int, most: int = READ_AT_MOST) -> list[Entry]:
    """The entries after `seq`, in order, at most `most` of them."""
    rows = tx.run(_SINCE, {"conversation": conversation, "since": seq, "most": most})
    return [Entry(conversation, int(row[0]), from_millis(row[1]), decode(row[2])) for row in rows]


def head(tx: Tx, conversation: str) -> Head | None:
    """The last number and log epoch of a conversation, or None while nothing was said in it."""
    rows = tx.run(_HEAD, {"conversation": conversation})
    return Head(int(rows[0][0]), rows[0][1], rows[0][2]) if rows else None


def open_session(tx: Tx, conversation: str) -> Session | None:
    """The session that is open in a conversation, or None."""
    return projection.open_in(tx, conversation)


def heads(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """The last number of each of these conversations that exists; one query."""
    found = tx.execute(sa.select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id.in_(ids)))
    return {row.id: row.last_seq for row in found}
