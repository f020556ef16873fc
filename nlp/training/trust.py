"""How far to believe a label, when many are wrong: what a head that never saw the sentence thinks of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.training.corpora import Corpora, intent_names
from nlp.training.heads import Grams, fit
from nlp.words import fold

WRONG: Final = {"train": 0.4, "dev": 0.2}  # share of wrong labels, as the set's owner states it
_FOLDS: Final = 3
_STRENGTH: Final = 3.0


def label_trust(corpora: Corpora, say: Callable[[str], None]) -> dict[str, float]:
    """Return for each CIC sentence the probability that its label is right.

    Heads are fitted on the other folds (agreement out of fold, as in confident learning, Northcutt et al. 2021), but
    no row is dropped or given another label: pruning costs more than averaging. A label is held to be right with its
    stated rate, or drawn by label frequency; the head's shares are squared, for noise has flattened them.
    """
    rows = corpora.cic
    if not rows:
        return {}
    number = {name.cic: place for place, name in enumerate(intent_names()) if name.cic is not None}
    names = [fold(name.label).text for name in intent_names()]
    texts = [fold(text).text for text, _, _ in rows]
    labels = np.array([number[label] for _, label, _ in rows])
    folds = np.array([zlib.crc32(text.encode()) % _FOLDS for text in texts])
    shares = np.zeros((len(rows), len(names)), np.float32)
    for apart in range(_FOLDS):
        inside = [text for text, fold_number in zip(texts, folds, strict=True) if fold_number != apart]
        outside = [text for text, fold_number in zip(texts, folds, strict=True) if fold_number == apart]
        shares[folds == apart] = _head(inside, labels[folds != apart], names, outside)
        say(f"标签可信度：第 {apart + 1}/{_FOLDS} 折")
    sharp = shares**2
    sharp /= sharp.sum(axis=1, keepdims=True)
    wrong = np.array([WRONG[part] for _, _, part in rows])
    frequency = np.bincount(labels, minlength=len(names)) / len(labels)
    right = (1 - wrong) * sharp[np.arange(len(rows)), labels]
    trust = right / (right + wrong * frequency[labels])
    return {text: round(float(value), 4) for (text, _, _), value in zip(rows, trust, strict=True)}


def _head(inside: list[str], labels: NDArray[np.int64], names: list[str], outside: list[str]) -> NDArray[np.float32]:
    """Fit on one side of a fold, each intent's name added as three examples of it; return the shares of the other."""
    grams = Grams([*inside, *names], 2)
    targets = np.eye(len(names), dtype=np.float32)[np.concatenate([labels, np.arange(len(names))])]
    weights = np.concatenate([np.ones(len(inside)), np.full(len(names), 3.0)]).astype(np.float32)
    table, bias = fit(grams.rows([*inside, *names]), targets, weights, _STRENGTH, 45)
    scores = grams.rows(outside) @ table + bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return shares
