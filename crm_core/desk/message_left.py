"""What a shopper says after a message was left for people: it belongs to the ticket that the bot opened for it."""

from collections.abc import Collection

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.tickets import BOT, LONGEST_SUMMARY
from crm_core.desk.work_tables import tickets

MOST_WORDS = 20
_BY_THE_BOT = (
    tickets.c.opened_by == BOT,
    tickets.c.state.in_(("new", "assigned")),
    tickets.c.type != "price_enquiry",
)
_OPENED = sa.select(tickets.c.session_id).where(*_BY_THE_BOT)


def is_open(tx: Tx, session: str | None) -> bool:
    """Has the bot opened a ticket about the case of a session, which nobody has begun with?"""
    return tx.execute(_opened(session).limit(1)).first() is not None


def waiting(tx: Tx, sessions: Collection[str]) -> set[str]:
    """In which of these sessions the bot has opened such a ticket."""
    if not sessions:
        return set()
    return set(tx.execute(_OPENED.where(tickets.c.session_id.in_(list(sessions)))).scalars())


def add(tx: Tx, session: str, words: str, phone: str | None) -> None:
    """Add what the shopper says to what was left, and the number to call back, until somebody works on it."""
    for row in tx.execute(_opened(session).with_for_update()).all():
        changes: dict[str, object] = {}
        said = list(row.details.get("said", []))
        if row.type == "callback" and len(said) < MOST_WORDS:
            changes["details"] = {**row.details, "said": [*said, words]}
            changes["summary"] = f"{row.summary}；{words}"[:LONGEST_SUMMARY]
        if phone is not None and row.phone is None:
            changes["phone"] = tx.keys.seal(phone, f"tickets.phone.{row.id}")
        if changes:
            tx.execute(tickets.update().where(tickets.c.id == row.id).values(version=row.version + 1, **changes))


def _opened(session: str | None) -> "sa.Select[tuple[object]]":
    return sa.select(tickets).where(tickets.c.session_id == session, *_BY_THE_BOT)
