"""Answers that contradict each other and rules that run out are told before a shopper meets them."""

from datetime import datetime, timedelta

import pytest

from knowledge_base.articles import Article, Scope
from knowledge_base.conflicts import conflicts
from knowledge_base.ingestion.validity import SHOP_ZONE

NOW = datetime(2026, 11, 1, tzinfo=SHOP_ZONE)
SOON = NOW + timedelta(days=5)
LATER = NOW + timedelta(days=8)


def _article(name: str, question: str, answer: str, *similar: str, **scope) -> Article:
    return Article(name, "article", question, answer, similar, "", Scope(**scope))


def _found(*articles: Article) -> list[tuple[str, tuple[str, ...]]]:
    found = conflicts(articles, now=NOW)
    assert all(one.reason for one in found)
    return [(one.kind, tuple(article.id for article in one.articles)) for one in found]


def test_two_answers_with_other_figures_contradict():
    shop = [_article("a", "满多少包邮", "满 99 元包邮"), _article("b", "包邮吗", "满 59 元包邮", "满多少包邮")]
    assert _found(*shop) == [("contradiction", ("a", "b"))]
    (one,) = conflicts(shop, now=NOW)
    assert "99元" in one.reason
    assert "59元" in one.reason


def test_yes_and_no_contradict_but_an_exception_further_on_does_not():
    yes = _article("a", "可以货到付款吗", "可以，下单时选择即可")
    no = _article("b", "可以货到付款吗", "不支持货到付款")
    mild = _article("c", "可以货到付款吗", "可以的，下单时选择货到付款即可，请放心购买，部分偏远地区不支持")
    assert _found(yes, no) == [("contradiction", ("a", "b"))]
    assert _found(yes, mild) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"valid_to": SOON}, {"valid_from": SOON}),
        ({"skus": ("A",)}, {"skus": ("B",)}),
        ({"skus": ("A",)}, {}),
        ({"platforms": ("jd",)}, {"platforms": ("taobao",)}),
        ({"tiers": ("gold",)}, {"tiers": ("silver",)}),
    ],
)
def test_rules_that_nobody_meets_together_do_not_contradict(one, other):
    shop = [_article("a", "满多少包邮", "满 99 元", **one), _article("b", "满多少包邮", "满 59 元", **other)]
    assert _found(*shop) == []


def test_the_same_answer_twice_and_other_questions_are_no_conflict():
    assert _found(_article("a", "满多少包邮", "满 99 元"), _article("b", "满多少包邮", "满 99 元")) == []
    assert _found(_article("a", "满多少包邮", "满 99 元"), _article("b", "多久发货", "48 小时")) == []


def test_a_rule_that_ends_soon_is_told_unless_another_takes_its_place():
    old = _article("a", "有赠品吗", "有小样", valid_to=SOON)
    assert _found(old) == [("expiry", ("a",))]
    assert _found(old, _article("b", "有赠品吗", "有正装", valid_from=SOON)) == []
    assert _found(old, _article("b", "有赠品吗", "有正装", valid_from=LATER)) == [("hole", ("a", "b"))]
    assert _found(_article("a", "有赠品吗", "有小样", valid_to=NOW + timedelta(days=40))) == []
    assert _found(_article("a", "有赠品吗", "有小样", valid_to=NOW)) == []


def test_what_matters_first_stands_first():
    shop = [
        _article("a", "有赠品吗", "有小样", valid_to=LATER),
        _article("b", "满多少包邮", "满 99 元"),
        _article("c", "满多少包邮", "满 59 元"),
        _article("d", "有会员日吗", "每月八号", valid_to=SOON),
    ]
    assert _found(*shop) == [("contradiction", ("b", "c")), ("expiry", ("d",)), ("expiry", ("a",))]


def test_an_empty_shop():
    assert _found() == []
