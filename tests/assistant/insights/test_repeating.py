"""The same question a third time."""

from assistant.insights.session import Summary, sum_up
from tests.assistant.insights.talk import answer, read, shopper

WHEN = "ask_dispatch_date"


def loop(summary: Summary) -> tuple[int, ...]:
    return next((tag.evidence for tag in summary.tags if tag.kind == "loop"), ())


def test_a_question_asked_in_three_turns_is_a_loop_once_and_proposes_a_person() -> None:
    said = []
    for n in (1, 3, 5, 7):
        said += [shopper(n, "什么时候发货", intents=[WHEN]), answer(n + 1)]
    summary = sum_up(said)
    assert loop(summary) == (1, 3, 5)
    assert (summary.escalate, [signal.rule.name for signal in summary.escalations]) == ("normal", ["loop"])


def test_other_words_for_the_same_question_count_where_the_intent_agrees() -> None:
    words = ("什么时候发货", "我这单什么时候能发货", "到底什么时候发货啊")
    said = [
        said for n, text in enumerate(words) for said in (shopper(2 * n + 1, text, intents=[WHEN]), answer(2 * n + 2))
    ]
    assert loop(sum_up(said)) == (1, 3, 5)


def test_different_questions_of_one_kind_are_none() -> None:
    words = ("腰围多少", "裤长是几厘米", "袖子呢，袖长")
    answers = ("72", "98厘米", "60")
    said = []
    for n, (text, told) in enumerate(zip(words, answers, strict=True)):
        said += [shopper(2 * n + 1, text, intents=["ask_size"]), answer(2 * n + 2, told)]
    assert loop(sum_up(said)) == ()


def test_questions_put_off_with_one_answer_are_a_loop_in_any_wording() -> None:
    words = ("这个能退吗", "拆封了也行吗", "用过一次还退不退")
    said = []
    for n, text in enumerate(words):
        said += [shopper(2 * n + 1, text, intents=["ask_returnable"]), answer(2 * n + 2, "支持七天无理由退货")]
    assert loop(sum_up(said)) == (1, 3, 5)


def test_a_burst_and_a_message_sent_twice_are_no_turns() -> None:
    burst = [shopper(n, "快递到哪了呀", intents=["ask_logistics"], second=n * 4) for n in (1, 2, 3, 4)]
    assert loop(sum_up(burst)) == ()
    apart = [shopper(n, "快递到哪了呀", intents=["ask_logistics"], second=n * 40) for n in (1, 2, 3)]
    assert loop(sum_up(apart)) == (1, 2, 3)


def test_haggling_is_no_loop_but_the_same_words_are() -> None:
    haggling = [shopper(1, "能便宜点吗"), answer(2), shopper(3, "再少点嘛"), answer(4), shopper(5, "抹个零吧")]
    said = [
        shopper(s.seq, s.text, intents=["bargain"], price=["bargain"]) if s.role == "shopper" else s for s in haggling
    ]
    assert loop(sum_up(said)) == ()
    same = []
    for n in (1, 3, 5):
        same += [shopper(n, "有没有优惠", intents=["ask_discount"], price=["discount"]), answer(n + 1)]
    assert loop(sum_up(same)) == (1, 3, 5)


def test_greetings_thanks_and_order_cards_are_no_questions(reader) -> None:
    card = "[订单编号:8812，订单金额:30，下单时间:2026-05-01]"
    assert loop(sum_up(read(reader, card, "b:好的", card, "b:好的", card))) == ()
    assert loop(sum_up(read(reader, "在吗", "b:在的", "在吗", "b:在的", "在吗"))) == ()
    assert loop(sum_up(read(reader, "好的谢谢", "b:不客气", "好的谢谢", "b:不客气", "好的谢谢"))) == ()


def test_the_same_words_back_in_three_turns_are_a_loop_whatever_was_asked() -> None:
    put_off = "亲，已为您催促物流公司"
    said = [shopper(1, "物流停了四天了"), answer(2, put_off), shopper(3, "又过了一天"), answer(4, put_off)]
    summary = sum_up([*said, shopper(5, "能不能上点心"), answer(6, put_off)])
    assert loop(summary) == (1, 3, 5)
    assert next(tag.rule.name for tag in summary.tags if tag.kind == "loop") == "loop_same_answer"
    assert loop(sum_up([*said, shopper(5, "能不能上点心"), answer(6, "已到您楼下")])) == ()
    courtesy = [
        shopper(1, "有货吗"),
        answer(2, "请稍等"),
        shopper(3, "多少钱"),
        answer(4, "请稍等"),
        shopper(5, "几号到"),
    ]
    assert loop(sum_up([*courtesy, answer(6, "请稍等")])) == ()
    short = [
        shopper(1, "会缩水吗"),
        answer(2, "不会的"),
        shopper(3, "会起球吗"),
        answer(4, "不会的"),
        shopper(5, "会掉色吗"),
    ]
    assert loop(sum_up([*short, answer(6, "不会的")])) == ()
