"""The trained half of emotion: eight probabilities and a polarity from what a message spells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion import NEGATIVE, POSITIVE
from nlp.reading.ngrams import LinearHead
from nlp.trained import WEIGHTS, path_of

FILES = ("emotion.npz", "post.npz", "polarity.npz", "talk.npz")
TALK = ("chat", "post", "review")  # what kind of text it is: to a shop or a friend, to the world, on goods

_PRAISE_TRUST = 0.7  # nats that surest praise or blame weighs in the choice among the emotions …
_REVIEW_TRUST = 4.5  # … and where somebody reviews goods, which is seldom neutral
_CHAT_FIRST = 2.0  # nats by which chat is likelier here than among the texts that the kinds were learnt from
_ODD = 0.02  # chance of a post from which the head for posts is asked
_LEAST = 1e-6  # what a share of nothing counts as


class Felt(NamedTuple):
    """What the heads make of a message: a probability for each of the eight emotions, and a polarity from −1 to 1."""

    probabilities: dict[str, float]
    polarity: float


class Weighed(NamedTuple):
    """Scores of the eight emotions, the polarity from −1 to 1, and how likely the text is chat."""

    scores: list[float]
    polarity: float
    chat: float


class EmotionHead:
    """Linear heads: which of eight emotions, in chat and in posts; praise or blame, in talk and in reviews; which talk.

    One head for everything loses to a head for each kind of text, so the kind decides how much each one counts.
    Polarity is twice the probability of praise less one. Neutral questions lie anywhere in between: it says which way a
    feeling points, not whether there is one.
    """

    def __init__(self, emotion: LinearHead, post: LinearHead, polarity: LinearHead, talk: LinearHead) -> None:
        self.emotion = emotion
        self.post = post
        self.praise = polarity
        self.talk = talk
        self.signs = [(name in POSITIVE) - (name in NEGATIVE) for name in emotion.classes]

    @classmethod
    def shipped(cls) -> EmotionHead:
        """Return the shipped heads, loaded once; raises `nlp.trained.SpoiltWeights`."""
        return _shipped()

    @classmethod
    def read(cls, folder: Path) -> EmotionHead:
        """Read a folder that `zhanggui train emotion` wrote; raises `OSError`, `ValueError` or `KeyError`."""
        return cls(*(LinearHead.read(folder / name) for name in FILES))

    def weighed(
        self, emotion: Sequence[float], post: Sequence[float], praise: Sequence[float], talk: Sequence[float]
    ) -> Weighed:
        """Put the scores of the four heads for one text together."""
        chat, posted, review = shares_of([talk[0] + _CHAT_FIRST, *talk[1:]])
        polarity = math.tanh(((1 - review) * praise[0] + review * praise[1]) / 2)  # 2·σ(x) − 1 = tanh(x / 2)
        trust = (_PRAISE_TRUST * (1 - review) + _REVIEW_TRUST * review) * polarity
        if posted > _ODD:
            # Posts know no thanks and no contentment: in posts too the head for talk keeps half of its say.
            emotion = [
                math.log((1 - posted / 2) * talked + posted / 2 * said + _LEAST)
                for talked, said in zip(shares_of(emotion), shares_of(post), strict=True)
            ]
        scores = [score + sign * trust for score, sign in zip(emotion, self.signs, strict=True)]
        return Weighed(scores, polarity, chat)

    def shares(self, folded: str) -> NDArray[np.float32]:
        """Return the probability of each emotion for folded text, in the order of the head's classes."""
        return np.array(shares_of(self._all(folded).scores), np.float32)

    def polarity(self, folded: str) -> float:
        """Return how far a folded text praises (1) or blames (−1)."""
        return self._all(folded).polarity

    def predict(self, folded: str) -> Felt:
        """Return the eight probabilities (they sum to one) and the polarity of a folded text."""
        found = self._all(folded)
        return Felt(dict(zip(self.emotion.classes, shares_of(found.scores), strict=True)), found.polarity)

    def _all(self, folded: str) -> Weighed:
        heads = (self.emotion, self.post, self.praise, self.talk)
        return self.weighed(*(head.scores(folded).tolist() for head in heads))


def shares_of(scores: Sequence[float]) -> list[float]:
    """Turn a few scores into probabilities that sum to one; quicker than numpy."""
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


@cache
def _shipped() -> EmotionHead:
    """Check the shipped files against the model card and read them."""
    for name in FILES:
        path_of(f"emotion/{name}")
    return EmotionHead.read(WEIGHTS / "emotion")
