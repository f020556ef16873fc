"""Pinyin, initials and homophones become the shop's own words, and nothing else is touched."""

import pytest

from knowledge_base.spelling import Speller

SHELF = [
    "怎么申请退货",
    "发票怎么开",
    "优惠券怎么用",
    "优惠券过期了",
    "怎么申请退款",
    "多久发货",
    "vip会员有什么权益",
    "政策说明",
]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(SHELF)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tuihuo", "退货"),
        ("fapiao zenme kai", "发票怎么开"),
        ("TuiHuo怎么弄", "退货怎么弄"),
        ("youhuiquan", "优惠券"),
        ("yhq怎么用", "优惠券怎么用"),
        ("发漂怎么开", "发票怎么开"),
        ("怎么退活", "怎么退货"),
        ("thzc", "退货政策"),
        ("th要多久", "退货要多久"),
    ],
)
def test_what_was_meant(speller, typed, meant):
    assert speller.corrected(typed) == meant


@pytest.mark.parametrize(
    "typed", ["优惠券怎么用", "th", "vip", "iphone能用吗", "SK-II", "a", "有机奶粉", "x" * 300, "😀", ""]
)
def test_what_is_left_alone(speller, typed):
    assert speller.corrected(typed) is None


def test_an_empty_shelf_corrects_nothing():
    assert Speller([]).corrected("tuihuo") is None
