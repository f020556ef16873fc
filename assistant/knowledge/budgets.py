"""Error budgets: what share of wrong answers the shop allows, and the cut that keeps to it, drawn on judged queries.

Judged queries are the shop's golden cases and what shoppers said of answers; while these are too few, the shop's own
similar questions stand in for them, and the cut says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant import library
from assistant.parts import Assistant
from crm_core import revisions
from crm_core.conversations import judgements
from crm_core.knowledge import articles, cuts, golden
from crm_core.knowledge.golden import GoldenCase
from knowledge_base import rehearsal
from knowledge_base.search import KnowledgeBase
from knowledge_base.threshold import (
    DEFAULT_CUT,
    Cut,
    Judged,
    calibrate,
    fewest_answers,
    probability,
    speaks_against,
    unproven,
)

Origin = Literal["golden", "feedback", "rehearsal"]
OFFERED = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2)
"""Budgets for which the page tells what they would buy."""
ENOUGH = 2
"""How many times the fewest answers that could prove a budget there must be labels: half of them may stay silent."""
LATEST = 2_000
"""Ratings that are looked at."""


@dataclass(frozen=True)
class Label:
    """A judged query and who judged it."""

    judged: Judged
    origin: Origin


@dataclass(frozen=True)
class Drawn:
    """A cut, where its labels come from, whether it is proven, and whether they are those of the whole shop."""

    cut: Cut
    labels: Mapping[str, int]
    borrowed: bool

    @property
    def proven(self) -> bool:
        """Does the bound keep to the budget?"""
        return self.cut.bound <= self.cut.budget


@dataclass(frozen=True)
class Labels:
    """Every judged query of the shop, as of one revision of its knowledge."""

    revision: int
    labels: tuple[Label, ...]

    def draw(self, category: str, budget: float) -> Drawn | None:
        """The cut of a category ("" is all of them) for a budget; None where no cut kept it.

        Drawn on labels of real questions alone where they are many enough to prove it, else with the shop's own, else
        on those of the whole shop: by their number, never by how they turned out. What the whole shop proves is
        stricter where the category's own few labels speak against it, and then unproven.
        """
        own = [one for one in self.labels if not category or one.judged.category == category]
        real = [one for one in own if one.origin != "rehearsal"]
        wanted = ENOUGH * fewest_answers(budget)
        among = next((some for some in (real, own) if len(some) >= wanted), list(self.labels))
        borrowed = bool(category) and len(among) > len(own)
        cut = calibrate([one.judged for one in among], budget)
        if cut is None:
            among, borrowed = (own, False) if own else (among, borrowed)
            cut = unproven([one.judged for one in among], budget)
        elif borrowed:
            seen = self.at(category, cut.at)
            if seen is not None and speaks_against(seen.wrong, seen.answered, budget):
                among, borrowed = own, False
                cut = unproven([one.judged for one in own], budget)
        return None if cut is None else Drawn(cut, _origins(among), borrowed)

    def at(self, category: str, cut: float) -> Cut | None:
        """How a given cut does on the labels of a category; None without any."""
        own = [one.judged for one in self.labels if not category or one.judged.category == category]
        answered = [one for one in own if one.probability >= cut]
        wrong = sum(not one.right for one in answered)
        return Cut(cut, 0.0, len(own), len(answered), wrong, 0.0) if own else None

    def answer_rate(self, category: str, cut: float) -> float | None:
        """The share of a category's judged queries that a cut answers, whosever labels it was drawn on."""
        told = self.at(category, cut)
        return round(told.answer_rate, 4) if told is not None else None


def labels_of(a: Assistant) -> Labels:
    """Ask every judged query of the knowledge as it is now; takes a second for a thousand articles."""
    with a.record.reading() as tx:
        revision = revisions.number(tx, articles.REVISION)
        shelved = [library.article_of(one) for one in articles.all_articles(tx)]
        cases = golden.all_cases(tx)
        judged = judgements.of_answers(tx, LATEST)
    base = a.shelf.beside(shelved)
    made = rehearsal.rehearse(shelved, base.embedder, kept=rehearsal.NEAR, beside=base)
    found = [Label(case.judged, "rehearsal") for case in made]
    found += [Label(one, "golden") for case in cases if (one := _of_case(a, base, case)) is not None]
    for judgement in judged:
        asked = base.examine(judgement.question, at=a.clock())
        if asked is not None:
            first, evidence = asked
            if first.id == judgement.article_id:  # of another answer than the one rated nothing is known
                found.append(Label(Judged(probability(evidence), judgement.right, first.category), "feedback"))
    return Labels(revision, tuple(found))


def redraw(a: Assistant, labels: Labels | None = None) -> Labels | None:
    """Draw the cut of every budget the shop has set; None when it has set none."""
    with a.record.reading() as tx:
        stored = cuts.all_cuts(tx)
    if not stored:
        return labels
    labels = labels or labels_of(a)
    rows = {(one.category, one.budget): _row(labels.draw(one.category, one.budget)) for one in stored}
    now = a.clock()
    a.record.write(lambda tx: cuts.draw(tx, rows, at=now)).result()
    return labels


def offers(labels: Labels, category: str, budgets: Iterable[float] = OFFERED) -> list[dict[str, Any]]:
    """What each budget would buy in a category."""
    told: list[dict[str, Any]] = []
    for budget in budgets:
        drawn = labels.draw(category, budget)
        if drawn is None:
            told.append({"budget": budget, "answer_rate": None, "proven": False})
            continue
        told.append(
            {
                "budget": budget,
                "cut": round(drawn.cut.at, 4),
                "answer_rate": labels.answer_rate(category, drawn.cut.at),
                "asked": drawn.cut.asked,
                "answered": drawn.cut.answered,
                "wrong": drawn.cut.wrong,
                "bound": round(drawn.cut.bound, 4),
                "proven": drawn.proven,
                "borrowed": drawn.borrowed,
                "labels": dict(drawn.labels),
            }
        )
    return told


def factory(labels: Labels, category: str) -> dict[str, Any]:
    """What the cut of a shop that has set nothing does."""
    cut = labels.at(category, DEFAULT_CUT)
    if cut is None:
        return {"cut": DEFAULT_CUT, "answer_rate": None, "wrong_rate": None, "asked": 0}
    return {
        "cut": DEFAULT_CUT,
        "answer_rate": round(cut.answer_rate, 4),
        "wrong_rate": round(cut.wrong / cut.answered, 4) if cut.answered else None,
        "asked": cut.asked,
    }


def _of_case(a: Assistant, base: KnowledgeBase, case: GoldenCase) -> Judged | None:
    found = base.examine(case.question, at=a.clock(), sku=case.sku, platform=case.platform, tier=case.tier)
    if found is None:
        return None
    first, evidence = found
    if case.expects == "article":
        right = first.id == case.article_id
    else:
        right = case.expects == "text" and (case.text or "") in first.text
    return Judged(probability(evidence), right, first.category)


def _origins(labels: Sequence[Label]) -> dict[str, int]:
    return dict(Counter(one.origin for one in labels))


def _row(drawn: Drawn | None) -> dict[str, Any]:
    if drawn is None:
        return {"cut": None, "asked": 0, "answered": 0, "wrong": 0, "bound": None, "labels": {}, "borrowed": False}
    cut = drawn.cut
    return {
        "cut": cut.at,
        "asked": cut.asked,
        "answered": cut.answered,
        "wrong": cut.wrong,
        "bound": cut.bound,
        "labels": dict(drawn.labels),
        "borrowed": drawn.borrowed,
    }
