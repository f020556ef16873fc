"""What a shopper says about price."""

import pytest

from nlp.reading.lexicon import Lexicon, rules_of
from nlp.reading.price import PriceCue, price_cues
from nlp.words import fold


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(rules_of("price"))


def _cues(lexicon: Lexicon, text: str) -> tuple[PriceCue, ...]:
    folded = fold(text)
    return price_cues(text, folded, lexicon.scan(folded.text).get("price", []))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("有没有优惠啊", "discount"),
        ("優惠券怎麼領", "discount"),
        ("ｙｈｑ有吗", "discount"),
        ("满300减50还有吗", "discount"),
        ("这款有活动吗", "discount"),
        ("能不能便宜点", "bargain"),
        ("便宜20我就拍", "bargain"),
        ("抹个零呗", "bargain"),
        ("最低多少", "bargain"),
        ("pianyi dian", "bargain"),
        ("可唔可以平啲", "bargain"),
        ("有点贵啊", "expensive"),
        ("运费太高了吧", "expensive"),
        ("拼多多才卖39", "compare"),
        ("隔壁店同款便宜30", "compare"),
        ("双11会不会更便宜", "wait"),
        ("等618再买划算吗", "wait"),
        ("什么时候有活动", "wait"),
        ("刚买就降价了", "protection"),
        ("能申请价保吗", "protection"),
        ("预算两百以内", "budget"),
        ("300块以内有推荐吗", "budget"),
        ("性价比高吗", "value"),
        ("划不划算", "value"),
    ],
)
def test_a_cue_is_found_in_plain_typed_and_dialect_wording(lexicon, text, kind):
    assert kind in {cue.kind for cue in _cues(lexicon, text)}


@pytest.mark.parametrize(
    "text",
    [
        "优惠券用不了",
        "不用优惠，直接发吧",
        "不贵",
        "贵公司在哪里",
        "贵州发货吗",
        "48小时以内能发货吗",
        "身高160以内穿什么码",
        "糖能少点吗",
        "双11拍的什么时候发货",
        "户外活动穿合适吗",
        "快递保价费多少",
        "补差价链接发我，换顺丰",
        "奖券放哪了",
        "这个比较好用",
        "",
    ],
)
def test_wording_that_only_looks_alike_is_no_cue(lexicon, text):
    assert _cues(lexicon, text) == ()


def test_the_span_lies_in_the_given_text(lexicon):
    text = "亲　　有没有優惠 啊"
    (cue,) = _cues(lexicon, text)
    assert text[cue.start : cue.end] == cue.text == "有没有優惠"


def test_who_waits_for_a_promotion_asks_for_no_reduction_now(lexicon):
    assert [cue.kind for cue in _cues(lexicon, "38节这条裙子有优惠么")] == ["wait"]
    assert [cue.kind for cue in _cues(lexicon, "等双11吧。现在有券吗")] == ["wait", "discount"]


def test_a_message_may_hold_several_cues(lexicon):
    assert {cue.kind for cue in _cues(lexicon, "太贵了，能便宜点吗，预算两百以内")} == {
        "expensive",
        "bargain",
        "budget",
    }
