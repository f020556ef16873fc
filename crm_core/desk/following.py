"""How far the log was read for what follows from it: promises, enquiries, and what other systems are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations.logs import CHANNEL as IMPORTED
from crm_core.conversations.tables import conversations, sessions
from crm_core.database import Statement, Tx
from crm_core.desk.work_tables import followed


@dataclass(frozen=True)
class Behind:
    """A conversation in which more was said than was read: up to `read`, of `last` entries."""

    conversation: str
    customer: str | None
    channel: str
    read: int
    last: int


# Forward only, and only from where the reader stood: of two that read the same, one writes what follows from it.
_READ_ON = Statement(
    "UPDATE followed SET seq = :seq WHERE conversation_id = :conversation AND seq = :read RETURNING seq"
)
_BEGIN = Statement(
    "INSERT INTO followed (conversation_id, seq) VALUES (:conversation, :seq) "
    "ON CONFLICT (conversation_id) DO NOTHING RETURNING seq"
)


def behind(tx: Tx, since: datetime | None, most: int = 100) -> list[Behind]:
    """Conversations of our own with unread entries, heard of since a time; None looks at all of them."""
    read = sa.func.coalesce(followed.c.seq, 0)
    query = (
        sa.select(conversations, read.label("read"))
        .outerjoin(followed, followed.c.conversation_id == conversations.c.id)
        .where(conversations.c.channel != IMPORTED, conversations.c.last_seq > read)
        .order_by(conversations.c.last_at)
        .limit(most)
    )
    if since is not None:
        query = query.where(conversations.c.last_at >= since)
    return [Behind(row.id, row.customer_id, row.channel, row.read, row.last_seq) for row in tx.execute(query)]


def read_on(tx: Tx, conversation: str, read: int, seq: int) -> bool:
    """Note that a conversation was read from `read` up to `seq`; False when somebody else has read there meanwhile."""
    if tx.run(_READ_ON, {"conversation": conversation, "read": read, "seq": seq}):
        return True
    return read == 0 and bool(tx.run(_BEGIN, {"conversation": conversation, "seq": seq}))


def session_starts(tx: Tx, ids: Sequence[str]) -> dict[str, list[int]]:
    """For each conversation the numbers at which its sessions began, in order."""
    found: dict[str, list[int]] = {one: [] for one in ids}
    query = sa.select(sessions.c.id, sessions.c.conversation_id).where(sessions.c.conversation_id.in_(list(ids)))
    for row in tx.execute(query):
        found[row.conversation_id].append(int(row.id.rpartition(":")[2]))
    return {one: sorted(starts) for one, starts in found.items()}
