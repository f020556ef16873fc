"""What reading costs grows with the length of a message, not with its square, whatever is repeated in it."""

import time
from datetime import datetime

import pytest

from nlp.reading.promises import promises_in
from nlp.reading.reading import SHOP_ZONE, Reader

READER = Reader()
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=SHOP_ZONE)
SHORT, LONG = 600, 2400  # characters: four times as many; the square of that would be sixteen times the work
MOST = 8.0  # times the cost
TRIES = 8  # the fastest counts: what is slower was the machine, not the work

SHAPES = [
    "哈", "急", "贵", "比", "退", "😂", "！", "？", "1", " ", "催催", "在吗", "谢谢", "投诉", "垃圾", "兰蔻", "人工",
    "不是", "好不好", "今天", "以前", "红色", "s码", "1元", "1天", "60kg", "￥1,", "a.b@c", "a-b+c&", "sf1",
    "和兰蔻比", "你家", "能便宜", "用过花西 ", "比雅诗兰黛贵。", "同", "帮您查。", "48小时内", "没想到，",
    "以前好，但是差。", "订单号1", "0.5*1", "嗎",
]  # fmt: skip


def cost_of(unit: str, length: int) -> float:
    """Return the CPU seconds of this thread for a message of one repeated unit, the fastest of a few tries."""
    text = (unit * length)[:length]
    fastest = float("inf")
    for _ in range(TRIES if length == SHORT else TRIES // 2):
        began = time.thread_time()
        READER.read(text, NOW)
        promises_in(text, NOW)
        fastest = min(fastest, time.thread_time() - began)
    return fastest


@pytest.mark.parametrize("unit", SHAPES)
def test_a_message_of_one_repeated_piece_costs_in_proportion_to_its_length(unit: str) -> None:
    ratios = []
    for _ in range(3):
        ratios.append(cost_of(unit, LONG) / cost_of(unit, SHORT))
        if ratios[-1] < MOST:
            return
    pytest.fail(f"{unit!r} four times as long costs {min(ratios):.1f} times as much")


def test_what_stands_far_from_a_word_neither_bars_nor_begins_a_clause_for_it() -> None:
    padding = "这件衣服的颜色和尺码我都看过了，" * 20
    near = [cue.kind for cue in READER.read("能不能便宜点", NOW).price_cues]
    far = READER.read(f"{padding}能不能便宜点。{padding}", NOW).price_cues
    assert [cue.kind for cue in far] == near
    assert far[0].start >= len(padding)
