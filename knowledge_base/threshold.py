"""When may the first hit speak? A probability, and the lowest one at which wrong answers stay within a budget.

The probability is a logistic function of the evidence. Its shipped coefficients (`prior.json`) were fitted by
`python -m knowledge_base.prior`; they are a guess that holds before a shop has labels of its own, and the shop's
cut is then drawn from labelled queries by a bound, never from the probability itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from math import exp, lgamma, log, log1p

import numpy as np

from knowledge_base.evidence import Evidence

DEFAULT_CUT = 0.4
"""Where nothing is calibrated yet; `python -m tests.judged.retrieval` prints what it lets through and holds back."""
CONFIDENCE = 0.95
"""How sure the bound of a cut is."""
STEPS = 20
"""Cuts tried from strict to loose."""
POOLED = ""
"""The name of the cut that serves every category without one of its own."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Coefficients of the evidence's fields and an intercept."""

    weights: Mapping[str, float]
    intercept: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A query somebody judged: how probable its first hit was, whether it was right, and in which category it lies."""

    probability: float
    right: bool
    category: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut and what it rests on. `bound` is the highest share of wrong answers that the sample still allows."""

    at: float
    budget: float
    asked: int
    answered: int
    wrong: int
    bound: float

    @property
    def answer_rate(self) -> float:
        """The share of the judged queries that the cut answers."""
        return self.answered / self.asked if self.asked else 0.0


@cache
def prior() -> Prior:
    """The shipped coefficients."""
    stored = json.loads(resources.files("knowledge_base").joinpath("prior.json").read_text("utf-8"))
    return Prior(stored["weights"], stored["intercept"])


@cache
def _coefficients() -> tuple[float, ...]:
    """The shipped weights in the order of the evidence's fields."""
    weights = prior().weights
    return tuple(weights[field.name] for field in fields(Evidence))


def probability(evidence: Evidence) -> float:
    """How probable it is that the first hit answers the query."""
    logit = prior().intercept + sum(map(float.__mul__, _coefficients(), evidence.row()))
    return 1 / (1 + exp(-max(logit, -700.0)))


def fit(rows: Sequence[tuple[float, ...]], right: Sequence[bool], ridge: float = 1.0) -> tuple[list[float], float]:
    """(weights, intercept) of a logistic regression by Newton's method; `ridge` acts on standardised columns."""
    table = np.asarray(rows, np.float64)
    truth = np.asarray(right, np.float64)
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread == 0] = 1
    columns = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    penalty = np.diag([ridge] * table.shape[1] + [0.0])
    weights = np.zeros(columns.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (chance - truth) + penalty @ weights
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    plain = weights[:-1] / spread
    return plain.tolist(), float(weights[-1] - plain @ mean)


def calibrate(judged: Iterable[Judged], budget: float, confidence: float = CONFIDENCE) -> Cut | None:
    """The loosest cut whose share of wrong answers is at most `budget`, proven on judged queries; None if none is.

    Cuts are tried from strict to loose and the first that cannot be proven ends the search (a fixed sequence of tests),
    so the bound, Clopper and Pearson's one-sided upper limit, holds with `confidence` however many are tried. The
    first cut answers as few queries as could prove the budget without a single error: 59 for 0.05, 149 for 0.02.
    """
    if not 0 < budget < 1:
        raise ValueError(f"a budget lies between 0 and 1: {budget}")
    ranked = sorted(judged, key=lambda one: (-one.probability, one.right))
    least = fewest_answers(budget, confidence)
    best: Cut | None = None
    for count in _counts(least, len(ranked)):
        at = ranked[count - 1].probability
        while count < len(ranked) and ranked[count].probability == at:
            count += 1
        wrong = sum(not one.right for one in ranked[:count])
        bound = upper_bound(wrong, count, confidence)
        if bound > budget:
            break
        best = Cut(at, budget, len(ranked), count, wrong, bound)
    return best


def fewest_answers(budget: float, confidence: float = CONFIDENCE) -> int:
    """How many answers without a single error prove a budget: 59 for 0.05, 149 for 0.02."""
    return int(log(1 - confidence) / log1p(-budget)) + 1


def unproven(judged: Iterable[Judged], budget: float, confidence: float = CONFIDENCE) -> Cut | None:
    """The loosest cut whose share of wrong answers was at most `budget` on the sample; its bound lies above.

    What a shop may go by while it has too few judged queries for `calibrate`. None when no cut kept the budget.
    """
    ranked = sorted(judged, key=lambda one: (-one.probability, one.right))
    best: Cut | None = None
    wrong = 0
    for count, one in enumerate(ranked, 1):
        wrong += not one.right
        if count < len(ranked) and ranked[count].probability == one.probability:
            continue
        if wrong <= budget * count:
            best = Cut(one.probability, budget, len(ranked), count, wrong, upper_bound(wrong, count, confidence))
    return best


def speaks_against(wrong: int, asked: int, budget: float, level: float = 0.1) -> bool:
    """Are so many errors rarer than `level` where the budget is kept? A single unlucky one is no evidence."""
    return wrong > 0 and 1 - _tail(wrong - 1, asked, budget) < level


def upper_bound(wrong: int, asked: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper limit of Clopper and Pearson (1934): above it, so few errors are rarer than 1 − confidence.

    Found by halving the interval, because the binomial tail falls steadily with the true share.
    """
    if asked <= 0 or wrong >= asked:
        return 1.0
    return _where_falls(lambda share: _tail(wrong, asked, share), 1 - confidence)


def _where_falls(tail: Callable[[float], float], level: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > level else (low, middle)
    return high


def _tail(wrong: int, asked: int, share: float) -> float:
    """The probability of at most `wrong` errors among `asked` when each has this share."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    whole = lgamma(asked + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(asked - k + 1) + k * log(share) + (asked - k) * log1p(-share))
        for k in range(wrong + 1)
    )


def _counts(least: int, most: int) -> list[int]:
    """How many queries each tried cut answers, from strict to loose; chosen without looking at what was right."""
    if most < least:
        return []
    steps = min(STEPS, most - least + 1)
    return sorted({round(least + (most - least) * step / max(steps - 1, 1)) for step in range(steps)})
