"""What a message names."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.reading.entities import entities_in
from nlp.reading.products import ProductNames
from nlp.words import fold

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CATALOGUE = ProductNames(
    [
        ("LIP-01", "花期 丝绒哑光口红 烂番茄色"),
        ("EYE-02", "花期 九色眼影盘 大地色"),
        ("CRM-03", "本草 舒缓修护面霜 50g"),
        ("CRM-04", "本草 抗皱面霜 50g"),
    ]
)


def named(text: str) -> list[tuple[str, str, str]]:
    """Return kind, words and value of each entity of a text."""
    return [(one.kind, text[one.start : one.end], one.value) for one in entities_in(fold(text), text, NOW, CATALOGUE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("38码有吗", [("size", "38码", "38")]),
        ("拿M还是L", [("size", "M", "M"), ("size", "L", "L")]),
        ("XXL的黑色两件", [("size", "XXL", "XXL"), ("colour", "黑色", "黑色"), ("quantity", "两件", "2件")]),
        ("红的还有吗", [("colour", "红的", "红色")]),
        ("奶茶色那支", [("colour", "奶茶色", "奶茶色")]),
        ("我165 110斤", [("height", "165", "165"), ("weight", "110斤", "55")]),
        ("一米六五穿多大", [("height", "一米六五", "165")]),
        ("体重52kg", [("weight", "体重52kg", "52")]),
        ("上周三买的", [("date", "上周三", "2026-11-18")]),
        ("退我５９.9元", [("money", "５９.9元", "５９.9元")]),
        ("ＳＦ1234567890123到哪了", [("tracking_no", "ＳＦ1234567890123", "SF1234567890123")]),
        ("打13812345678", [("phone", "13812345678", "13812345678")]),
        ("订单号1234", [("order_id", "1234", "1234")]),
        ("订单ZG20261124001", [("order_id", "ZG20261124001", "ZG20261124001")]),
        ("丝绒哑光口红有货吗", [("product", "丝绒哑光口红", "LIP-01")]),
        ("修护面霜和抗皱面霜", [("product", "修护面霜", "CRM-03"), ("product", "抗皱面霜", "CRM-04")]),
        ("lip-01多少钱", [("product", "lip-01", "LIP-01")]),
    ],
)
def test_a_thing_is_named_with_its_words_and_value(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "脸红红的", "有色差吗", "等了一个月", "it's ok", "1米8", "面霜好用吗", "四件套", "一块五", "第3天", "白的很"
    ],
)  # fmt: skip
def test_what_only_looks_like_a_thing_is_none(text: str) -> None:
    assert named(text) == []


def test_without_a_clock_no_time_is_read() -> None:
    assert entities_in(fold("明天发"), "明天发") == ()


def test_a_name_that_two_products_share_names_neither() -> None:
    twins = ProductNames([("A-1", "经典白衬衫"), ("A-2", "经典白衬衫")])
    assert [sku for *_, sku in twins.found_in("经典白衬衫和A-2".lower())] == ["A-2"]


def test_a_shop_without_goods_is_read_like_any_other() -> None:
    assert list(ProductNames([]).found_in("口红")) == []
