"""What bites is told with its texts: contradictions, ends, what is still asked for, goods that are gone."""

from datetime import timedelta

from assistant.knowledge import unanswered
from assistant.knowledge.findings import findings
from crm_core.commerce import products
from tests.assistant.knowledge.conftest import NOW


def kinds(shop) -> list[str]:
    return [one.kind for one in findings(shop.a)]


def test_two_answers_with_other_figures_are_told_with_both_texts(shop) -> None:
    shop.knows(
        {"title": "满多少包邮", "text": "满 99 元包邮"},
        {"title": "包邮吗", "text": "满 59 元包邮", "similar": ["满多少包邮"]},
    )
    (found,) = findings(shop.a)
    assert found.kind == "contradiction"
    assert {one.text for one in found.articles} == {"满 99 元包邮", "满 59 元包邮"}
    assert "99" in found.reason


def test_what_ended_and_is_still_asked_for_is_told_with_the_questions(shop) -> None:
    shop.knows({"title": "双十一满减怎么算", "text": "满 300 减 50", "valid_to": NOW - timedelta(days=5)})
    shop.said([("shopper", "双十一的满减怎么算"), ("unsure", "我不知道")], days_ago=2)
    shop.said([("shopper", "双十一满减怎么算呀"), ("unsure", "我不知道")], days_ago=9)
    unanswered.look_through(shop.a)
    (found,) = findings(shop.a)
    assert (found.kind, found.asked) == ("asked_after_end", ("双十一的满减怎么算",))


def test_an_answer_for_goods_that_are_gone_is_told(shop) -> None:
    shop.knows({"title": "雾绒掉色吗", "text": "不掉色", "skus": ["LP-1", "LP-9"]})
    with shop.a.record.transaction() as tx:
        products.describe(tx, [{"sku": "LP-1", "name": "雾绒"}])
    (found,) = findings(shop.a)
    assert found.kind == "unknown_product"
    assert "LP-9" in found.reason
    assert "LP-1" not in found.reason


def test_an_answer_that_names_goods_by_a_number_nobody_has_is_told(shop) -> None:
    shop.knows(
        {"title": "保温的有吗", "text": "有 KT-101 和 KT-999，2026 年起保温 12h，认准 316L 内胆"},
        {"title": "多大容量", "text": "KT-101 是 1.5 升，支持 5V-2A 充电"},
    )
    with shop.a.record.transaction() as tx:
        products.describe(tx, [{"sku": "KT-101", "name": "电热水壶"}])
    (found,) = findings(shop.a)
    assert (found.kind, found.articles[0].title) == ("unknown_product", "保温的有吗")
    assert "KT-999" in found.reason
    assert "KT-101" not in found.reason


def test_an_end_that_comes_soon_is_told_and_a_sound_shop_hears_nothing(shop) -> None:
    shop.knows({"title": "有赠品吗", "text": "有小样", "valid_to": NOW + timedelta(days=3)})
    assert kinds(shop) == ["expiry"]
    shop.knows({"title": "有赠品吗", "text": "有小样"})
    assert kinds(shop) == []
