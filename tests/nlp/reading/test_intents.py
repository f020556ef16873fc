"""What a shopper wants: reviewed wordings, and a head beside them."""

import pytest

from nlp.reading.intents import MOST, intents, intents_of
from nlp.reading.lexicon import Lexicon, rules_of
from nlp.words import fold


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(rules_of("intent_rules"))


def _names(lexicon: Lexicon, text: str, likely=()) -> list[str]:
    hits = lexicon.scan(fold(text).text).get("intent_rules", [])
    return [intent.name for intent in intents_of(hits, likely)]


def test_every_rule_names_an_intent_of_the_list():
    assert {rule.kind for _, rule in rules_of("intent_rules") if rule.kind[0] != "<"} <= intents().keys()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我的快递到哪了", "ask_logistics"),
        ("物流三天没更新了", "parcel_stalled"),
        ("快递弄丢了", "parcel_lost"),
        ("显示签收但我没收到", "signed_not_received"),
        ("什么时候發貨", "ask_dispatch_date"),
        ("几天能到", "ask_arrival_date"),
        ("怎么还不发货啊", "urge_dispatch"),
        ("我想取消订单", "cancel_order"),
        ("地址写错了能改吗", "change_recipient"),
        ("支持七天无理由吗", "ask_returnable"),
        ("我要退货，尺码不合适", "request_return_refund"),
        ("想换个大一码的", "request_exchange"),
        ("退款什么时候到账", "ask_refund_date"),
        ("能开发票吗", "ask_invoice"),
        ("这个多少钱", "ask_price"),
        ("还有货吗", "ask_stock"),
        ("你是机器人吗", "ask_if_bot"),
        ("在吗", "greet"),
        ("好的，谢谢", "thank"),
        ("没有了，再见", "goodbye"),
    ],
)
def test_a_plain_wording_says_what_is_wanted(lexicon, text, name):
    assert name in _names(lexicon, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("会不会丢件", "parcel_lost"),
        ("退货运费多少", "request_return_refund"),
        ("运费多少钱", "ask_price"),
        ("先别取消订单", "cancel_order"),
        ("好的但是什么时候发货", "acknowledge"),
    ],
)
def test_a_near_miss_is_not_taken_for_it(lexicon, text, name):
    assert name not in _names(lexicon, text)


def test_one_message_may_want_several_things(lexicon):
    assert {"ask_dispatch_date", "ask_invoice"} <= set(_names(lexicon, "什么时候发货，能开发票吗"))


def test_a_rule_lessens_the_doubt_of_a_head_and_unlikely_guesses_are_left_out(lexicon):
    hits = lexicon.scan(fold("能开发票吗").text)["intent_rules"]
    found = intents_of(hits, [("ask_material", 0.7), ("ask_invoice", 0.4), ("ask_price", 0.1)])
    assert [intent.name for intent in found] == ["ask_material", "ask_invoice"]
    assert 0.4 < found[1].p < 0.7
    assert [intent.name for intent in intents_of(hits)] == ["ask_invoice"]


def test_the_likeliest_intent_is_named_on_less_and_only_so_many_are():
    assert [intent.name for intent in intents_of([], [("greet", 0.25), ("ask_price", 0.22)])] == ["greet"]
    assert intents_of([], [("greet", 0.1)]) == ()
    assert len(intents_of([], [(name, 0.9) for name in list(intents())[:10]])) == MOST


@pytest.mark.parametrize(
    ("text", "name"),
    [("会不会丢件啊", "parcel_lost"), ("敏感肌用会过敏吗", "report_injury"), ("我不想投诉", "threaten_report")],
)
def test_a_question_about_risk_is_no_report_of_harm_whatever_the_head_says(lexicon, text, name):
    assert _names(lexicon, text, [(name, 0.9)]) == []
    assert _names(lexicon, "都过敏了还不管", [("report_injury", 0.9)]) == ["report_injury"]
