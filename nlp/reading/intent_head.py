"""The trained half of intents: what a message spells, its vector as second opinion, calibrated probabilities."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from math import exp
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder import Embedder
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.ngrams import LinearHead, softmax
from nlp.trained import WEIGHTS, path_of

FILES = ("spelling.npz", "opinion.npz")
MOST = 5  # intents named for one message
LEAST = 0.05  # a probability under this is not worth naming

_SURE: Final = 1.0  # nats between the best two scores from which spelling alone decides
_OPINION: Final = np.float32(5)  # how much a cosine counts beside a log probability


class IntentHead:
    """A linear head over character n-grams, the likeness to each intent's anchor, and a calibration of their sum.

    `anchors` is (intents, dimension): where each intent's name and examples lie in the embedding beside the head.
    `shares` and `chances` are the knots of the calibration: how often an intent given such a share was right. With an
    `embedder`, `likely` asks for vectors itself. May be called from several threads.
    """

    def __init__(
        self,
        spelling: LinearHead,
        anchors: NDArray[np.float32],
        shares: NDArray[np.float32],
        chances: NDArray[np.float32],
        embedder: Embedder | None = None,
    ) -> None:
        self.names = spelling.classes
        self.spelling = spelling
        self._anchors = anchors
        self._shares: list[float] = shares.tolist()
        self._chances: list[float] = chances.tolist()
        self._embedder = embedder

    @classmethod
    def shipped(cls) -> IntentHead:
        """Return the shipped head, loaded once; raises `nlp.trained.SpoiltWeights`."""
        return _shipped()

    @classmethod
    def read(cls, folder: Path, embedder: StaticEmbedder | None = None) -> IntentHead:
        """Read a folder that `zhanggui train intents` wrote, to be used with the embedder that it was trained beside.

        Beside another embedder the anchors mean nothing, and spelling decides alone. Raises `OSError`, `ValueError` or
        `KeyError` if the folder holds no head.
        """
        with np.load(folder / "opinion.npz") as stored:
            beside = stored["embedding"].tobytes().decode()
            known = embedder if embedder is not None and embedder.name == beside else None
            anchors = stored["anchors"].astype(np.float32)
            spelling = LinearHead.read(folder / "spelling.npz")
            return cls(spelling, anchors, stored["shares"], stored["chances"], known)

    def likely(self, folded: str) -> list[tuple[str, float]]:
        """Return what `predict` returns, the vector looked up here where one is wanted."""
        return self.named(self.spelling.scores(folded), folded)

    def named(self, scores: NDArray[np.float32], folded: str) -> list[tuple[str, float]]:
        """Return what `likely` returns, for a text whose scores by spelling are known already.

        Where spelling alone is sure the second opinion is not asked for: looking up a vector costs as much as the rest.
        """
        best = _best(scores)
        if self._embedder is not None and scores[best[0]] - scores[best[1]] <= _SURE:
            scores = self._weighed(scores, self._embedder.encode([folded])[0])
            best = _best(scores)
        return self._chances_of(scores, best)

    def predict(self, folded: str, vector: NDArray[np.float32] | None = None) -> list[tuple[str, float]]:
        """Return the likely intents of a folded text with their probabilities, best first, at most `MOST`.

        `vector` is the text's row from the embedding beside the head; without it spelling decides alone. Each
        probability is of its intent by itself: they need not sum to one.
        """
        scores = self._weighed(self.spelling.scores(folded), vector)
        return self._chances_of(scores, _best(scores))

    def shares(self, folded: str, vector: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return each intent's share before calibration; they sum to one."""
        return softmax(self._weighed(self.spelling.scores(folded), vector))

    def _weighed(self, scores: NDArray[np.float32], vector: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Add the second opinion to the scores, if its vector fits."""
        if vector is None or vector.shape != self._anchors.shape[1:]:
            return scores
        return scores + self._anchors @ vector * _OPINION

    def _chances_of(self, scores: NDArray[np.float32], best: list[int]) -> list[tuple[str, float]]:
        """Name the highest scores with the calibrated probabilities of their shares."""
        highest = scores[best[0]]
        total = float(np.exp(scores - highest).sum())
        found = []
        for place in best:
            chance = self._chance(exp(float(scores[place] - highest)) / total)
            if chance >= LEAST:
                found.append((self.names[place], chance))
        return found

    def _chance(self, share: float) -> float:
        """Return how often an intent given this share was right, between the knots on a straight line."""
        knot = bisect_right(self._shares, share)
        if knot in (0, len(self._shares)):
            return self._chances[max(knot - 1, 0)]
        below, above = self._shares[knot - 1], self._shares[knot]
        low, high = self._chances[knot - 1], self._chances[knot]
        return low + (high - low) * (share - below) / (above - below)


def _best(scores: NDArray[np.float32]) -> list[int]:
    """Return the places of the highest scores, highest first."""
    best: list[int] = scores.argpartition(-MOST)[-MOST:].tolist()
    best.sort(key=lambda place: (-scores[place], place))
    return best


@cache
def _shipped() -> IntentHead:
    """Check the shipped files against the model card and read them."""
    for name in FILES:
        path_of(f"intents/{name}")
    return IntentHead.read(WEIGHTS / "intents", StaticEmbedder.shipped())
