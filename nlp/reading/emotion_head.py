"""The trained half of emotion: eight probabilities and a polarity from what a message spells."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.reading.ngrams import LinearHead, softmax
from nlp.trained import WEIGHTS, path_of

FILES = ("emotion.npz", "polarity.npz")


class Felt(NamedTuple):
    """What the heads make of a message: a probability for each of the eight emotions, and a polarity from −1 to 1."""

    probabilities: dict[str, float]
    polarity: float


class EmotionHead:
    """Two linear heads: which of eight emotions, and praise or blame.

    Polarity is twice the probability of praise less one. Neutral questions lie anywhere in between: it says which way a
    feeling points, not whether there is one.
    """

    def __init__(self, emotion: LinearHead, polarity: LinearHead) -> None:
        self.emotion = emotion
        self.praise = polarity

    @classmethod
    def shipped(cls) -> EmotionHead:
        """Return the shipped heads, loaded once; raises `nlp.trained.SpoiltWeights`."""
        return _shipped()

    @classmethod
    def read(cls, folder: Path) -> EmotionHead:
        """Read a folder that `zhanggui train emotion` wrote; raises `OSError`, `ValueError` or `KeyError`."""
        return cls(*(LinearHead.read(folder / name) for name in FILES))

    def shares(self, folded: str) -> NDArray[np.float32]:
        """Return the probability of each of the eight emotions in a folded text, in the order of their list."""
        return softmax(self.emotion.scores(folded))

    def polarity(self, folded: str) -> float:
        """Return how far a folded text praises (1) or blames (−1)."""
        return math.tanh(float(self.praise.scores(folded)[0]) / 2)  # 2·σ(x) − 1 = tanh(x / 2)

    def predict(self, folded: str) -> Felt:
        """Return the eight probabilities (they sum to one) and the polarity of a folded text."""
        names = self.emotion.classes
        return Felt(dict(zip(names, self.shares(folded).tolist(), strict=True)), self.polarity(folded))


@cache
def _shipped() -> EmotionHead:
    """Check the shipped files against the model card and read them."""
    for name in FILES:
        path_of(f"emotion/{name}")
    return EmotionHead.read(WEIGHTS / "emotion")
