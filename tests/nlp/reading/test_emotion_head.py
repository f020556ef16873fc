import numpy as np
import pytest

from nlp.reading.emotion import NAMES
from nlp.reading.emotion_head import EmotionHead
from nlp.words import fold


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("垃圾店家，骗人！！！", {"angry"}),
        ("谢谢你，辛苦了", {"grateful"}),
        ("太棒了！好喜欢！", {"delighted"}),
        ("怎么还没到啊，急死我了", {"anxious", "angry"}),
        ("什么时候发货", {"neutral"}),
        ("有没有优惠券", {"neutral"}),
        ("好失望，跟图片差太多", {"disappointed", "sad", "angry"}),
    ],
)
def test_plainly_said_feelings_are_named(text: str, names: set[str]) -> None:
    shares = EmotionHead.shipped().shares(fold(text).text)
    assert NAMES[int(shares.argmax())] in names


def test_shares_sum_to_one_in_the_order_of_the_names() -> None:
    felt = EmotionHead.shipped().predict("收到了，很满意")
    assert tuple(felt.probabilities) == NAMES
    assert np.isclose(sum(felt.probabilities.values()), 1, atol=1e-5)


def test_polarity_points_the_way_of_the_review() -> None:
    head = EmotionHead.shipped()
    assert head.polarity("质量很好,穿着舒服,下次还会买") > 0.5
    assert head.polarity("质量太差了,用一天就坏,后悔买") < -0.5
    assert -1 <= head.polarity("") <= 1
