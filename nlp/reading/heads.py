"""Several linear heads over the same grams, scored in one pass: a message is spelt once, not once a head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, log, sqrt
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion_head import EmotionHead
from nlp.reading.intent_head import IntentHead
from nlp.reading.ngrams import LinearHead, key_of
from nlp.trained import digests

_MOST_REMEMBERED: Final = 1 << 16  # grams whose places are kept at hand; a shop's frequent ones are fewer
_UNKNOWN: Final = 0  # the place of grams that no head knows


class JointHeads:
    """A wide head and narrow ones over the same grams; their scores equal each head's own. Safe to call from threads.

    Every gram that any head knows has a place, from one up. The wide head's grams come first, so that its matrix ends
    with them; a narrow head is small enough to have a row for every place, with the gram's rarity multiplied in. Places
    of grams seen before are found by the gram itself, so that most messages cost no hashing.
    """

    def __init__(self, wide: LinearHead, *narrow: LinearHead) -> None:
        further = [np.setdiff1d(head.keys, wide.keys) for head in narrow]
        keys = np.concatenate([wide.keys, np.unique(np.concatenate(further))]) if narrow else wide.keys
        self._order = np.argsort(keys)
        self._sorted_keys = keys[self._order]
        self._wide = wide
        self._wide_weights = np.concatenate([np.zeros((1, len(wide.classes)), np.int8), wide.weights])
        self._wide_rarity = np.concatenate([np.zeros(1, np.float32), wide.rarity])
        self._narrow = [_Narrow(head, self._places_of_keys(head.keys), len(keys) + 1) for head in narrow]
        self._rows: dict[str, int] = {}

    def scores(self, text: str) -> list[NDArray[np.float32]]:
        """Return the scores for folded text, the wide head's first; a head's bias where it knows no gram."""
        places = self._places(text)
        counts: Counter[int] | None = None
        if len(set(places)) < len(places):
            counts = Counter(places)
            places = list(counts)
        own = len(self._wide.keys)
        rows = [place for place in places if place <= own]
        damping = None if counts is None else {place: 1 + log(count) for place, count in counts.items() if count > 1}
        return [self._wide_scores(rows, damping), *(head.scores(places, damping) for head in self._narrow)]

    def _wide_scores(self, rows: list[int], damping: Mapping[int, float] | None) -> NDArray[np.float32]:
        """Return the wide head's scores from the rows of its grams."""
        if not rows:
            return self._wide.bias
        where = np.array(rows)
        values = self._wide_rarity.take(where)
        if damping is not None:
            values *= _damped(rows, damping)
        sums = values @ self._wide_weights.take(where, 0).astype(np.float32)
        scores: NDArray[np.float32] = sums * (self._wide.scale / sqrt(values @ values)) + self._wide.bias
        return scores

    def _places(self, text: str) -> list[int]:
        """Return the places of a text's grams that any head knows, a gram that occurs twice twice."""
        framed = f"\x02{text}\x03"
        pairs = list(map(str.__add__, framed, framed[1:]))
        grams = [*text, *pairs, *map(str.__add__, pairs, framed[2:])]
        places = list(map(self._rows.get, grams))
        if None in places:
            places = [
                self._place_of(gram) if place is None else place for gram, place in zip(grams, places, strict=True)
            ]
        return [place for place in places if place]

    def _place_of(self, gram: str) -> int:
        """Find a gram's place, and keep it at hand; two threads that do so at once store the same."""
        if len(self._rows) >= _MOST_REMEMBERED:
            self._rows = {}
        key = np.uint32(key_of(gram))
        near = int(np.searchsorted(self._sorted_keys, key))
        known = near < len(self._sorted_keys) and self._sorted_keys[near] == key
        place = self._rows[gram] = int(self._order[near]) + 1 if known else _UNKNOWN
        return place

    def _places_of_keys(self, keys: NDArray[np.uint32]) -> NDArray[np.intp]:
        """Return the places of keys that are known."""
        places: NDArray[np.intp] = self._order[np.searchsorted(self._sorted_keys, keys)] + 1
        return places


class _Narrow:
    """A head of few classes with a row for every place: its weights under the gram's rarity, and the rarity squared."""

    def __init__(self, head: LinearHead, places: NDArray[np.intp], size: int) -> None:
        self._bias = head.bias
        self._rows = np.zeros((size, len(head.classes) + 1), np.float32)
        self._rows[places, :-1] = head.weights * (head.rarity[:, None] * head.scale)
        self._rows[places, -1] = head.rarity**2

    def scores(self, places: list[int], damping: Mapping[int, float] | None) -> NDArray[np.float32]:
        """Return the scores from the places of a text's grams."""
        if not places:
            return self._bias
        rows = self._rows.take(places, 0)
        if damping is not None:
            factors = _damped(places, damping)[:, None]
            rows[:, :-1] *= factors
            rows[:, -1:] *= factors**2
        sums = np.add.reduce(rows)
        length = sqrt(sums[-1]) or 1.0
        scores: NDArray[np.float32] = sums[:-1] / np.float32(length) + self._bias
        return scores


def _damped(places: list[int], damping: Mapping[int, float]) -> NDArray[np.float32]:
    """Return how much each gram counts: one that occurs n times 1 + ln n."""
    return np.array([damping.get(place, 1.0) for place in places], np.float32)


class Opinions(NamedTuple):
    """What trained heads make of a message: likely intents with their probabilities, and a share for each emotion."""

    intents: Sequence[tuple[str, float]]
    feelings: Sequence[float] | None


class Heads(Protocol):
    """Whatever has an opinion on messages beside the word lists; called from several threads."""

    def opinions(self, folded: str) -> Opinions:
        """Return the opinions on a folded text."""
        ...


class TrainedHeads:
    """The trained heads for intents and emotions, asked together."""

    def __init__(self, intents: IntentHead, emotion: EmotionHead) -> None:
        self._intents = intents
        self._joint = JointHeads(intents.spelling, emotion.emotion)

    def opinions(self, folded: str) -> Opinions:
        """Return what the heads make of a folded text."""
        spelling, feelings = self._joint.scores(folded)
        return Opinions(self._intents.named(spelling, folded), shares_of(feelings.tolist()))


class NoHeads:
    """No opinion on anything: the word lists decide alone."""

    def opinions(self, folded: str) -> Opinions:  # noqa: ARG002 - it has none
        """Return no opinions."""
        return Opinions((), None)


@cache
def shipped_heads() -> Heads:
    """Return the shipped heads, read once a process; raises `nlp.trained.SpoiltWeights` if their files are damaged.

    Before they are trained for the first time, which is when the model card does not list them, there are none.
    """
    if not any(name.startswith("intents/") for name in digests()):
        return NoHeads()
    return TrainedHeads(IntentHead.shipped(), EmotionHead.shipped())


def shares_of(scores: Sequence[float]) -> list[float]:
    """Turn a few scores into probabilities that sum to one; for eight of them quicker than numpy."""
    highest = max(scores)
    raised = [exp(score - highest) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]
