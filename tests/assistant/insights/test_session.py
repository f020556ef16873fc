"""The reducer: replayable, idempotent, the same live and in batch."""

from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.insights.session import Session, after, sum_up, summary
from assistant.insights.utterances import Utterance
from tests.assistant.insights.talk import answer, read, shopper

TALK = (
    "你好，送女朋友的，有没有优惠",
    "b:满299减30",
    "和兰蔻比哪个好",
    "b:我们更清爽",
    "太贵了，别家才200",
    "b:我们是正品保障",
    "气死我了！！！转人工",
    "a:给您申请了优惠",
    "太好了，谢谢你，服务真好",
    "那什么时候发货",
)


def test_a_session_tells_what_it_shows(reader) -> None:
    summary = sum_up(read(reader, *TALK))
    found = {(tag.kind, tag.value): tag.evidence for tag in summary.tags}
    assert found["price_sensitive", "mid"] == (1, 5) or found.get(("price_sensitive", "high")) == (1, 5)
    assert found["competitor", "兰蔻"] == (3,)
    assert found["motive", "gift"] == (1,)
    assert found["hesitation", "price"] == (5,)
    assert found["wants_human", ""] == (7,)
    assert found["recovered", ""] == (8, 9)
    assert summary.escalate == "senior"
    assert [signal.rule.name for signal in summary.escalations] == ["asked_for_person", "exclamation_run"]
    assert [question.line for question in summary.unanswered] == [10]
    assert all(tag.rule.version >= 1 for tag in summary.tags)


def test_every_step_can_be_taken_again_without_change(reader) -> None:
    session = Session()
    for said in read(reader, *TALK):
        moved, _ = after(session, said)
        for old in read(reader, *TALK)[: said.seq]:
            again, signals = after(moved, old)
            assert (again, signals) == (moved, ())
        session = moved
    assert summary(session) == sum_up(read(reader, *TALK))


def test_a_state_survives_being_stored(reader) -> None:
    session = Session()
    for said in read(reader, *TALK):
        session, _ = after(session, said)
        stored = msgspec.json.encode(session)
        assert msgspec.json.decode(stored, type=Session) == session


def test_signals_are_told_when_they_happen(reader) -> None:
    told = {}
    session = Session()
    for said in read(reader, *TALK):
        session, signals = after(session, said)
        told[said.seq] = {signal.kind for signal in signals}
    assert "motive" in told[1]
    assert "competitor" in told[3]
    assert {"price_sensitive", "hesitation"} <= told[5]
    assert {"escalate", "wants_human", "swing"} <= told[7]
    assert "recovered" in told[9]
    assert told[2] == told[4] == set()


UTTERANCES = st.lists(
    st.one_of(
        st.builds(
            lambda text, polarity, price, human: shopper(
                0, text, polarity=polarity, price=price, wants_human=human, intents=["ask_size"] if price else []
            ),
            st.sampled_from(["有优惠吗", "能便宜点吗", "快点！！！", "快点!", "几号到", "谢谢", "再看看", ""]),
            st.sampled_from([-0.9, -0.4, 0.0, 0.5, 0.9]),
            st.sampled_from([(), ("discount",), ("expensive",), ("compare",)]),
            st.booleans(),
        ),
        st.builds(lambda text: answer(0, text), st.sampled_from(["有的", "请稍等", "满199减20"])),
    ),
    max_size=14,
)


@given(UTTERANCES, st.lists(st.integers(0, 99), min_size=14, max_size=14))
@settings(max_examples=150, deadline=None)
def test_live_with_any_resends_equals_batch(said: list[Utterance], resends: list[int]) -> None:
    said = [replace(one, seq=n, line=n) for n, one in enumerate(said, 1)]
    session = Session()
    for place, one in enumerate(said):
        session, _ = after(session, one)
        session, signals = after(session, said[resends[place] % (place + 1)])
        assert signals == ()
    assert summary(session) == sum_up(said)


def test_giving_up_is_told_only_of_a_purchase(reader) -> None:
    assert sum_up(read(reader, "有没有折扣", "b:没有", "那算了")).has("hesitation")
    assert not sum_up(read(reader, "地址能改吗", "b:改不了", "那算了")).has("hesitation")


def test_who_claims_a_difference_back_does_not_hesitate() -> None:
    assert not sum_up([shopper(1, "贵了，退差价", price=["expensive", "protection"])]).has("hesitation")
