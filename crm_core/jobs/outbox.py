"""Words for the outside world, written in the commit that causes them; whoever delivers them reads them here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.database import Statement, Tx
from crm_core.jobs.tables import outbox


@dataclass(frozen=True)
class Outgoing:
    """Something that happened, as the shop's other systems are told of it."""

    id: int
    kind: str
    conversation: str
    session: str | None
    seq: int
    at: datetime
    payload: str


_APPEND = Statement(
    "INSERT INTO outbox (kind, conversation_id, session_id, seq, at, payload) "
    "VALUES (:kind, :conversation, :session, :seq, :at, :payload)"
)


def append(tx: Tx, kind: str, conversation: str, session: str | None, seq: int, at: int, payload: str) -> None:
    """Write down that something is to be told; `at` in milliseconds, `payload` JSON."""
    tx.run(
        _APPEND,
        {"kind": kind, "conversation": conversation, "session": session, "seq": seq, "at": at, "payload": payload},
    )


def undelivered(tx: Tx, most: int = 100) -> list[Outgoing]:
    """What has not been delivered, oldest first; other deliverers get none of the same rows meanwhile."""
    query = (
        sa.select(outbox)
        .where(outbox.c.delivered_at.is_(None))
        .order_by(outbox.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [
        Outgoing(row.id, row.kind, row.conversation_id, row.session_id, row.seq, row.at, row.payload)
        for row in tx.execute(query)
    ]


def delivered(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Mark rows as delivered."""
    tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(delivered_at=at))


def forget(tx: Tx, before: datetime) -> int:
    """Delete what is older, delivered or not; how many rows were."""
    return tx.execute(outbox.delete().where(outbox.c.at < before)).rowcount
