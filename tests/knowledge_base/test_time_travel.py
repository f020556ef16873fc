"""The same questions at many moments: no answer is ever given outside its time, whatever the intervals are."""

import random
from datetime import datetime, timedelta

from knowledge_base.articles import Article, Scope
from knowledge_base.ingestion.validity import SHOP_ZONE
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder import HashEmbedder

START = datetime(2026, 1, 1, tzinfo=SHOP_ZONE)
TOPICS = ["满减怎么算", "赠品是什么", "运费多少", "价保多久", "定金退吗", "包邮门槛", "积分几倍", "换购规则"]


def _moment(dice: random.Random) -> datetime | None:
    return None if dice.random() < 0.2 else START + timedelta(hours=dice.randrange(24 * 60))


def _shelf(dice: random.Random) -> list[Article]:
    """Several answers to each question, each in its own interval; some overlap, some leave holes, some touch."""
    shelf = []
    for topic in TOPICS:
        for nth in range(dice.randrange(1, 6)):
            start, end = _moment(dice), _moment(dice)
            if start is not None and end is not None and start >= end:
                start, end = end, start + timedelta(hours=1)
            shelf.append(
                Article(
                    f"{topic}/{nth}", "article", topic, f"{topic}的第{nth}答", (f"问下{topic}",), "", Scope(start, end)
                )
            )
    return shelf


def _holds(article: Article, at: datetime) -> bool:
    start, end = article.scope.valid_from, article.scope.valid_to
    return (start is None or start <= at) and (end is None or at < end)


def test_no_expired_and_no_coming_answer_in_two_thousand_questions() -> None:
    asked = answered = silent = 0
    for seed in range(10):
        dice = random.Random(seed)
        shelf = _shelf(dice)
        base = KnowledgeBase(HashEmbedder())
        base.fill(shelf)
        edges = [moment for one in shelf for moment in (one.scope.valid_from, one.scope.valid_to) if moment is not None]
        for _ in range(200):
            topic = dice.choice(TOPICS)
            at = _moment(dice) or START
            if edges and dice.random() < 0.4:  # the very moments at which rules change
                at = dice.choice(edges) + timedelta(milliseconds=dice.choice([-1, 0, 1]))
            found = base.search(topic, at=at, k=50)
            asked += 1
            assert all(_holds(hit.article, at) for hit in found.hits)
            if any(one.title == topic and _holds(one, at) for one in shelf):
                assert found.hits[0].article.title == topic
                answered += 1
            else:
                assert all(hit.article.title != topic for hit in found.hits)
                silent += 1
    assert asked == 2_000
    assert min(answered, silent) > 100
