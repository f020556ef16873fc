"""A rule counts only while it is in force, for its products, its platform and its members."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from knowledge_base.articles import Scope, article_id
from knowledge_base.scope import closeness, holds

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 1, tzinfo=SHANGHAI)
END = datetime(2026, 11, 12, tzinfo=SHANGHAI)
CAMPAIGN = Scope(valid_from=START, valid_to=END)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(START - INSTANT, False), (START, True), (END - INSTANT, True), (END, False), (END.astimezone(UTC), False)],
)
def test_a_campaign_holds_from_its_start_until_just_before_its_end(at, expected):
    assert holds(CAMPAIGN, at=at) is expected


def test_an_order_is_judged_by_the_rules_in_force_when_it_was_placed():
    old, new = Scope(valid_to=START), Scope(valid_from=START)
    placed = START - timedelta(days=3)
    assert (holds(old, at=placed), holds(new, at=placed)) == (True, False)


def test_another_products_answer_never_holds_but_an_unknown_product_excludes_nothing():
    scope = Scope(skus=("A1", "b2"))
    assert holds(scope, at=START, sku="B2")
    assert holds(scope, at=START)
    assert not holds(scope, at=START, sku="C3")


def test_a_platforms_rule_stays_on_its_platform():
    scope = Scope(platforms=("taobao",))
    assert holds(scope, at=START, platform="Taobao")
    assert not holds(scope, at=START, platform="jd")


def test_what_is_promised_to_members_is_promised_to_nobody_unknown():
    scope = Scope(tiers=("gold",))
    assert holds(scope, at=START, tier="gold")
    assert not holds(scope, at=START, tier="silver")
    assert not holds(scope, at=START)


def test_the_product_in_focus_is_nearest():
    own = Scope(skus=("A1",))
    assert closeness(own, sku="A1") == 1
    assert closeness(Scope(), sku="A1") == 0
    assert closeness(own) == -1
    assert closeness(Scope(platforms=("jd",))) == -1
    assert closeness(Scope(platforms=("jd",)), platform="jd") == 0


def test_an_id_names_the_address_and_nothing_else():
    assert article_id("常见问题.csv", "多久发货", 1) == article_id("常见问题.csv", "多久发货", 1)
    assert article_id("常见问题.csv", "多久", "发货") != article_id("常见问题.csv", "多久发货", "")
