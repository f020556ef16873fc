"""What agents tell each other about a session; a table of its own, which no query for a shopper reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.tables import conversations
from crm_core.database import Tx
from crm_core.desk.tables import notes


@dataclass(frozen=True)
class Note:
    """A note or a supervisor's whisper; `after` is the entry after which it stands in the talk."""

    id: int
    session: str
    conversation: str
    after: int
    author: str
    kind: str
    text: str
    mentions: tuple[str, ...]
    client_id: str | None
    at: datetime


def write(
    tx: Tx,
    session: str,
    conversation: str,
    author: str,
    text: str,
    *,
    at: datetime,
    kind: str = "note",
    mentions: Sequence[str] = (),
    client_id: str | None = None,
) -> Note:
    """Keep a note; the same author's same `client_id` again is the note that is known."""
    if client_id is not None:
        query = sa.select(notes).where(
            notes.c.session_id == session, notes.c.author == author, notes.c.client_id == client_id
        )
        known = tx.execute(query).one_or_none()
        if known is not None:
            return _note(known)
    last = tx.execute(sa.select(conversations.c.last_seq).where(conversations.c.id == conversation)).scalar_one()
    row = {
        "session_id": session,
        "conversation_id": conversation,
        "after_seq": last,
        "author": author,
        "kind": kind,
        "text": text,
        "mentions": list(mentions),
        "client_id": client_id,
        "at": at,
    }
    number = tx.execute(notes.insert().values(**row).returning(notes.c.id)).scalar_one()
    return Note(number, session, conversation, last, author, kind, text, tuple(mentions), client_id, at)


def of_session(tx: Tx, session: str, after: int = 0) -> list[Note]:
    """The notes of a session with a higher number than `after`, oldest first."""
    query = sa.select(notes).where(notes.c.session_id == session, notes.c.id > after).order_by(notes.c.id)
    return [_note(row) for row in tx.execute(query)]


def _note(row: "sa.Row[Any]") -> Note:
    return Note(
        row.id,
        row.session_id,
        row.conversation_id,
        row.after_seq,
        row.author,
        row.kind,
        row.text,
        tuple(row.mentions),
        row.client_id,
        row.at,
    )
