"""The session that a shopper may rate, and what bot and person said last in it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations.events import Entry, decode
from crm_core.conversations.tables import entries, sessions
from crm_core.database import Tx


@dataclass(frozen=True)
class RatedSession:
    """A session and the number of its first entry."""

    id: str
    first: int


def session_to_rate(tx: Tx, conversation: str, closed_since: datetime) -> RatedSession | None:
    """The session that is open in a conversation, else the last one if it closed since a time."""
    query = (
        sa.select(sessions.c.id)
        .where(
            sessions.c.conversation_id == conversation,
            sa.or_(sessions.c.closed_at.is_(None), sessions.c.closed_at >= closed_since),
        )
        .order_by(sessions.c.opened_at.desc(), sessions.c.closed_at.desc())
    )
    found = [row.id for row in tx.execute(query)]
    if not found:
        return None
    first, session = max((int(one.rpartition(":")[2]), one) for one in found)
    return RatedSession(session, first)


def last_of(tx: Tx, conversation: str, first: int) -> dict[str, Entry]:
    """The last words of the bot and of a person since an entry, by sender."""
    found = {}
    for sender in ("bot", "agent"):
        query = (
            sa.select(entries)
            .where(entries.c.conversation_id == conversation, entries.c.seq >= first, entries.c.sender == sender)
            .order_by(entries.c.seq.desc())
            .limit(1)
        )
        row = tx.execute(query).one_or_none()
        if row is not None:
            found[sender] = Entry(conversation, row.seq, row.at, decode(row.event))
    return found
