"""Which words go out in which message: never more than are allowed, nothing said twice, and nothing dropped unsaid."""

from hypothesis import given
from hypothesis import strategies as st

from webchat.channels.wecom_plan import LONGEST, MOST, MOST_OF_BOT, Piece, clipped, plan

pieces = st.lists(
    st.tuples(st.sampled_from(["bot", "notice", "agent"]), st.text(min_size=1, max_size=900)), max_size=12
).map(lambda said: [Piece(kind, text, seq) for seq, (kind, text) in enumerate(said, start=1)])  # type: ignore[arg-type]


@given(pieces, st.integers(0, MOST), st.integers(0, MOST_OF_BOT))
def test_the_limits_hold_and_every_word_is_sent_or_named(said: list[Piece], told: int, by_bot: int) -> None:
    planned = plan(said, max(told, by_bot), by_bot)
    assert len(planned.messages) <= MOST - max(told, by_bot)
    assert sum(one.kind == "bot" for one in planned.messages) <= MOST_OF_BOT - by_bot
    assert all(len(one.text.encode(errors="surrogatepass")) <= LONGEST for one in planned.messages)
    assert [one.seq for one in planned.messages] == sorted(one.seq for one in planned.messages)
    sent = "\n".join(one.text for one in planned.messages)
    for piece in said:
        assert piece in planned.left_out or clipped(piece.text) in sent or piece.text in sent


def test_what_the_bot_says_in_one_go_is_one_message_and_two_are_kept() -> None:
    bot = [Piece("bot", str(n), n) for n in range(3)]
    assert [one.text for one in plan(bot, 0, 0).messages] == ["0\n1\n2"]
    assert plan(bot, 3, 3).messages == ()
    joined = Piece("notice", "客服来了", 9)
    assert [one.text for one in plan([*bot, joined], 3, 3).messages] == ["客服来了"]


def test_a_person_s_words_past_the_limit_are_put_onto_the_last_message() -> None:
    said = [Piece("agent", str(n), n) for n in range(3)]
    assert [one.text for one in plan(said, 4, 1).messages] == ["0\n1\n2"]
    assert plan(said, 5, 1).left_out == tuple(said)
