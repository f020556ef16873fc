"""What an agent's message says is done of what was promised: 已经给您退款了, 核实过了，仓库今天发出."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

from nlp.reading.lexicon import Lexicon, rules_of
from nlp.reading.promises import promises_in
from nlp.words import fold

_CLAUSE: Final = re.compile(r"[^,。!?;~…\n]+")
_WORD: Final = re.compile(r"[\w]")
_ENOUGH: Final = 6
"""Characters that are left of a message without its courtesies and promises, from which it says something."""
# Whatever is done about an order is told in these words too: a parcel sent again was sent.
_ALSO: Final = {"compensate": {"dispatch"}, "dispatch": {"compensate"}}


class Fulfilment(NamedTuple):
    """What a message reports: the topics that it says are done, whether it tells a result, whether it says anything."""

    done: frozenset[str]
    result: bool
    says_something: bool


def fulfilments_in(text: str, now: datetime) -> Fulfilment:
    """Return what the message of an agent, said at `now`, tells about what was promised before."""
    folded = fold(text).text
    hits = _lexicon().scan(folded).get("fulfilled", [])
    kinds = {hit.rule.kind for hit in hits if hit.rule.kind != "idle"}
    done = kinds - {"result"}
    idle = [(hit.start, hit.end) for hit in hits if hit.rule.kind == "idle"]
    promised = [fold(one.text).text for one in promises_in(text, now)]
    left = 0
    for clause in _CLAUSE.finditer(folded):
        start, end = clause.span()
        if not any(first < end and last > start for first, last in idle) and not any(
            clause[0] in said for said in promised
        ):
            left += len(_WORD.findall(clause[0]))
    return Fulfilment(
        frozenset(done | {other for one in done for other in _ALSO.get(one, ())}),
        bool(kinds),
        bool(kinds) or left >= _ENOUGH,
    )


@cache
def _lexicon() -> Lexicon:
    """Compile the list; agents' words are scanned apart from shoppers' words."""
    return Lexicon(rules_of("fulfilled"))
