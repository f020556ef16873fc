"""What a shopper says about price: asking for a reduction, objecting, comparing, waiting, claiming a difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from nlp.reading.lexicon import Hit, longest
from nlp.words import Folded

_SENTENCE_END = re.compile(r"[。!?;]")
# Who asks whether it will be cheaper later, or wants the difference back, asks for no reduction now.
_SILENCED_BY: Final = {"discount": {"wait", "protection"}, "bargain": {"wait"}, "compare": {"protection"}}
# 「比专柜还贵」 compares and objects with the same words.
_BESIDE: Final = frozenset({"expensive"})


class PriceCue(NamedTuple):
    """One cue and where it stands in the given text.

    Kinds: discount, bargain, expensive, compare, wait, protection, budget, value.
    """

    start: int
    end: int
    text: str
    kind: str


def price_cues(given: str, folded: Folded, hits: Sequence[Hit]) -> tuple[PriceCue, ...]:
    """Return the cues among the hits of the `price` list, in the order of the text; they never overlap."""
    if not hits:
        return ()
    kept = longest([hit for hit in hits if hit.rule.kind not in _BESIDE])
    kept += [
        hit
        for hit in longest([hit for hit in hits if hit.rule.kind in _BESIDE])
        if all(_apart(hit, other) or other.rule.kind == "compare" for other in kept)
    ]
    kept.sort(key=lambda hit: hit.start)
    cues = []
    for hit in kept:
        silencing = _SILENCED_BY.get(hit.rule.kind)
        if silencing and any(
            other.rule.kind in silencing and _same_sentence(folded.text, hit, other) for other in kept
        ):
            continue
        start, end = folded.span(hit.start, hit.end)
        cues.append(PriceCue(start, end, given[start:end], hit.rule.kind))
    return tuple(cues)


def _apart(one: Hit, other: Hit) -> bool:
    """Tell whether two hits share no character."""
    return one.end <= other.start or other.end <= one.start


def _same_sentence(text: str, one: Hit, other: Hit) -> bool:
    """Tell whether no sentence ends between two hits."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return _SENTENCE_END.search(between) is None
