"""Fit a linear head over character n-grams, and pack it small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlp.reading.ngrams import LinearHead, gram_keys

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]


class Grams:
    """The grams that enough training texts share, and texts as rows of their damped, rarity-weighted counts."""

    def __init__(self, texts: Sequence[str], at_least: int, most: int | None = None) -> None:
        """Count the grams of folded texts; keep those in `at_least` texts, and of these the `most` frequent."""
        keys, counts = np.unique(np.concatenate([gram_keys(text)[0] for text in texts]), return_counts=True)
        kept = np.flatnonzero(counts >= at_least)
        if most is not None and len(kept) > most:
            kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[:most]])
        self.keys: NDArray[np.uint32] = keys[kept]
        rarity = np.log((1 + len(texts)) / (1 + counts[kept])) + 1
        self.rarity = rarity.astype(np.float16).astype(np.float32)  # as it will be stored

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return folded texts as a (texts, grams) matrix whose rows have length one."""
        from scipy.sparse import csr_matrix

        places, values, ends = [], [], [0]
        for text in texts:
            keys, counts = gram_keys(text)
            place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            known = self.keys[place] == keys
            place = place[known]
            value = self.rarity[place] * (np.log(counts[known]) + np.float32(1))
            places.append(place)
            values.append(value / max(float(np.sqrt(value @ value)), 1e-12))
            ends.append(ends[-1] + len(place))
        shape = (len(texts), len(self.keys))
        return csr_matrix((np.concatenate(values), np.concatenate(places), np.array(ends)), shape=shape)


def fit(
    rows: csr_matrix,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    strength: float,
    rounds: int = 150,
    say: Callable[[str], None] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fit multinomial logistic regression to soft targets, (rows, classes) shares that sum to one in each row.

    `strength` is C, the inverse of the L2 penalty, as in scikit-learn. Returns weights (grams, classes) and bias.
    L-BFGS (Liu and Nocedal 1989) from zero: the same data give the same weights.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    rows = rows.astype(np.float32)
    turned = rows.T.tocsr()
    grams, classes = rows.shape[1], targets.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(grams + 1, classes).astype(np.float32)
        scores = rows @ table[:-1] + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        logs = scores - total
        wrong = (np.exp(logs) - targets) * weights[:, None]
        slope = np.empty_like(table)
        slope[:-1] = turned @ wrong + table[:-1] / strength
        slope[-1] = wrong.sum(axis=0)
        value = -float((targets * logs).sum(axis=1) @ weights) + float((table[:-1] ** 2).sum()) / (2 * strength)
        return value, slope.astype(np.float64).ravel()

    found = minimize(loss, np.zeros((grams + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    if say is not None:
        say(f"{len(targets)} 行，{grams} 个字串，{classes} 类，损失 {found.fun / float(weights.sum()):.4f}")
    table = found.x.reshape(grams + 1, classes).astype(np.float32)
    return table[:-1], table[-1]


def pack_head(
    classes: Sequence[str], grams: Grams, weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> LinearHead:
    """Store the weights as int8 with one scale a class."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-12) / np.float32(127)
    whole = np.rint(weights / scale).astype(np.int8)
    return LinearHead(tuple(classes), grams.keys, grams.rarity, whole, scale.astype(np.float32), bias)
