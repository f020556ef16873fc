"""Whether a shopper wants a person."""

import pytest

from nlp.reading.human import wish_for_human
from nlp.reading.lexicon import Lexicon, rules_of
from nlp.words import fold

LIST = Lexicon(rules_of("human"))


def wants(text: str) -> bool:
    """Tell whether a text asks for a person."""
    folded = fold(text).text
    return wish_for_human(LIST.scan(folded).get("human", []), folded) is not None


@pytest.mark.parametrize(
    "text",
    [
        "转人工", "我要人工客服", "找个真人跟我说", "叫你们店长来", "别再发那个尺码表了 转人", "轉人工", "转rg", "ｒｇ",
        "zhuanrengong", "有没有活人", "换个人来 你答非所问", "不想跟机器人说话", "给我打个电话吧 打字说不清",
        "让懂技术的同事来回答我", "人工！！！", "请安排专员联系我", "机器人听不懂，派个真人",
        "人工客服几点上班，我要转人工", "晚上发什么快递？转人工", "不管几点有没有人上班都给我转人工",
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
        "几点有人工客服", "人工客服在吗几点上班", "人工客服几点下班", "周末有人工客服吗", "人工客服的工作时间",
        "几点能转人工",
        "晚上有真人在线吗",
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


def test_the_words_of_the_wish_are_pointed_at() -> None:
    from nlp.reading.human import wish_in

    text = "你答非所问，转　人工客服！"
    span = wish_in(text)
    assert span is not None
    assert "人工" in text[slice(*span)]
    assert wish_in("人工客服几点上班") is None
