"""Golden cases asked of a shelf, and of the shelf that a change would make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_core.knowledge.golden import GoldenCase
from knowledge_base.search import Found, KnowledgeBase

SHOWN_HITS = 3


@dataclass(frozen=True)
class Outcome:
    """What came of a golden case: on the shelf as it is (None when nobody asked), and as it would be."""

    case: GoldenCase
    before: Found | None
    after: Found

    @property
    def kept(self) -> bool:
        """Does the case hold afterwards?"""
        return holds(self.case, self.after)

    @property
    def broken(self) -> bool:
        """Did it hold before, and does it no longer?"""
        return not self.kept and (self.before is None or holds(self.case, self.before))


def run(base: KnowledgeBase, cases: Iterable[GoldenCase], now: datetime) -> list[Outcome]:
    """What a shelf says to the cases."""
    return [Outcome(case, None, ask(base, case, now)) for case in cases]


def compare(live: KnowledgeBase, candidate: KnowledgeBase, cases: Sequence[GoldenCase], now: datetime) -> list[Outcome]:
    """What a candidate says to the cases, and what the live shelf says to them."""
    return [Outcome(case, ask(live, case, now), ask(candidate, case, now)) for case in cases]


def ask(base: KnowledgeBase, case: GoldenCase, now: datetime) -> Found:
    """What a shelf says to one case, asked as its shopper would."""
    return base.search(case.question, k=SHOWN_HITS, at=now, sku=case.sku, platform=case.platform, tier=case.tier)


def holds(case: GoldenCase, found: Found) -> bool:
    """Is this the answer the shop wants kept?"""
    if case.expects == "unanswered":
        return found.verdict == "unsure"
    if found.verdict == "unsure":
        return False
    first = found.hits[0].article
    return first.id == case.article_id if case.expects == "article" else (case.text or "") in first.text
