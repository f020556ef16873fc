"""A shopper's rating: whose it is, what it is about, and which session it belongs to."""

from datetime import datetime, timedelta
from typing import Final

from crm_core.conversations.events import AgentSpoke, Entry, SatisfactionGiven
from crm_core.database import Tx
from crm_core.desk import last_words, ratings
from crm_core.desk.ratings import Rating

STILL_RATED: Final = timedelta(hours=24)
"""After its end a session can be rated for this long."""


def keep_rating(
    tx: Tx, conversation: str, customer: str | None, given: SatisfactionGiven, at: datetime
) -> Rating | None:
    """Keep a rating of the session under way, or of the last one for a day; None when there is nothing to rate.

    It is the person's where a person has spoken in the session, else the bot's. The last one given counts.
    """
    session = last_words.session_to_rate(tx, conversation, at - STILL_RATED)
    if session is None:
        return None
    said = last_words.last_of(tx, conversation, session.first)
    about = said.get("agent") or said.get("bot")
    if about is None:
        return None
    rating = Rating(
        session_id=session.id,
        side="agent" if "agent" in said else "bot",
        conversation_id=conversation,
        customer_id=customer,
        agent=_agent(about),
        solved=given.solved,
        stars=given.stars,
        text=given.text.strip(),
        about_seq=about.seq,
        first_at=at,
        at=at,
        times=1,
    )
    if not ratings.rate(tx, rating):
        return None
    return ratings.rating_of(tx, session.id, rating.side)


def _agent(entry: Entry) -> str | None:
    return entry.event.agent if isinstance(entry.event, AgentSpoke) else None
