"""Answer, or say that one is not sure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the first hit of a query."""

    score: float
    margin: float
    cosine: float
    share: float
    unknown: float
    weight: float


def may_answer(evidence: Evidence) -> bool:
    """Whether the first hit may be quoted as the answer."""
    return evidence.score >= 0.5
