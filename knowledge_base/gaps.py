"""Questions that lack an answer, gathered by what they ask: groups, the question in the middle of each, its wordings.

Groups grow from the nearest pair outwards (average linkage), so that no chain of neighbours ties strangers together.
How near is near enough depends on the embedder and on how finely the shop tells its questions apart: `alikeness` learns
it from the shop's own similar questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.articles import Article
from nlp.embedding.embedder import Embedder
from nlp.words import fold

ALIKE = 0.58
"""Mean nearness within a group where the shop has too few similar questions to learn it from."""
MOST = 4_000
"""Questions grouped at once; of more, the later ones."""
_LEARNT_FROM = 800
_ENOUGH = 60
_STRICT = 0.7  # a stranger in a group costs more than a missing neighbour: its draft would answer the wrong thing
_STEPS = [round(0.3 + 0.02 * step, 2) for step in range(31)]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask for one thing, by their place in the given order, and the most central of them."""

    members: tuple[int, ...]
    centre: int
    closeness: float
    """How near the members are to each other on average; 1 for a single one."""


@dataclass(frozen=True, slots=True)
class _Merge:
    left: int
    right: int
    nearness: float


def grouped(texts: Sequence[str], embedder: Embedder, alike: float = ALIKE) -> list[Group]:
    """The groups of some questions, the largest first; the same questions give the same groups.

    The same words said twice count as two questions of one group.
    """
    texts = texts[-MOST:] if len(texts) > MOST else texts
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        places.setdefault(fold(text).text, []).append(number)
    distinct = list(places)
    vectors = embedder.encode(distinct)
    counts = np.array([len(places[text]) for text in distinct], np.float64)
    labels = _cut(len(distinct), _merges(vectors, counts, alike), alike)
    together: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        together.setdefault(label, []).append(row)
    groups = []
    for rows in together.values():
        middle = (vectors[rows] * counts[rows, None]).sum(axis=0)
        nearness = vectors[rows] @ middle / max(float(np.linalg.norm(middle)), 1e-9)
        centre = rows[int(np.argmax(nearness))]
        members = tuple(sorted(place for row in rows for place in places[distinct[row]]))
        groups.append(Group(members, places[distinct[centre]][0], _closeness(vectors[rows], counts[rows])))
    groups.sort(key=lambda group: (-len(group.members), group.members))
    return groups


def alikeness(articles: Iterable[Article], embedder: Embedder) -> float:
    """How near questions of one group are at least, learnt from the shop's own similar questions; ALIKE when too few.

    The value under which grouping these questions comes nearest to how the shop has sorted them; strangers in a group
    count more than missing neighbours.
    """
    asked: list[tuple[str, int]] = []
    for number, article in enumerate(one for one in articles if one.kind == "article" and one.similar):
        asked += [(question, number) for question in (article.title, *article.similar)]
    asked = asked[:_LEARNT_FROM]
    if len(asked) < _ENOUGH or asked[-1][1] == 0:
        return ALIKE
    vectors = embedder.encode([question for question, _ in asked])
    sorted_by_shop = np.array([number for _, number in asked])
    merges = _merges(vectors, np.ones(len(asked)), _STEPS[0])
    return max(_STEPS, key=lambda step: _agreement(np.array(_cut(len(asked), merges, step)), sorted_by_shop))


def wordings(texts: Sequence[str], embedder: Embedder, most: int) -> list[str]:
    """Up to `most` of these texts that differ most from each other, beginning with the first."""
    distinct = list({fold(text).text: text for text in reversed(texts)}.values())[::-1]
    if len(distinct) <= most:
        return distinct
    vectors = embedder.encode(distinct)
    chosen = [0]
    nearest = vectors @ vectors[0]
    while len(chosen) < most:
        farthest = int(np.argmin(nearest))
        chosen.append(farthest)
        nearest = np.maximum(nearest, vectors @ vectors[farthest])
        nearest[chosen] = np.inf
    return [distinct[row] for row in sorted(chosen)]


def central(texts: Sequence[str], embedder: Embedder) -> int:
    """Which of these texts the others are nearest to: of several answers, the one they agree on."""
    vectors = embedder.encode(list(texts))
    return int(np.argmax(vectors @ vectors.sum(axis=0)))


def _merges(vectors: NDArray[np.float32], counts: NDArray[np.float64], least: float) -> list[_Merge]:
    """The nearest two groups become one, again and again, while they are near enough on average.

    The mean nearness of two groups of unit vectors is the product of their means, so only the sums are kept.
    """
    sums = vectors.astype(np.float64) * counts[:, None]
    sizes = counts.copy()
    alive = np.ones(len(sums), np.bool_)
    best = np.full(len(sums), -np.inf)
    partner = np.zeros(len(sums), np.int64)

    def look(row: int) -> None:
        near = sums @ sums[row] / (sizes * sizes[row])
        near[~alive] = -np.inf
        near[row] = -np.inf
        partner[row] = int(np.argmax(near))
        best[row] = near[partner[row]]

    if len(sums) < 2:
        return []
    for row in range(len(sums)):
        look(row)
    merges: list[_Merge] = []
    while True:
        row = int(np.argmax(best))
        if best[row] < least:
            return merges
        other = int(partner[row])
        left, right = min(row, other), max(row, other)
        merges.append(_Merge(left, right, float(best[row])))
        sums[left] += sums[right]
        sizes[left] += sizes[right]
        alive[right] = False
        best[right] = -np.inf
        for stale in np.flatnonzero(alive & ((partner == left) | (partner == right))).tolist():
            look(stale)
        look(left)
        near = sums @ sums[left] / (sizes * sizes[left])
        nearer = alive & (near > best)
        nearer[left] = False
        best[nearer], partner[nearer] = near[nearer], left


def _cut(count: int, merges: Sequence[_Merge], least: float) -> list[int]:
    """The label of each row once the merges that are near enough are made."""
    label = list(range(count))
    for merge in merges:
        if merge.nearness >= least:
            label[merge.right] = merge.left
    for row in range(count):
        root = row
        while label[root] != root:
            root = label[root]
        label[row] = root
    return label


def _agreement(labels: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """How well groups agree with the true ones: B-cubed precision and recall (Bagga and Baldwin 1998), as F."""
    together = labels[:, None] == labels[None, :]
    same = truth[:, None] == truth[None, :]
    both = (together & same).sum(axis=1)
    precision = float((both / together.sum(axis=1)).mean())
    recall = float((both / same.sum(axis=1)).mean())
    weight = _STRICT**2
    return (1 + weight) * precision * recall / max(weight * precision + recall, 1e-9)


def _closeness(vectors: NDArray[np.float32], counts: NDArray[np.float64]) -> float:
    size = float(counts.sum())
    if size < 2:
        return 1.0
    whole = (vectors * counts[:, None]).sum(axis=0)
    return (float(whole @ whole) - size) / (size * (size - 1))
