"""What a bot or an agent promises a shopper, and by when: 明天下班前给您回复."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Final, NamedTuple

from nlp.dates import when
from nlp.reading.lexicon import Hit, Lexicon, rules_of
from nlp.words import fold

# How long a promise without a time holds, by the word that stands for one.
LATER: Final = timedelta(hours=2)
SOON: Final = timedelta(hours=24)
AT_ONCE: Final = timedelta(minutes=30)
_VAGUE: Final = (
    (re.compile(r"马上|立刻|立即|这就|即刻"), AT_ONCE),
    (re.compile(r"稍后|稍晚|晚点|待会|等会|一会儿?|过会"), LATER),
)
_start: Final = attrgetter("start")
_SENTENCE: Final = re.compile(r"[^。!?;\n]+[。!?;]?")
# 给您回复 says more than the 核实 before it: the topic that is settled last names the promise.
_WEIGHS_MOST: Final = ("refund", "compensate", "dispatch", "reply", "urge", "arrange", "check")


class Promise(NamedTuple):
    """A promise in the given text: its topic, when it falls due, and whether a time was named.

    Topics: reply, urge, dispatch, refund, compensate, check, arrange.
    """

    start: int
    end: int
    text: str
    topic: str
    due: datetime
    exact: bool


def promises_in(text: str, now: datetime) -> tuple[Promise, ...]:
    """Return the promises that an agent's or the bot's message makes, as said at `now`; one a sentence at most.

    Waiting (请稍等), rules that hold for everybody (一般48小时发货), questions and conditions promise nothing.
    """
    folded = fold(text)
    hits = _lexicon().scan(folded.text).get("promises", [])
    found = []
    hits = sorted(hits, key=_start)
    for sentence in _SENTENCE.finditer(folded.text):
        within = hits[bisect_left(hits, sentence.start(), key=_start) : bisect_left(hits, sentence.end(), key=_start)]
        if within:
            first, last = folded.span(sentence.start(), sentence.end())
            said = text[first:last].strip()
            offset = first + text[first:last].index(said)
            due, exact = _due(sentence[0], now)
            found.append(Promise(offset, offset + len(said), said, _topic(within), due, exact))
    return tuple(found)


def _topic(hits: Sequence[Hit]) -> str:
    """Return the topic that matters most to the shopper."""
    return min((hit.rule.kind for hit in hits), key=_WEIGHS_MOST.index)


def _due(sentence: str, now: datetime) -> tuple[datetime, bool]:
    """Return when a promise falls due: at the end of the time it names, or after what its vague word usually means."""
    ahead = [moment for moment in when(sentence, now) if moment.until > now]
    if ahead:
        return min(moment.until for moment in ahead), True
    for word, length in _VAGUE:
        if word.search(sentence):
            return now + length, False
    return now + SOON, False


@cache
def _lexicon() -> Lexicon:
    """Compile the list of promises; agents' words are scanned apart from shoppers' words."""
    return Lexicon(rules_of("promises"))
