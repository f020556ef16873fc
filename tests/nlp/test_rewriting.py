"""A message that leans on what was said before."""

import pytest

from nlp.rewriting import rewrite, topic_in


@pytest.mark.parametrize(
    ("said", "text", "whole"),
    [
        (["黑色的羽绒服有货吗", "有货的"], "白色的呢", "白色的羽绒服有货吗"),
        (["连衣裙有M码吗", "有的，M码现货"], "L的呢", "连衣裙有l码吗"),
        (["买一箱牛奶有优惠吗", "单箱没有优惠"], "两箱呢", "买两箱牛奶有优惠吗"),
        (["今天下单什么时候发货", "48小时内发货"], "那明天呢", "明天下单什么时候发货"),
        (["面膜可以退吗", "未拆封七天内可退"], "那眼霜呢", "眼霜可以退吗"),
        (["丝绒口红多少钱", "99元"], "那运费呢", "丝绒口红的运费呢"),
        (["奶粉一段还有吗", "有货"], "二段呢", "奶粉二段还有吗"),
    ],
)
def test_one_thing_named_takes_the_rest_from_the_last_question(said: list[str], text: str, whole: str) -> None:
    assert rewrite(text, said) == whole


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ([], "那个有白色吗"),
        (["在吗", "在的亲，请问有什么可以帮您"], "衬衫怎么洗"),
        (["口红有优惠吗", "满200减20"], "谢谢"),
        (["口红有优惠吗", "满200减20"], "我要退货"),
        (["口红有优惠吗", "满200减20"], ""),
        (["口红有优惠吗", "满200减20"], "人工客服"),
        (["月饼什么时候发货", "中秋前全部发出"], "猫粮适合几个月的猫吃"),
        (["口红有优惠吗", "满200减20"], "😂"),
    ],
)
def test_a_message_that_stands_alone_is_left_as_it_is(said: list[str], text: str) -> None:
    assert rewrite(text, said) == text


def test_what_points_back_gets_the_product_in_its_place() -> None:
    assert "卫衣" in rewrite("那个有白色吗", ["这件卫衣还有货吗", "有的亲，今天拍今天发"])


def test_the_topic_is_the_product_and_not_a_side_of_it() -> None:
    assert topic_in("连衣裙的颜色怎么样") == "连衣裙"
    assert topic_in("发票怎么开") is None
