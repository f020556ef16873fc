"""The net that completes messages, as it is shipped."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nlp.restorer import LONGEST, Restorer, prepared

NET = Restorer.shipped()


def test_a_name_takes_the_place_of_the_word_that_points_to_it() -> None:
    whole, needed = NET.restore("你觉得夏千淯可爱吗", "可怜没人爱的意思吧", "你觉得她可爱么")
    assert whole == "你觉得夏千淯可爱么"
    assert needed > 0.5


@pytest.mark.parametrize(
    ("earlier", "latest", "text"),
    [
        ("", "", ""),
        ("", "", "它呢"),
        ("😂", "𠮷野家", "那个"),
        ("长" * 500, "话" * 500, "短" * 500),
        ("\x01", "\x02", "它"),
    ],
)
def test_any_text_is_taken_and_only_words_that_were_said_are_added(earlier: str, latest: str, text: str) -> None:
    whole, needed = NET.restore(earlier, latest, text)
    assert 0 <= needed <= 1
    assert set(whole) <= set(earlier + latest + text + "的")


def test_several_threads_get_what_one_gets() -> None:
    rows = [("你喜欢什么书", "我爱看全球通史", "没看过"), ("c语言", "面向对象编程", "能介绍一下吗")] * 10
    alone = [NET.restore(*row) for row in rows]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda row: NET.restore(*row), rows)) == alone


def test_long_utterances_are_looked_at_from_their_beginnings() -> None:
    given = prepared("甲" * 200, "乙" * 200, "丙" * 200, {"甲": 1})
    assert len(given.signs) == sum(LONGEST) + 3
    assert np.count_nonzero(given.ids) == LONGEST[0]
