"""A choice may be tapped, counted or described."""

import pytest

from assistant.choosing import chosen
from crm_core.conversations.events import Choice

CHOICES = (
    Choice("11月22日 明前龙井（已发货，运输中）", "订单 A1", order="A1"),
    Choice("11月20日 双层玻璃杯 等2件（已付款，待发货）", "订单 A2", order="A2"),
    Choice("10月3日 青瓷盖碗（交易完成）", "订单 A3", order="A3"),
)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("订单 A2", "A2"),
        ("第二个", "A2"),
        ("2", "A2"),
        ("最后一个", "A3"),
        ("最近那单", "A1"),
        ("玻璃杯", "A2"),
        ("是那个龙井", "A1"),
        ("盖碗的", "A3"),
        ("青瓷蓋碗", "A3"),
    ],
)
def test_the_meant_choice_is_found(text: str, order: str) -> None:
    choice = chosen(CHOICES, text)
    assert choice is not None
    assert choice.order == order


@pytest.mark.parametrize("text", ["可以开发票吗", "嗯", "第九个", "", "😀", "都不是"])
def test_what_singles_out_none_chooses_none(text: str) -> None:
    assert chosen(CHOICES, text) is None


def test_a_card_sent_with_the_message_chooses_it() -> None:
    choice = chosen(CHOICES, "这个", order="A3")
    assert choice is not None
    assert choice.order == "A3"
