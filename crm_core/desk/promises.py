"""The ledger of promises: who said what by when, reminded of before it is due, and kept or broken."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.work_tables import promises

STATES: Final = ("open", "kept", "broken", "dropped")
REMIND_BEFORE: Final = timedelta(minutes=30)
REMIND_SHARE: Final = 4
"""A promise of less than two hours is recalled when a quarter of its time is left."""
_LETTERS: Final = 20


class NoSuchPromise(LookupError):
    """There is no promise of this id."""


@dataclass(frozen=True)
class NewPromise:
    """What was promised. `start` and `end` are characters of the message `seq`; `key` makes it the same said twice.

    Topics: reply, urge, dispatch, refund, compensate, check, arrange, notify.
    """

    text: str
    topic: str
    due_at: datetime
    conversation: str
    made_by: str = "bot"
    exact: bool = False
    owner: str | None = None
    session: str | None = None
    customer: str | None = None
    seq: int | None = None
    start: int | None = None
    end: int | None = None
    key: str | None = None
    ticket: str | None = None


@dataclass(frozen=True)
class Promise:
    """A promise as it stands. Broken with a `settled_at` is kept late."""

    id: str
    conversation_id: str
    session_id: str | None
    customer_id: str | None
    seq: int | None
    start: int | None
    end: int | None
    text: str
    topic: str
    made_by: str
    owner: str | None
    made_at: datetime
    due_at: datetime
    exact: bool
    state: str
    reminded_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None
    settled_seq: int | None
    note: str
    ticket_id: str | None


@dataclass(frozen=True)
class Kept:
    """How one person's promises came out, of those that fell due."""

    who: str
    kept: int
    broken: int
    open: int

    @property
    def rate(self) -> float | None:
        """The share of kept ones; None before any fell due."""
        due = self.kept + self.broken
        return None if due == 0 else self.kept / due


_COLUMNS: Final = [field.name for field in fields(Promise)]


def note(tx: Tx, wanted: NewPromise, at: datetime) -> str:
    """Write a promise down, and return its id; one of the same key is there once, however often it is noted."""
    key = wanted.key or f"{wanted.conversation}:{wanted.seq}:{wanted.start}"
    promise_id = "P" + hashlib.sha256(key.encode()).hexdigest()[:_LETTERS]
    row = {
        "id": promise_id,
        "conversation_id": wanted.conversation,
        "session_id": wanted.session,
        "customer_id": wanted.customer,
        "seq": wanted.seq,
        "start": wanted.start,
        "end": wanted.end,
        "text": wanted.text,
        "topic": wanted.topic,
        "made_by": wanted.made_by,
        "owner": wanted.owner or (wanted.made_by if wanted.made_by != "bot" else None),
        "made_at": at,
        "due_at": wanted.due_at,
        "exact": wanted.exact,
        "state": "open",
        "note": "",
        "ticket_id": wanted.ticket,
    }
    tx.upsert(promises, [row], keep=[column.name for column in promises.columns])
    return promise_id


def promise_of(tx: Tx, promise_id: str) -> Promise | None:
    """The promise of this id, or None."""
    row = tx.execute(sa.select(promises).where(promises.c.id == promise_id)).one_or_none()
    return None if row is None else _promise(row)


def listed(
    tx: Tx,
    *,
    owner: str | None = None,
    nobodys: bool = False,
    session: str | None = None,
    customer: str | None = None,
    states: Collection[str] = STATES,
    before: datetime | None = None,
    unsettled: bool = False,
    after: tuple[datetime, str] | None = None,
    most: int = 100,
) -> list[Promise]:
    """Promises by when they fall due. `owner`'s own (`nobodys` beside them), due `before`; `after` reads a page on.

    `unsettled` leaves out what was kept late.
    """
    query = sa.select(promises).where(promises.c.state.in_(list(states)))
    if owner is not None:
        own = promises.c.owner == owner
        query = query.where(sa.or_(own, promises.c.owner.is_(None)) if nobodys else own)
    for column, value in ((promises.c.session_id, session), (promises.c.customer_id, customer)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(promises.c.due_at < before)
    if unsettled:
        query = query.where(promises.c.settled_at.is_(None))
    if after is not None:
        due, promise_id = after
        later = sa.and_(promises.c.due_at == due, promises.c.id > promise_id)
        query = query.where(sa.or_(promises.c.due_at > due, later))
    rows = tx.execute(query.order_by(promises.c.due_at, promises.c.id).limit(most))
    return [_promise(row) for row in rows]


def settle(
    tx: Tx, promise_id: str, state: str, *, by: str, at: datetime, seq: int | None = None, note: str = ""
) -> Promise:
    """Say that a promise is kept, broken, or no longer wanted; also of one that was settled otherwise before.

    What is kept after it was due stays broken, and is settled. Raises NoSuchPromise.
    """
    promise = promise_of(tx, promise_id)
    if promise is None:
        raise NoSuchPromise(promise_id)
    kept = "broken" if state == "kept" and at > promise.due_at and not by else state
    tx.execute(
        promises.update()
        .where(promises.c.id == promise_id)
        .values(
            state=kept,
            settled_at=None if state == "open" else at,
            settled_by=by,
            settled_seq=seq,
            note=note.strip() or promise.note,
        )
    )
    return promise_of(tx, promise_id) or promise


def unsettled_of(tx: Tx, conversation: str, before_seq: int) -> list[Promise]:
    """What was promised in a conversation before a message and waits to be kept, oldest first."""
    query = sa.select(promises).where(
        promises.c.conversation_id == conversation,
        promises.c.state.in_(("open", "broken")),
        promises.c.settled_at.is_(None),
        promises.c.seq < before_seq,
    )
    return [_promise(row) for row in tx.execute(query.order_by(promises.c.seq))]


def hand_over(tx: Tx, session: str, owner: str) -> None:
    """What the bot promised in a session, and nobody has to keep yet, is the affair of whoever serves it now."""
    mine = promises.update().where(promises.c.session_id == session, promises.c.owner.is_(None))
    tx.execute(mine.where(promises.c.state == "open").values(owner=owner))


def sweep(tx: Tx, at: datetime, most: int = 200) -> tuple[list[Promise], int]:
    """Call what is past its due time broken; those to be reminded of now, and how many were broken."""
    late = (
        sa.select(promises.c.id)
        .where(promises.c.state == "open", promises.c.due_at <= at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    broken = list(tx.execute(late).scalars())
    if broken:
        tx.execute(promises.update().where(promises.c.id.in_(broken)).values(state="broken"))
    soon = (
        sa.select(promises)
        .where(promises.c.state == "open", promises.c.reminded_at.is_(None), promises.c.due_at <= at + REMIND_BEFORE)
        .order_by(promises.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = [_promise(row) for row in tx.execute(soon)]
    due = [one for one in found if at >= one.due_at - min(REMIND_BEFORE, (one.due_at - one.made_at) / REMIND_SHARE)]
    if due:
        tx.execute(promises.update().where(promises.c.id.in_([one.id for one in due])).values(reminded_at=at))
    return due, len(broken)


def kept_rates(tx: Tx, since: datetime, until: datetime, by: str = "owner") -> list[Kept]:
    """How promises due in a time came out, by person or by `topic`; nobody's are the bot's."""
    who = promises.c.topic if by == "topic" else sa.func.coalesce(promises.c.owner, promises.c.made_by)
    count = sa.func.count()
    query = (
        sa.select(who.label("who"), promises.c.state, count.label("number"))
        .where(promises.c.due_at >= since, promises.c.due_at < until, promises.c.state != "dropped")
        .group_by(who, promises.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in tx.execute(query):
        found.setdefault(row.who, {})[row.state] = row.number
    return [
        Kept(name, states.get("kept", 0), states.get("broken", 0), states.get("open", 0))
        for name, states in sorted(found.items())
    ]


def _promise(row: "sa.Row[Any]") -> Promise:
    return Promise(**{name: row._mapping[name] for name in _COLUMNS})
