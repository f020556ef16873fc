"""Promises in what the shop says to a shopper: found with words and time, and kept by what is said later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crm_core.conversations.events import AgentSpoke, BotReplied, Entry
from crm_core.desk.promises import NewPromise, Promise
from nlp.reading.fulfilments import Fulfilment
from nlp.reading.promises import promises_in

LOOKED_INTO: Final = timedelta(minutes=10)
"""Whoever comes back after this long and says something has come back for a reason."""
# What is promised is done with words, or with deeds of which the words tell.
_BY_DEED: Final = frozenset({"refund", "compensate", "dispatch"})
_OF_THE_CASE: Final = frozenset({"order", "logistics"})


def promises_of(entry: Entry, zone: ZoneInfo, *, session: str | None, customer: str | None) -> list[NewPromise]:
    """What an entry promises the shopper. A rule that the bot quotes binds everybody, and is none."""
    event = entry.event
    if isinstance(event, BotReplied):
        if event.decision in ("handoff", "social", "unsure") or _quotes_rules(event):
            return []
        made_by = "bot"
    elif isinstance(event, AgentSpoke):
        made_by = event.agent
    else:
        return []
    return [
        NewPromise(
            text=one.text,
            topic=one.topic,
            due_at=one.due,
            exact=one.exact,
            conversation=entry.conversation,
            session=session,
            customer=customer,
            made_by=made_by,
            seq=entry.seq,
            start=one.start,
            end=one.end,
        )
        for one in promises_in(event.text, entry.at.astimezone(zone))
    ]


def _quotes_rules(reply: BotReplied) -> bool:
    kinds = {source.kind for source in reply.sources}
    return "article" in kinds and not kinds & _OF_THE_CASE


def kept_by(open_ones: Sequence[Promise], said_at: datetime, said: Fulfilment) -> list[Promise]:
    """Which promises a later message of the shop keeps.

    A deed (refund, dispatch, compensation) is done when the message says so. An answer is given by a message that says
    something, where it tells a result or comes after a while.
    """
    return [
        one
        for one in open_ones
        if one.topic in said.done
        or (one.topic not in _BY_DEED and said.says_something and (said.result or said_at - one.made_at >= LOOKED_INTO))
    ]
