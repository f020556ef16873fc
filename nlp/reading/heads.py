"""Several linear heads over the same grams, scored in one pass: a message is spelt once, not once a head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import log, sqrt
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion_head import EmotionHead, shares_of
from nlp.reading.intent_head import IntentHead
from nlp.reading.ngrams import LinearHead, key_of
from nlp.reading.tone_head import shipped_tone
from nlp.trained import WEIGHTS, digests

_MOST_REMEMBERED: Final = 1 << 16  # grams whose places are kept at hand; a shop's frequent ones are fewer
_TONE_TRUST: Final = 0.8  # how much each nat of the tone head's weighs in the choice among the emotions …
_EMOTION_TRUST: Final = 0.4  # … and of the emotion head's, which was fitted on talk of all kinds
_UNKNOWN: Final = 0  # the place of grams that no head knows


class JointHeads:
    """A wide head and narrow ones over the same grams, scored in one pass. Safe to call from several threads.

    Every gram that the wide head or a narrow one knows has a place, from one up, the wide head's first; the heads
    `beside` them count only such grams, and their scores come last. Places of grams seen before are found by the gram
    itself, so that most messages cost no hashing.
    """

    def __init__(self, wide: LinearHead, *narrow: LinearHead, beside: Sequence[LinearHead] = ()) -> None:
        others = np.unique(np.concatenate([head.keys for head in narrow]))
        keys = np.concatenate([wide.keys, np.setdiff1d(others, wide.keys)])
        narrow = (*narrow, *beside)
        self._order = np.argsort(keys)
        self._sorted_keys = keys[self._order]
        self._rows: dict[str, int] = {}
        self._wide = wide
        self._wide_weights = np.concatenate([np.zeros((1, len(wide.classes)), np.int8), wide.weights])
        self._wide_rarity = np.concatenate([np.zeros(1, np.float32), wide.rarity])
        # A narrow head is small enough for a row at every place: its weights times the rarity, the rarity squared.
        self._narrow = narrow
        self._narrow_rows = np.zeros((len(keys) + 1, sum(len(head.classes) + 1 for head in narrow)), np.float32)
        self._spans: list[slice] = []
        first = 0
        for head in narrow:
            known = np.isin(head.keys, keys)
            places = self._order[np.searchsorted(self._sorted_keys, head.keys[known])] + 1
            last = first + len(head.classes)
            rarity = head.rarity[known]
            self._narrow_rows[places, first:last] = head.weights[known] * (rarity[:, None] * head.scale)
            self._narrow_rows[places, last] = rarity**2
            self._spans.append(slice(first, last))
            first = last + 1
        self._lengths = np.array([span.stop for span in self._spans])

    def scores(self, text: str) -> list[NDArray[np.float32]]:
        """Return the scores for folded text, the wide head's first; a head's bias where it knows no gram."""
        places = self._places(text)
        counts: Counter[int] | None = None
        if len(set(places)) < len(places):
            counts = Counter(places)
            places = list(counts)
        damping = None if counts is None else {place: 1 + log(count) for place, count in counts.items() if count > 1}
        if not places:
            return [self._wide.bias, *(head.bias for head in self._narrow)]
        where = np.array(places)
        factors = None if damping is None else np.array([damping.get(place, 1.0) for place in places], np.float32)
        return [self._wide_scores(where, factors), *self._narrow_scores(where, factors)]

    def _wide_scores(self, where: NDArray[np.int64], factors: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return the wide head's scores from the places of a text's grams."""
        own = where <= len(self._wide.keys)
        mine = where[own]
        if not len(mine):
            return self._wide.bias
        values = self._wide_rarity.take(mine)
        if factors is not None:
            values *= factors[own]
        sums = values @ self._wide_weights.take(mine, 0).astype(np.float32)
        scores: NDArray[np.float32] = sums * (self._wide.scale / sqrt(values @ values)) + self._wide.bias
        return scores

    def _narrow_scores(
        self, where: NDArray[np.int64], factors: NDArray[np.float32] | None
    ) -> list[NDArray[np.float32]]:
        """Return the narrow heads' scores from the places of a text's grams."""
        rows = self._narrow_rows.take(where, 0)
        if factors is not None:
            rows *= factors[:, None]
            for span in self._spans:
                rows[:, span.stop] *= factors
        sums = np.add.reduce(rows)
        lengths = sums.take(self._lengths).tolist()
        return [
            sums[span] / np.float32(sqrt(length) or 1.0) + head.bias
            for head, span, length in zip(self._narrow, self._spans, lengths, strict=True)
        ]

    def _places(self, text: str) -> list[int]:
        """Return the places of a text's grams that have one, a gram that occurs twice twice."""
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
    """The trained heads for intents, emotions, polarity and tone, asked together."""

    def __init__(self, intents: IntentHead, emotion: EmotionHead, tone: LinearHead) -> None:
        self._intents = intents
        self._emotion = emotion
        self._joint = JointHeads(
            intents.spelling, emotion.emotion, emotion.post, emotion.talk, tone, beside=[emotion.praise]
        )

    def opinions(self, folded: str) -> Opinions:
        """Return what the heads make of a folded text.

        Which way a feeling points is in chat the tone head's affair, fitted on shop messages; which one of those that
        point so, the emotion heads'.
        """
        spelling, *others = self._joint.scores(folded)
        feelings, post, talk, tone, praise = (scores.tolist() for scores in others)
        found = self._emotion.weighed(feelings, post, praise, talk)
        trust = 1 - (1 - _EMOTION_TRUST) * found.chat
        by_sign = [_TONE_TRUST * found.chat * score for score in tone]
        scores = [
            trust * score + by_sign[sign + 1] for score, sign in zip(found.scores, self._emotion.signs, strict=True)
        ]
        return Opinions(self._intents.named(spelling, folded), shares_of(scores))


class NoHeads:
    """No opinion on anything: the word lists decide alone."""

    def opinions(self, folded: str) -> Opinions:  # noqa: ARG002 - it has none
        """Return no opinions."""
        return Opinions((), None)


@cache
def shipped_heads() -> Heads:
    """Return the shipped heads, read once a process; raises `nlp.trained.SpoiltWeights` if their files are damaged.

    Before anything was trained for the first time, which is when there is neither a model card nor a weight file, there
    are none; a card that does not list them beside weights that are there is a broken one.
    """
    if not digests() and not any(WEIGHTS.rglob("*.npz")):
        return NoHeads()
    return TrainedHeads(IntentHead.shipped(), EmotionHead.shipped(), shipped_tone())
