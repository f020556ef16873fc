"""A shop without labels examines itself: its own similar questions are taken off the shelf and asked.

For each round a part of the similar questions is left out of the shelf and a part of the articles is hidden
altogether. What then comes first is right or wrong beyond doubt, so the shop gets judged queries on the first day. In
the last round all questions stay and are asked with a word of courtesy. The others are harder than what shoppers will
ask once every question is on the shelf, and three in ten have no answer: the cut they give errs on the side of silence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from knowledge_base.articles import Article
from knowledge_base.evidence import Evidence
from knowledge_base.index import ExactIndex, VectorIndex
from knowledge_base.search import KnowledgeBase
from knowledge_base.threshold import Judged, probability
from nlp.embedding.embedder import Embedder

HIDDEN = 0.3
"""The share of articles that are not on the shelf, so that their questions have no answer."""
ALL = 1_000
KEPT = (0, 1, 2, 3, ALL)
"""How many similar questions stay with their article, round after round."""
NEAR = (3, ALL)
"""The rounds nearest to a shop's day, for its own cut: the shelf as good as full."""
COURTESIES = ("{}", "请问{}", "亲，{}", "{}呀", "你好，{}", "我想问下{}", "{}呢", "{}？？")
"""What shoppers put around a question that stands on the shelf word for word."""
MOST_ASKED = 1_000
"""Questions asked a round; more would not move a cut."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked in a rehearsal: what spoke for its first hit, whether that was right, whether any could be."""

    query: str
    evidence: Evidence
    right: bool
    answerable: bool
    category: str
    """Of the first hit: it is the one whose cut decides."""

    @property
    def judged(self) -> Judged:
        """What `threshold.calibrate` wants of it."""
        return Judged(probability(self.evidence), self.right, self.category)


def rehearse(
    articles: Iterable[Article],
    embedder: Embedder,
    *,
    index: Callable[[], VectorIndex] = ExactIndex,
    kept: Sequence[int] = KEPT,
    strangers: Sequence[str] = (),
    seed: int = 0,
    beside: KnowledgeBase | None = None,
) -> list[Case]:
    """The cases of one rehearsal round for each number of kept questions; the same articles give the same cases.

    Every question is asked as the shopper it is meant for would: at a moment when its article holds, with its product
    in focus every second time. An article with the very same answer is right too. `strangers` are questions that no
    article of this shop answers; every round asks some of them. With a knowledge base to do it `beside`, its vectors
    are taken over, and what it holds without similar questions stands on every shelf.
    """
    articles = [article for article in articles if article.similar]
    others: list[Article] = []
    if beside is not None:
        others = [article for article in beside.articles if not article.similar]
    cases: list[Case] = []
    for count in kept:
        dice = random.Random(f"{seed}/{count}")
        shown: list[Article] = []
        asked: list[tuple[str, Article, bool]] = []
        for article in articles:
            similar = list(article.similar)
            dice.shuffle(similar)
            hidden = dice.random() < HIDDEN
            if not hidden:
                shown.append(replace(article, similar=tuple(similar[:count])))
            if count < ALL:
                questions = similar[count:]
            else:
                questions = [dice.choice(COURTESIES).format(one) for one in dice.sample((article.title, *similar), 2)]
            asked += [(question, article, not hidden) for question in questions]
        base = _shelf(embedder, index, beside, [*shown, *others])
        if len(asked) > MOST_ASKED:
            asked = dice.sample(asked, MOST_ASKED)
        for number, (query, article, answerable) in enumerate(asked):
            case = _asked(base, query, article, answerable, with_product=number % 2 == 1)
            if case is not None:
                cases.append(case)
        for query in dice.sample(strangers, min(len(strangers), len(asked) // 5)):
            found = base.examine(query)
            if found is not None:
                cases.append(Case(query, found[1], right=False, answerable=False, category=found[0].category))
    return cases


def _shelf(
    embedder: Embedder, index: Callable[[], VectorIndex], beside: KnowledgeBase | None, articles: list[Article]
) -> KnowledgeBase:
    if beside is not None:
        return beside.beside(articles)
    base = KnowledgeBase(embedder, index=index)
    base.fill(articles)
    return base


def _asked(base: KnowledgeBase, query: str, article: Article, answerable: bool, with_product: bool) -> Case | None:
    scope = article.scope
    at = scope.valid_from or (scope.valid_to - timedelta(seconds=1) if scope.valid_to else datetime.now(UTC))
    found = base.examine(
        query,
        at=at,
        sku=scope.skus[0] if scope.skus and with_product else None,
        platform=scope.platforms[0] if scope.platforms else None,
        tier=scope.tiers[0] if scope.tiers else None,
    )
    if found is None:
        return None
    first, evidence = found
    return Case(query, evidence, first.id == article.id or first.text == article.text, answerable, first.category)
