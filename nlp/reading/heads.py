"""Several linear heads over the same grams, scored in one pass: a message is spelt once, not once a head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import exp, log
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion_head import EmotionHead
from nlp.reading.intent_head import IntentHead
from nlp.reading.ngrams import LONGEST, LinearHead, key_of
from nlp.trained import digests

_MOST_REMEMBERED: Final = 1 << 17  # grams whose rows are kept at hand; a language's frequent ones are fewer
_UNKNOWN: Final = -1


class JointHeads:
    """The scores of several heads for a text, equal to each head's own; safe to call from several threads.

    Their weights lie side by side in one matrix of int8, a row for every gram that any of them knows. Rows of grams
    seen before are found by the gram itself, so that most messages cost no hashing.
    """

    def __init__(self, heads: Sequence[LinearHead]) -> None:
        self._keys: NDArray[np.uint32] = np.unique(np.concatenate([head.keys for head in heads]))
        widths = [len(head.classes) for head in heads]
        ends = np.cumsum([0, *widths]).tolist()
        self._spans = [slice(first, last) for first, last in pairwise(ends)]
        self._weights = np.zeros((len(self._keys), ends[-1]), np.int8)
        self._rarity = np.zeros((len(self._keys), len(heads)), np.float32)
        for number, (head, span) in enumerate(zip(heads, self._spans, strict=True)):
            places = np.searchsorted(self._keys, head.keys)
            self._weights[places, span] = head.weights
            self._rarity[places, number] = head.rarity
        self._scale = np.concatenate([head.scale for head in heads])
        self._bias = np.concatenate([head.bias for head in heads])
        self._place_of = {int(key): place for place, key in enumerate(self._keys.tolist())}
        self._rows: dict[str, int] = {}

    def scores(self, text: str) -> list[NDArray[np.float32]]:
        """Return each head's scores for folded text, in the order of the heads; its bias where no gram is known."""
        places = self._places(text)
        if not places:
            return [self._bias[span] for span in self._spans]
        damping: NDArray[np.float32] | None = None
        if len(set(places)) < len(places):
            counts = Counter(places)
            places = list(counts)
            damping = np.array([1 + log(count) for count in counts.values()], np.float32)
        rows = np.array(places)
        values = self._rarity.take(rows, 0)
        if damping is not None:
            values *= damping[:, None]
        # Every head's weights under every head's values: what does not belong together is cheaper made than avoided.
        sums = values.T @ self._weights.take(rows, 0).astype(np.float32)
        lengths = np.sqrt(np.add.reduce(values * values)).tolist()
        return [
            sums[number, span] * (self._scale[span] / (lengths[number] or 1)) + self._bias[span]
            for number, span in enumerate(self._spans)
        ]

    def _places(self, text: str) -> list[int]:
        """Return the rows of a text's grams that any head knows, a gram that occurs twice twice."""
        framed = f"\x02{text}\x03"
        grams = list(text)
        for length in range(2, LONGEST + 1):
            grams += [framed[start : start + length] for start in range(len(framed) - length + 1)]
        rows = self._rows
        places = []
        for gram in grams:
            place = rows.get(gram)
            if place is None:
                place = self._remember(gram)
            if place != _UNKNOWN:
                places.append(place)
        return places

    def _remember(self, gram: str) -> int:
        """Find a gram's row, and keep it at hand; two threads that do so at once store the same."""
        if len(self._rows) >= _MOST_REMEMBERED:
            self._rows = {}
        place = self._rows[gram] = self._place_of.get(key_of(gram), _UNKNOWN)
        return place


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
        self._joint = JointHeads([intents.spelling, emotion.emotion])

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
