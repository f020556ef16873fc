"""A shop's own reasons to bring a person."""

import pytest

from assistant.escalation import rules_for
from assistant.shop_rules import UnusableRules, rules_in
from crm_core.conversations.movements import HandoffRequested
from tests.assistant.desk.conftest import House, embedder, house, reader

__all__ = ["embedder", "house", "reader"]

TABLE = "名称,关键词,商品,订单金额,级别,方式,组,工单\n大宗采购,批发;团购,,,资深,直接转,,\n"


def test_a_word_of_the_shop_brings_a_person_of_its_level(house: House) -> None:
    house.online("zi")
    house.settings(rules=rules_for(rules_in(TABLE)))
    house.says("你们家能团购吗")
    (request,) = house.of(HandoffRequested)
    assert (request.rule, request.level, request.evidence) == ("shop:大宗采购", "senior", "团购")
    assert request.quotes[0].span == (4, 6)


def test_a_group_of_the_shop_serves_its_own(house: House) -> None:
    house.online("chen")
    house.settings(rules=rules_for(rules_in("name,words,group\n安装,装不上,售后\n")))
    house.says("这个柜子装不上")
    assert (house.session.state, house.session.queue) == ("queued", "售后")


def test_a_rule_about_a_product_needs_that_product(house: House) -> None:
    house.online("lin")
    house.settings(rules=rules_for(rules_in("name,words,skus\n定制,刻字,A1\n")))
    house.says("可以刻字吗")
    assert house.of(HandoffRequested) == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("名称,关键词\n,批发\n", "第 2 行：需要名称"),
        ("名称,关键词\n大宗,\n", "至少一项"),
        ("名称,关键词,级别\n大宗,批发,最高\n", "级别「最高」"),
        ("名称,订单金额\n大宗,很多\n", "订单金额「很多」应为数字"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(table: str, reason: str) -> None:
    with pytest.raises(UnusableRules, match=reason):
        rules_in(table)


def test_the_literal_rule_counts_marks_of_the_pleased_too(house: House) -> None:
    house.online("zi")
    house.settings(rules=rules_for(literal_marks=True))
    house.says("谢谢！！！")
    assert house.of(HandoffRequested)[0].rule == "exclamation_run"
