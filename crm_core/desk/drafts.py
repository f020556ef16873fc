"""Replies that were proposed to an agent, and what became of each: what teaches the shop which of them are good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.tables import suggestions


@dataclass(frozen=True)
class Proposed:
    """A draft as it is kept; `sources` is what it rests on, as JSON."""

    kind: str
    text: str
    sources: Sequence[Any]


def keep(
    tx: Tx, session: str, conversation: str, answers: int, proposed: Sequence[Proposed], at: datetime
) -> list[int]:
    """Keep what is proposed in answer to an entry, and the number of each; what was proposed before keeps its own."""
    query = sa.select(suggestions).where(suggestions.c.session_id == session, suggestions.c.answers == answers)
    known = {(row.kind, row.text): row.id for row in tx.execute(query)}
    numbers = []
    for one in proposed:
        number = known.get((one.kind, one.text))
        if number is None:
            row = {"session_id": session, "conversation_id": conversation, "answers": answers, "at": at}
            row |= {"kind": one.kind, "text": one.text, "sources": list(one.sources)}
            number = tx.execute(suggestions.insert().values(**row).returning(suggestions.c.id)).scalar_one()
        numbers.append(int(number))
    return numbers


def settle(tx: Tx, session: str, number: int, outcome: str, sent: str | None) -> bool:
    """Note what became of a draft of this session: accepted, edited or ignored; False when there is none."""
    found = tx.execute(
        suggestions.update()
        .where(suggestions.c.id == number, suggestions.c.session_id == session)
        .values(outcome=outcome, sent_text=sent)
    )
    return found.rowcount == 1
