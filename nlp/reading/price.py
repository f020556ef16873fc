"""What a shopper says about price: asking for a reduction, objecting, comparing, waiting, claiming a difference."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from nlp.reading.lexicon import Hit, longest
from nlp.reading.taken import Taken
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
    beside = longest([hit for hit in hits if hit.rule.kind in _BESIDE])
    if beside:
        taken = Taken()
        for hit in kept:
            if hit.rule.kind != "compare":
                taken.take(hit.start, hit.end)
        kept += [hit for hit in beside if taken.is_free(hit.start, hit.end)]
        kept.sort(key=lambda hit: hit.start)
    ends = [match.start() for match in _SENTENCE_END.finditer(folded.text)] if len(kept) > 1 else []
    said = {(bisect_right(ends, hit.start), hit.rule.kind) for hit in kept}  # each kind with its sentence
    cues = []
    for hit in kept:
        sentence = bisect_right(ends, hit.start)
        if any((sentence, kind) in said for kind in _SILENCED_BY.get(hit.rule.kind, ())):
            continue
        start, end = folded.span(hit.start, hit.end)
        cues.append(PriceCue(start, end, given[start:end], hit.rule.kind))
    return tuple(cues)
