"""The log: append an event in its place, read on from a number."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations.events import Entry, Event, SessionClosed, SessionOpened, decode, encode
from crm_core.conversations.tables import conversations, sessions
from crm_core.database import Statement, Tx, Values
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


@dataclass(frozen=True)
class OpenSession:
    """The episode of service under way, and when something was last said in it."""

    id: str
    last_at: datetime


_SAID = Statement(
    "SELECT seq FROM entries WHERE conversation_id = :conversation AND sender = :sender AND client_id = :client_id"
)
_BUMP = Statement(
    "UPDATE conversations SET last_seq = last_seq + :count, last_at = :at WHERE id = :conversation RETURNING last_seq"
)
_BUMP_AFTER = Statement(
    "UPDATE conversations SET last_seq = last_seq + :count, last_at = :at "
    "WHERE id = :conversation AND last_seq = :after RETURNING last_seq"
)
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
_OPEN = Statement(
    "SELECT s.id, c.last_at FROM sessions s JOIN conversations c ON c.id = s.conversation_id "
    "WHERE s.conversation_id = :conversation AND s.state <> 'closed'"
)
_HEAD = Statement("SELECT last_seq, log_epoch, customer_id FROM conversations WHERE id = :conversation")


def append(
    tx: Tx,
    thread: Thread,
    events: Sequence[tuple[Event, str | None]],
    *,
    at: datetime,
    after: int | None = None,
) -> list[Entry]:
    """Append events, each with the id its sender gave it (or None), as one block without gaps.

    With `after` the block is appended only if that is still the last number; otherwise ConversationMovedOn. Raises
    AlreadySaid when an id was used before. Number order is commit order: the row of the conversation is locked by the
    UPDATE that takes the number.
    """
    for event, client_id in events:
        if client_id is not None:
            said: Values = {"conversation": thread.conversation, "sender": event.sender, "client_id": client_id}
            rows = tx.run(_SAID, said)
            if rows:
                raise AlreadySaid(int(rows[0][0]))
    millis = to_millis(at)
    last = _take_numbers(tx, thread, len(events), millis, after)
    moment = from_millis(millis)
    entries = []
    for seq, (event, client_id) in enumerate(events, start=last - len(events) + 1):
        values: Values = {
            "conversation": thread.conversation,
            "seq": seq,
            "sender": event.sender,
            "client_id": client_id,
            "at": millis,
            "event": encode(event),
        }
        tx.run(_INSERT, values)
        entry = Entry(thread.conversation, seq, moment, event)
        _cache_session(tx, entry)
        entries.append(entry)
    return entries


def _take_numbers(tx: Tx, thread: Thread, count: int, at: int, after: int | None) -> int:
    values: Values = {"conversation": thread.conversation, "count": count, "at": at}
    rows = tx.run(_BUMP, values) if after is None else tx.run(_BUMP_AFTER, {**values, "after": after})
    if rows:
        return int(rows[0][0])
    if after:
        raise ConversationMovedOn(thread.conversation)
    start: Values = {"customer": thread.customer, "channel": thread.channel, "log": uuid.uuid4().hex}
    tx.run(_START, {"conversation": thread.conversation, "at": at, **start})
    rows = tx.run(_BUMP, values)
    last = int(rows[0][0])
    if after is not None and last != count:
        raise ConversationMovedOn(thread.conversation)
    return last


def since(tx: Tx, conversation: str, seq: int, most: int = READ_AT_MOST) -> list[Entry]:
    """The entries after `seq`, in order, at most `most` of them."""
    rows = tx.run(_SINCE, {"conversation": conversation, "since": seq, "most": most})
    return [Entry(conversation, int(row[0]), from_millis(row[1]), decode(row[2])) for row in rows]


def head(tx: Tx, conversation: str) -> Head | None:
    """The last number and log epoch of a conversation, or None while nothing was said in it."""
    rows = tx.run(_HEAD, {"conversation": conversation})
    return Head(int(rows[0][0]), rows[0][1], rows[0][2]) if rows else None


def open_session(tx: Tx, conversation: str) -> OpenSession | None:
    """The session that is open in a conversation, or None."""
    rows = tx.run(_OPEN, {"conversation": conversation})
    return OpenSession(rows[0][0], from_millis(rows[0][1])) if rows else None


def heads(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """The last number of each of these conversations that exists; one query."""
    found = tx.execute(sa.select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id.in_(ids)))
    return {row.id: row.last_seq for row in found}


def _cache_session(tx: Tx, entry: Entry) -> None:
    """Keep the row that lists need in step with the log."""
    if isinstance(entry.event, SessionOpened):
        tx.execute(
            sessions.insert().values(
                id=f"{entry.conversation}:{entry.seq}",
                conversation_id=entry.conversation,
                state="bot",
                opened_at=entry.at,
            )
        )
    elif isinstance(entry.event, SessionClosed):
        tx.execute(
            sessions.update()
            .where(sessions.c.conversation_id == entry.conversation, sessions.c.state != "closed")
            .values(state="closed", closed_at=entry.at, close_reason=entry.event.reason)
        )
