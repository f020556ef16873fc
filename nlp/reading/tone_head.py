"""The trained half of tone: whether a shop message is pleased, displeased or neither, from what it spells."""

from __future__ import annotations

from functools import cache
from typing import Final

from nlp.reading.ngrams import LinearHead
from nlp.trained import path_of

FILE: Final = "sign.npz"
SIGNS: Final = ("negative", "neutral", "positive")


@cache
def shipped_tone() -> LinearHead:
    """Return the shipped head, loaded once; raises `nlp.trained.SpoiltWeights`."""
    return LinearHead.read(path_of(f"tones/{FILE}"))
