"""Whether the shopper wants a person, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nlp.reading.lexicon import Hit, Lexicon, rules_of
from nlp.words import fold

ENOUGH: Final = 0.6  # weight of a wording from which it counts as a wish

# 人工客服几点上班 asks about people, it does not ask for one; a verb that calls somebody makes it a wish again.
_WHEN: Final = (
    r"几点|几时|什么时候|什么时间|啥时候|啥时间|多会儿?|哪个?时间"
    r"|周[末一二三四五六日天]|星期|节假?日|晚上|夜里|半夜|凌晨|中午|早上"
)
_HOURS: Final = re.compile(
    rf"(?:{_WHEN}).{{0,8}}(?:上班|下班|在线|在岗|有|开始|结束|工作|营业|服务)"
    rf"|(?:上班|下班|在线|工作|营业|服务).{{0,4}}(?:时间|{_WHEN})"
    rf"|(?:{_WHEN}).{{0,4}}(?:能|可以|才能).{{0,2}}(?:转|找|联系)"
)
_CALLS: Final = re.compile(r"(?<!能)(?<!以)(?:转|找|叫|喊|接通|接入|换成|换个|联系)|给我|帮我|我要|我想|赶紧|马上|快点")
_SIGHT: Final = 80  # characters of a clause that are looked at on each side: it costs no more, however long it is
_CLAUSE: Final = re.compile(r"[,。!?;\s]")


def wish_for_human(hits: Sequence[Hit], folded: str = "") -> Hit | None:
    """Return the clearest of the hits of the `human` list, or nothing if none is clear enough.

    With the folded text, a hit whose clause asks when people serve is a question about them and no wish.
    """
    wishes = [hit for hit in hits if not (folded and _asks_for_hours(folded, hit))]
    clearest = max(wishes, key=lambda hit: hit.rule.weight, default=None)
    return clearest if clearest is not None and clearest.rule.weight >= ENOUGH else None


def wish_in(text: str) -> tuple[int, int] | None:
    """Where a text asks for a person: the characters of the clearest wording, or None."""
    folded = fold(text)
    wish = wish_for_human(_lexicon().scan(folded.text).get("human", ()), folded.text)
    return folded.span(wish.start, wish.end) if wish is not None else None


def _asks_for_hours(folded: str, hit: Hit) -> bool:
    before = _CLAUSE.split(folded[max(0, hit.start - _SIGHT) : hit.start])[-1]
    after = _CLAUSE.split(folded[hit.end : hit.end + _SIGHT], 1)[0]
    clause = f"{before}{folded[hit.start : hit.end]}{after}"
    return _HOURS.search(clause) is not None and _CALLS.search(clause) is None


@cache
def _lexicon() -> Lexicon:
    return Lexicon(rules_of("human"))
