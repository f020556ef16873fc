"""Price-sensitive: only who asks again."""

from assistant.insights.session import Summary, sum_up
from assistant.insights.signals import Signal
from assistant.insights.utterances import Utterance
from tests.assistant.insights.talk import answer, read, shopper, untimed


def price(*said: Utterance) -> Signal | None:
    return next((tag for tag in sum_up(said).tags if tag.kind == "price_sensitive"), None)


def tagged(summary: Summary) -> bool:
    return summary.has("price_sensitive")


def test_one_question_for_a_discount_is_no_tag() -> None:
    assert price(shopper(1, "有没有优惠", price=["discount"])) is None


def test_asking_twice_is_a_tag_with_both_lines() -> None:
    tag = price(shopper(1, "有没有优惠", price=["discount"]), answer(2), shopper(3, "有没有优惠", price=["discount"]))
    assert tag is not None
    assert (tag.evidence, tag.rule) == ((1, 3), ("price_repeated", 1))


def test_the_same_words_within_ten_seconds_count_once() -> None:
    first = shopper(1, "有没有优惠", price=["discount"], second=0)
    assert price(first, shopper(2, "有没有优惠？", price=["discount"], second=10)) is None
    assert price(first, shopper(2, "有没有优惠？", price=["discount"], second=11)) is not None
    assert price(first, shopper(2, "能便宜点吗", price=["bargain"], second=3)) is not None


def test_without_times_a_repeat_counts_only_after_somebody_spoke() -> None:
    first, again = (untimed(shopper(n, "有没有优惠", price=["discount"])) for n in (1, 3))
    assert price(first, again) is None
    assert price(first, untimed(answer(2)), again) is not None


def test_an_objection_beside_a_price_elsewhere_is_a_tag() -> None:
    tag = price(shopper(1, "太贵了，拼多多才30", price=["expensive", "compare"]))
    assert tag is not None
    assert tag.rule.name == "price_objection_reference"
    assert price(shopper(1, "别家才30", price=["compare"]), shopper(2, "拼多多也是", price=["compare"])) is None


def test_a_coupon_that_fails_is_no_cue() -> None:
    said = [shopper(n, "优惠券用不了", price=["discount"], intents=["coupon_fails"]) for n in (1, 2, 3)]
    assert price(*said) is None


def test_a_budget_or_worth_alone_is_no_tag() -> None:
    assert price(shopper(1, "预算五百", price=["budget"]), shopper(2, "性价比高吗", price=["value"])) is None


def test_the_score_rises_with_every_turn_and_fades_with_talk_of_other_things() -> None:
    asked = [shopper(n, f"能便宜{n}块吗", price=["bargain"]) for n in range(1, 7)]
    scores = [tag.score for tag in (price(*asked[:n]) for n in range(2, 7)) if tag]
    assert scores == sorted(scores)
    assert price(*asked).value == "high"  # type: ignore[union-attr]
    talk = [shopper(n, f"尺码{n}有吗") for n in range(7, 30)]
    assert price(*asked, *talk).score < price(*asked).score  # type: ignore[union-attr, operator]


def test_real_sentences(reader) -> None:
    assert tagged(sum_up(read(reader, "有没有优惠", "b:满300减30", "能便宜点吗")))
    assert tagged(sum_up(read(reader, "有没有优惠", "b:满300减30", "有没有优惠")))
    assert not tagged(sum_up(read(reader, "优惠券用不了", "b:请截图", "我的优惠券还是用不了")))
    assert not tagged(sum_up(read(reader, "有没有优惠", "b:满300减30", "什么时候发货")))
