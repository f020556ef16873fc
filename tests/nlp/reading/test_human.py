"""Whether a shopper wants a person."""

import pytest

from nlp.reading.human import wish_for_human
from nlp.reading.lexicon import Lexicon, rules_of
from nlp.words import fold

LIST = Lexicon(rules_of("human"))


def wants(text: str) -> bool:
    """Tell whether a text asks for a person."""
    return wish_for_human(LIST.scan(fold(text).text).get("human", [])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "转人工", "我要人工客服", "找个真人跟我说", "叫你们店长来", "别再发那个尺码表了 转人", "轉人工", "转rg", "ｒｇ",
        "zhuanrengong", "有没有活人", "换个人来 你答非所问", "不想跟机器人说话", "给我打个电话吧 打字说不清",
        "让懂技术的同事来回答我", "人工！！！", "请安排专员联系我", "机器人听不懂，派个真人",
    ],
)  # fmt: skip
def test_a_wish_for_a_person_is_seen(text: str) -> None:
    assert wants(text)


@pytest.mark.parametrize(
    "text",
    [
        "你是人工吗", "安装要人工费吗", "人工草坪多少钱", "含人工香精吗", "是真人发做的吗", "不用转人工了",
        "刚才人工客服说可以退", "有没有真人上身图", "客服态度真好", "客服几点下班", "两个人用的电饭煲", "人工智能音箱",
        "派人来安装要钱吗", "给个地址和联系人", "扫地机器人多少钱", "师傅什么时候上门装", "在吗", "",
    ],
)  # fmt: skip
def test_words_that_only_look_alike_are_none(text: str) -> None:
    assert not wants(text)


def test_the_clearest_wording_is_the_evidence() -> None:
    text = "客服呢 转人工"
    hit = wish_for_human(LIST.scan(text)["human"])
    assert hit is not None
    assert text[hit.start : hit.end] == "人工"
    assert hit.rule.id.startswith("human:")
