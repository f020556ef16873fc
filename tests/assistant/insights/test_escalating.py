"""When a session should have gone to a person."""

import pytest

from assistant.insights.session import Summary, sum_up
from tests.assistant.insights.talk import answer, read, shopper


def rules(summary: Summary) -> list[str]:
    return [signal.rule.name for signal in summary.escalations]


def test_three_marks_in_one_message_go_to_a_senior_person() -> None:
    summary = sum_up([shopper(1, "到底发没发！！！")])
    assert (summary.escalate, rules(summary)) == ("senior", ["exclamation_run"])
    assert (summary.escalations[0].words, summary.escalations[0].evidence) == ("！！！", (1,))


def test_three_messages_that_end_with_a_mark_do_too_across_answers_and_widths() -> None:
    said = [shopper(1, "发错了!"), answer(2), shopper(3, "我要白的！"), answer(4), shopper(5, "又要等!")]
    summary = sum_up(said)
    assert rules(summary) == ["exclamation_messages"]
    assert (summary.escalations[0].evidence, summary.escalations[0].words) == ((1, 3, 5), "!！!")
    assert sum_up([*said[:3], shopper(4, "白的"), shopper(5, "快!")]).escalate == "none"


def test_joy_is_no_alarm_and_the_veto_is_told() -> None:
    summary = sum_up([shopper(1, "太好看了！！！谢谢", polarity=0.8, cues=[("praise", "谢谢")])])
    assert summary.escalate == "none"
    tag = next(tag for tag in summary.tags if tag.kind == "suppressed_positive")
    assert (tag.value, tag.words, tag.evidence) == ("exclamation_run", "！！！", (1,))


@pytest.mark.parametrize(
    "said",
    [
        shopper(1, "收到了！！！", polarity=0.8, guessed=True),
        shopper(1, "谢谢！！！", polarity=0.3, cues=[("praise", "谢谢")]),
        shopper(1, "真棒！！！坏的", polarity=0.8, cues=[("praise", "真棒"), ("trouble", "坏的")]),
        shopper(1, "谢谢！！！退货", polarity=0.8, cues=[("praise", "谢谢")], intents=["request_return_refund"]),
        shopper(1, "谢谢！！！转人工", polarity=0.8, cues=[("praise", "谢谢")], wants_human=True),
    ],
    ids=["a mood that no word says", "hardly pleased", "trouble named", "an intent of trouble", "wants a person"],
)
def test_the_veto_needs_joy_beyond_doubt(said) -> None:
    assert sum_up([said]).escalate == "senior"


def test_levels_by_what_is_said() -> None:
    assert sum_up([shopper(1, "转人工", wants_human=True)]).escalate == "normal"
    assert sum_up([shopper(1, "包裹丢了", cues=[("lost", "丢了")])]).escalate == "normal"
    assert sum_up([shopper(1, "打12315", cues=[("legal", "12315")])]).escalate == "senior"
    both = sum_up([shopper(1, "转人工", wants_human=True), shopper(2, "骗子", cues=[("insult", "骗子")])])
    assert (both.escalate, rules(both)) == ("senior", ["asked_for_person", "insult"])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("再不退款我就打12315", "senior"),
        ("用了你们的面膜脸肿了去医院了", "senior"),
        ("充电的时候冒烟了", "senior"),
        ("我要去抖音曝光你们", "senior"),
        ("骗子！还钱", "senior"),
        ("滚", "senior"),
        ("滚筒洗衣机多少钱", "none"),
        ("真不想活了", "senior"),
        ("跳楼价是多少", "none"),
        ("我的信息泄露了，接到诈骗电话", "senior"),
        ("孩子拿我手机乱下单买的", "senior"),
        ("转人工", "normal"),
        ("显示签收了但我没收到", "normal"),
        ("有货吗", "none"),
        ("会不会丢件啊", "none"),
    ],
)
def test_real_sentences(reader, text: str, level: str) -> None:
    assert sum_up(read(reader, text)).escalate == level
