"""A shop examines itself with its own questions, the same way every time."""

from dataclasses import replace
from datetime import datetime

import pytest

from knowledge_base.articles import Article, Scope, Source
from knowledge_base.ingestion.validity import SHOP_ZONE
from knowledge_base.rehearsal import ALL, rehearse
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder import HashEmbedder

TOPICS = ["发票", "退货", "换货", "运费", "赠品", "尺码", "优惠券", "物流", "保质期", "会员", "地址", "安装"]


@pytest.fixture(scope="module")
def shop() -> list[Article]:
    return [
        Article(
            topic, "article", f"{topic}怎么处理", f"{topic}的答案", (f"我想问{topic}", f"{topic}的问题", f"{topic}呢")
        )
        for topic in TOPICS
    ]


def test_hidden_articles_have_no_answer_and_shown_ones_are_found(shop):
    cases = rehearse(shop, HashEmbedder())
    assert {case.answerable for case in cases} == {True, False}
    assert not any(case.right for case in cases if not case.answerable)
    shown = [case for case in cases if case.answerable]
    assert sum(case.right for case in shown) / len(shown) > 0.8


def test_the_same_shop_gives_the_same_cases(shop):
    assert rehearse(shop, HashEmbedder()) == rehearse(shop, HashEmbedder())
    assert rehearse(shop, HashEmbedder()) != rehearse(shop, HashEmbedder(), seed=1)


def test_strangers_are_never_right(shop):
    cases = rehearse(shop, HashEmbedder(), kept=(ALL,), strangers=["猫粮怎么喂", "手机黑屏", "帐篷防水吗"])
    asked = [case for case in cases if case.query in {"猫粮怎么喂", "手机黑屏", "帐篷防水吗"}]
    assert asked
    assert not any(case.right for case in asked)


def test_an_expired_article_is_asked_in_its_own_time_and_for_its_own_shoppers(shop):
    scope = Scope(
        datetime(2020, 1, 1, tzinfo=SHOP_ZONE), datetime(2020, 2, 1, tzinfo=SHOP_ZONE), ("A1",), ("jd",), ("金卡",)
    )
    old = [replace(article, scope=scope, source=Source("old.csv")) for article in shop]
    assert any(case.right for case in rehearse(old, HashEmbedder()))


def test_a_shop_without_similar_questions_cannot_rehearse(shop):
    assert rehearse([replace(article, similar=()) for article in shop], HashEmbedder()) == []


def test_a_knowledge_base_at_hand_saves_the_encoding_and_changes_no_case(shop):
    class Counting(HashEmbedder):
        encoded = 0

        def encode(self, texts):
            Counting.encoded += len(texts)
            return super().encode(texts)

    base = KnowledgeBase(Counting())
    base.fill(shop)
    before = Counting.encoded
    assert rehearse(shop, base.embedder, beside=base) == rehearse(shop, HashEmbedder())
    questions = len(rehearse(shop, HashEmbedder()))
    assert Counting.encoded - before <= 2 * questions  # what is asked, and never the shelf again
    assert base.size == len(shop)
