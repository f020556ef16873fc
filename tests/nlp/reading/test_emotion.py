"""What a shopper feels, by words and marks."""

import pytest

from nlp.reading.emotion import NAMES, NEGATIVE, POSITIVE, Emotion, read_emotion
from nlp.reading.lexicon import Lexicon, rules_of
from nlp.words import fold


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(rules_of("emotion"))


def _read(lexicon: Lexicon, text: str, shares=None) -> Emotion:
    plain = fold(text).text
    return read_emotion(plain, lexicon.scan(plain).get("emotion", []), shares)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("什么垃圾东西，骗子", "angry"),
        ("你們這什麼態度", "angry"),
        ("再不退款我就投诉！！！", "angry"),
        ("急死了，明天就要用", "anxious"),
        ("好担心吃了会不会有事", "anxious"),
        ("太失望了，质量这么差", "disappointed"),
        ("等了二十天的蛋糕碎了，孩子都哭了，好难过", "sad"),
        ("质量不错，很满意", "satisfied"),
        ("谢谢亲，辛苦了", "grateful"),
        ("太好看了！！！爱了爱了", "delighted"),
        ("什么时候发货", "neutral"),
        ("有白色吗", "neutral"),
    ],
)
def test_a_feeling_is_named(lexicon, text, name):
    assert _read(lexicon, text).name == name


@pytest.mark.parametrize(
    "text",
    ["不满意", "质量不好", "一点都不好用", "不舒服"],
)
def test_a_negated_word_of_praise_is_no_praise(lexicon, text):
    assert _read(lexicon, text).name in NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "好不好看",
        "安不安全",
        "哪款好用",
        "这个舒服吗",
        "有没有好看的推荐",
        "不着急，慢慢来",
        "会不会掉色",
        "空气炸锅送险没",
    ],
)
def test_questions_and_denials_feel_nothing(lexicon, text):
    assert _read(lexicon, text).name == "neutral"


def test_marks_in_a_row_make_it_stronger_and_turn_an_unpleased_message_to_anger(lexicon):
    calm, loud = _read(lexicon, "太失望了"), _read(lexicon, "太失望了！！！！")
    assert loud.intensity > calm.intensity
    assert _read(lexicon, "到底什么时候发货！！！").name == "angry"
    assert _read(lexicon, "太棒了！！！").polarity > 0.6


def test_the_clause_after_a_turn_outweighs_the_one_before(lexicon):
    assert _read(lexicon, "颜色很好看，但是质量太差了").name in NEGATIVE


def test_sign_and_strength_stay_in_their_bounds(lexicon):
    for text in ("", "垃圾垃圾垃圾骗子滚！！！！！！！！", "太棒了太好了完美绝了yyds！！！！！！"):
        emotion = _read(lexicon, text)
        assert -1 <= emotion.polarity <= 1
        assert 0 <= emotion.intensity <= 1
        assert (emotion.polarity < 0) == (emotion.name in NEGATIVE)
        assert (emotion.polarity > 0) == (emotion.name in POSITIVE)


def _shares(name: str, share: float) -> list[float]:
    """What a head says that gives one feeling a share and the others the rest."""
    rest = (1 - share) / (len(NAMES) - 1)
    return [share if one == name else rest for one in NAMES]


def test_a_head_finds_what_no_word_says_and_words_overrule_an_unsure_one(lexicon):
    assert _read(lexicon, "三天了箱子还在你们仓库睡觉", _shares("angry", 0.8)).name == "angry"
    assert _read(lexicon, "垃圾骗子", _shares("neutral", 0.6)).name == "angry"
