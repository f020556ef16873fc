"""What a shopper feels: words, marks and emoji give evidence, a trained head gives recall."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import log
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.reading.lexicon import Hit

NAMES: Final = ("angry", "anxious", "disappointed", "sad", "neutral", "satisfied", "grateful", "delighted")
_PLACE: Final = {name: place for place, name in enumerate(NAMES)}
NEGATIVE: Final = frozenset(NAMES[:4])
POSITIVE: Final = frozenset(NAMES[5:])

# How good or bad each feeling is when it is strong.
_SIGN: Final = {
    "angry": -1.0,
    "anxious": -0.6,
    "disappointed": -0.75,
    "sad": -0.75,
    "neutral": 0.0,
    "satisfied": 0.7,
    "grateful": 0.75,
    "delighted": 1.0,
}
_ENOUGH: Final = 0.4  # evidence from words alone that makes a feeling
_IRONY: Final = "irony"  # praise that means blame where something is blamed: 厉害了，穿两天掉底
_BLAMED: Final = 0.3  # evidence of a complaint from which such praise is not meant
_HEAD_TRUST: Final = 5.0  # nats that full evidence from words weighs against the head's log-probabilities
_PLEASED: Final = 0.5  # probability of the pleased feelings from which marks in a row are joy: 太香了吧！！！
_LEAST_SHARE: Final = 1e-4  # what a share of nothing counts as, so that words can still speak for it
_RUN: Final = re.compile(r"(?:[!?][\s]*){2,}")
_REPEATED: Final = re.compile(r"([\u4e00-\u9fff]{1,4})(?:[,，\s]?\1){2,}")
_TURN: Final = re.compile(
    r"[,。!?;\s](?:但是?|可是?|不过|就是|结果|然而|没想到|谁知道?|偏偏|却)|(?:但是|可是|不过|结果|谁知道?)"
)
_ONCE: Final = re.compile(r"(?:以前|原来|原本|本来|当初|之前)(?!的订单)")


class Emotion(NamedTuple):
    """One of the eight feelings, its sign and size from -1 to 1, and how strongly it is said, from 0 to 1."""

    name: str
    polarity: float
    intensity: float


class EmotionHead(Protocol):
    """A trained classifier of feelings; called from several threads."""

    def shares(self, text: str) -> NDArray[np.float32]:
        """Return the probability of each of `NAMES` for folded text."""
        ...


def read_emotion(text: str, hits: Sequence[Hit], shares: Sequence[float] | None = None) -> Emotion:
    """Return the feeling of a folded message from its hits of the `emotion` list and its marks.

    `shares` is a trained head's probability for each of `NAMES`; with it words weigh against the head's opinion. Marks
    in a row (！！！) and repeated words make what is felt stronger, and give a message that is not pleased an edge of
    anger.
    """
    marks = _marks(text)
    pleased = shares is not None and sum(shares[_PLACE[name]] for name in POSITIVE) > _PLEASED
    evidence = _evidence(text, hits, 0 if pleased else marks)
    if shares is None:
        name = max(evidence, key=lambda one: (evidence[one], _SIGN[one] < 0), default="neutral")
        strength = evidence.get(name, 0.0)
        if strength < _ENOUGH:
            name = "neutral"
    else:
        name, strength = _weighed(shares, evidence)
    if name == "neutral":
        return Emotion("neutral", 0.0, min(0.3, 0.1 * marks))
    intensity = min(1.0, 0.7 * strength + 0.1 * marks + 0.1 * _more(hits))
    return Emotion(name, round(_SIGN[name] * (0.4 + 0.6 * intensity), 3), round(intensity, 3))


def _weighed(shares: Sequence[float], evidence: Mapping[str, float]) -> tuple[str, float]:
    """Return the feeling that head and words together speak for most, and how strongly the clearer of them does."""
    if not evidence:
        share = max(shares)
        return NAMES[shares.index(share)], share
    scores = [log(share + _LEAST_SHARE) for share in shares]
    for name, weight in evidence.items():
        scores[_PLACE[name]] += _HEAD_TRUST * weight
    best = scores.index(max(scores))
    return NAMES[best], max(shares[best], evidence.get(NAMES[best], 0.0))


def _marks(text: str) -> int:
    """Count how insistent the writing is: 2 for three marks or more in a row, 1 for two, 1 more for words repeated."""
    longest = max((sum(mark in "!?" for mark in run[0]) for run in _RUN.finditer(text)), default=0)
    return (2 if longest >= 3 else 1 if longest == 2 else 0) + (_REPEATED.search(text) is not None)


def _more(hits: Sequence[Hit]) -> int:
    """Count the words that raise the strength of what stands beside them, two at most."""
    return min(2, sum(hit.rule.kind == "more" for hit in hits))


def _evidence(text: str, hits: Sequence[Hit], marks: int) -> dict[str, float]:
    """Return how strongly each feeling is said; the word after a turn (但是) outweighs the word before it."""
    turns = [turn.start() for turn in _TURN.finditer(text)] if hits else []
    once = [said.start() for said in _ONCE.finditer(text)] if hits else []
    evidence: dict[str, float] = {}
    ironic = 0.0
    for hit in _undisputed(hits):
        name, weight = hit.rule.kind, hit.rule.weight
        if name == "more" or _asks_both_ways(text, hit):
            continue
        if name == _IRONY:
            ironic = max(ironic, weight)
            continue
        if name in POSITIVE and turns and hit.end <= turns[-1] and (name != "grateful" or len(turns) > 1):
            weight *= 0.5
        if (
            name in POSITIVE
            and once
            and (before := bisect_right(once, hit.start))
            and hit.start - once[before - 1] <= 8
        ):
            weight *= 0.5
        evidence[name] = 1 - (1 - evidence.get(name, 0.0)) * (1 - weight)
    bad = max((evidence.get(name, 0.0) for name in NEGATIVE), default=0.0)
    good = max((evidence.get(name, 0.0) for name in POSITIVE), default=0.0)
    if bad >= 0.6 and "grateful" in evidence:
        evidence["grateful"] *= 0.4  # 谢谢 closes complaints too
    if ironic and bad >= _BLAMED:
        evidence["angry"] = 1 - (1 - evidence.get("angry", 0.0)) * (1 - ironic)
        for name in POSITIVE & evidence.keys():
            evidence[name] *= 0.3
    if marks >= 2 and good < bad + 0.3:
        evidence["angry"] = 1 - (1 - evidence.get("angry", 0.0)) * (0.7 if bad else 0.6)
    return evidence


def _asks_both_ways(text: str, hit: Hit) -> bool:
    """Tell whether a negated word is half of an A-not-A question: 好不好看 is no 不好看."""
    start = hit.start
    return text[start] in "不没" and 0 < start < len(text) - 1 and text[start - 1] == text[start + 1]


def _undisputed(hits: Sequence[Hit]) -> list[Hit]:
    """Drop the hits that lie inside a longer one: 不满意 is no 满意."""
    if len(hits) < 2:
        return list(hits)
    kept: list[Hit] = []
    first = reach = -1  # the span that reaches farthest of those seen; the longest of each start comes first
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.end > reach:
            first, reach = hit.start, hit.end
        elif hit.end < reach or first < hit.start:
            continue
        kept.append(hit)
    return kept
