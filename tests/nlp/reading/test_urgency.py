"""How soon somebody has to act."""

import pytest

from nlp.reading.lexicon import Lexicon, rules_of
from nlp.reading.urgency import urgency_of
from nlp.words import fold

LIST = Lexicon(rules_of("urgency"))


def urgency(text: str, groups: tuple[str, ...] = (), surely: tuple[str, ...] = ()) -> str:
    """Return the urgency of a text whose intents are of these groups and names."""
    return urgency_of(LIST.scan(fold(text).text).get("urgency", []), groups, surely)


@pytest.mark.parametrize(
    "text",
    [
        "快递丢了", "物流显示签收了可是我没收到", "擦了你们的面霜脸肿了", "充电宝烧起来了！！", "吹风机漏电 麻了我一下",
        "我要打12315", "再不处理就找律师了", "地址填错了 还没发吧 帮我改", "被扣了两次钱", "退款都过了半个月还没到账",
        "明天婚礼要用，今天必须发", "狗误食了干燥剂", "盒子是空的！", "签收人根本不是我", "發錯地址了快攔截",
    ],
)  # fmt: skip
def test_harm_loss_and_haste_are_urgent(text: str) -> None:
    assert urgency(text) == "high"


@pytest.mark.parametrize(
    "text",
    [
        "会不会丢件啊", "丢件了你们赔吗", "敏感肌用会过敏吗", "这个防漏电吗", "说明书丢了能补吗", "怎么修改收货地址",
        "律师袍有大码吗", "急救包里都有啥", "物流三天没更新了", "退货已经寄回去了", "什么时候发货", "烫伤膏好用吗",
    ],
)  # fmt: skip
def test_a_question_about_risk_and_words_that_look_alike_are_not(text: str) -> None:
    assert urgency(text) == "normal"


def test_a_message_of_calm_intents_is_low_and_haste_raises_it_by_one() -> None:
    assert urgency("怎么清洗", ("presale",)) == "low"
    assert urgency("怎么清洗，急，在线等", ("presale",)) == "normal"
    assert urgency("什么时候发货，急用", ("logistics",)) == "high"


def test_an_intent_that_is_urgent_by_itself_decides() -> None:
    assert urgency("东西不知道去哪了", ("logistics",), ("parcel_lost",)) == "high"
