"""The mood of a session."""

from assistant.insights.feeling import swing_of, trajectory
from assistant.insights.session import Summary, sum_up
from tests.assistant.insights.talk import answer, read, shopper


def mood(*polarities: float) -> Summary:
    return sum_up([shopper(n, f"第{n}句", polarity=p) for n, p in enumerate(polarities, 1)])


def test_calm_is_a_flat_line() -> None:
    summary = mood(0, 0, 0)
    assert summary.swing == "none"
    assert [point.level for point in summary.curve] == [0, 0, 0]


def test_a_mood_that_ends_worse_has_swung_down() -> None:
    assert mood(0, 0, -0.8).swing == "down"
    assert mood(0.7, -0.8, 0).swing == "down"


def test_a_mood_that_came_back_has_swung_up_not_down() -> None:
    assert mood(0, -0.9, -0.9, 0.8, 0.8).swing == "up"
    assert mood(-0.8, 0.7).swing == "up"


def test_anger_from_the_first_word_is_a_level_and_no_swing() -> None:
    summary = mood(-0.8, -0.9, -0.8)
    assert summary.swing == "none"
    assert trajectory(summary.curve).transition == "negative→negative"


def test_matter_of_fact_words_after_anger_are_no_better_mood() -> None:
    assert mood(-0.9, 0, 0, 0, 0, 0).swing == "none"


def test_good_manners_are_neither_joy_nor_recovery(reader) -> None:
    assert sum_up(read(reader, "几号到", "a:后天", "好的谢谢", "a:不客气", "谢谢")).swing == "none"
    assert not sum_up(read(reader, "怎么还没到，着急", "a:稍等", "好的，谢谢")).has("recovered")


def test_an_answer_that_mends_the_mood_is_named() -> None:
    said = [shopper(1, "气死我了", polarity=-0.8), answer(2, "马上补发", "agent"), shopper(3, "太好了", polarity=0.8)]
    tag = next(tag for tag in sum_up(said).tags if tag.kind == "recovered")
    assert tag.evidence == (2, 3)
    assert not sum_up([said[0], said[2]]).has("recovered")


def test_the_figures_of_a_curve() -> None:
    curve = mood(0, -0.8, -0.8, 0.6).curve
    moved = trajectory(curve)
    assert [point.level for point in curve] == [0, -0.4, -0.6, 0]
    assert (moved.fall, moved.rise, moved.peak, moved.trough, moved.end) == (0.6, 0.6, 0, -0.6, 0)
    assert (moved.sign_changes, moved.transition) == (1, "neutral→neutral")


def test_no_words_of_the_shopper_no_curve() -> None:
    assert swing_of(()) == "none"
    assert sum_up([answer(1)]).curve == ()


def test_a_mood_that_no_word_tells_counts_half() -> None:
    told, guessed = (
        sum_up([shopper(1, "几号到"), shopper(2, "还没到", polarity=-0.8, guessed=g)]) for g in (False, True)
    )
    assert (told.swing, guessed.swing) == ("down", "none")
    assert (told.curve[-1].felt, guessed.curve[-1].felt) == (-0.8, -0.4)


def test_words_that_say_nothing_have_no_mood() -> None:
    for text in ("没有了", "好的呢", "[图片]", "可以", "。"):
        assert sum_up([shopper(1, text, polarity=-0.8)]).curve[0].felt == 0
