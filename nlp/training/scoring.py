"""Scores that training, the model card and the judged tests share: rank correlation, retrieval, accuracy and F1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder import Embedder
from nlp.training.corpora import intent_names, read_json_lines, read_lines


class Retrieval(NamedTuple):
    """Share of queries with a right answer first, and among the first ten; and the mean reciprocal rank at ten."""

    first: float
    ten: float
    reciprocal: float


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """Return Spearman's rank correlation, ties given their mean rank."""
    return float(np.corrcoef(_ranks(np.asarray(left, float)), _ranks(np.asarray(right, float)))[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each value, equal values sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    ranks: NDArray[np.float64] = (ends - (count - 1) / 2)[place]
    return ranks


def academic_pairs(data: Path) -> dict[str, list[tuple[str, str, float]]]:
    """Return the labelled sentence pairs that may measure but never train: name → (text, text, grade)."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for name, path, mark in (
        ("LCQMC dev", "lcqmc_dev.txt", "\t"),
        ("BQ dev", "bq_dev.csv", ","),
        ("OPPO dev", "oppo_dev.txt", "\t"),
        ("STS-B dev", "sts-b-dev.txt", "\t"),
    ):
        if (data / "pairs_academic" / path).exists():
            rows = [line.split(mark) for line in read_lines(data / "pairs_academic" / path)]
            found[name] = [(row[0], row[1], float(row[2])) for row in rows if len(row) == 3 and row[2][:1].isdigit()]
    return found


def pair_score(embedder: Embedder, pairs: Sequence[tuple[str, str, float]]) -> float:
    """Return Spearman ×100 between the cosine of each pair and its grade."""
    left, right = embedder.encode([a for a, _, _ in pairs]), embedder.encode([b for _, b, _ in pairs])
    return 100 * spearman((left * right).sum(1).tolist(), [grade for _, _, grade in pairs])


def label_retrieval(embedder: Embedder, data: Path) -> Retrieval:
    """Find the 118 CIC intent names by the 401 clean sentences."""
    rows = read_json_lines(data / "cic_buyer_intents/clean_eval.json")
    names = sorted((name for name in intent_names() if name.cic is not None), key=lambda name: name.cic or 0)
    similarity = (
        embedder.encode_queries([row["sentence"] for row in rows]) @ embedder.encode([name.label for name in names]).T
    )
    return retrieval(similarity, [{int(row["label"])} for row in rows])


def duplicates(pairs: Sequence[tuple[str, str, float]]) -> tuple[list[str], list[tuple[int, set[int]]]]:
    """Turn labelled pairs into a search task: all sentences, and the duplicates of each one that has any."""
    texts = sorted({text for a, b, _ in pairs for text in (a, b)})
    place = {text: number for number, text in enumerate(texts)}
    right: dict[int, set[int]] = {}
    for a, b, grade in pairs:
        if grade == 1 and a != b:
            right.setdefault(place[a], set()).add(place[b])
            right.setdefault(place[b], set()).add(place[a])
    return texts, sorted(right.items())


def retrieval(similarity: NDArray[np.float32], right: Sequence[set[int]]) -> Retrieval:
    """Score a (queries, candidates) matrix of similarities against the right candidates of each query."""
    first = ten = reciprocal = 0.0
    for row, answers in zip(similarity, right, strict=True):
        best = np.argpartition(-row, min(10, len(row) - 1))[:10]
        best = best[np.argsort(-row[best], kind="stable")]
        hits = [rank for rank, place in enumerate(best.tolist()) if place in answers]
        first += bool(hits) and hits[0] == 0
        ten += bool(hits)
        reciprocal += 1 / (hits[0] + 1) if hits else 0
    return Retrieval(first / len(right), ten / len(right), reciprocal / len(right))


class Classified(NamedTuple):
    """Share of right answers, and F1 averaged over classes and for each class."""

    accuracy: float
    macro_f1: float
    f1: Mapping[str, float]


def classified(expected: Sequence[str], given: Sequence[str]) -> Classified:
    """Score answers with one name each; classes are those that are expected somewhere."""
    f1 = {}
    for name in sorted(set(expected)):
        both = sum(a == b == name for a, b in zip(expected, given, strict=True))
        f1[name] = 2 * both / (expected.count(name) + list(given).count(name))
    accuracy = sum(a == b for a, b in zip(expected, given, strict=True)) / len(expected)
    return Classified(accuracy, sum(f1.values()) / len(f1), f1)
