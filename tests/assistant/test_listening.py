"""Live talk is read for what calls for a person with the rules that read old logs."""

from assistant.insights.utterances import utterance_of
from crm_core.conversations.movements import HandoffRequested
from tests.assistant.desk.conftest import House, embedder, house, reader

__all__ = ["embedder", "house", "reader"]


def heard(house: House) -> list[HandoffRequested]:
    return house.of(HandoffRequested)


def test_three_messages_that_end_in_a_mark_call_a_senior(house: House) -> None:
    house.online("lin")
    for text in ("你们怎么回事！", "还不发货！", "给个说法！"):
        house.says(text)
    (request,) = heard(house)
    assert (request.rule, request.level) == ("exclamation_messages", "senior")
    assert [quote.seq for quote in request.quotes] == sorted(quote.seq for quote in request.quotes)
    assert len(request.quotes) == 3


def test_joy_calls_nobody(house: House) -> None:
    house.online("lin")
    house.says("太好看了！！！谢谢")
    assert heard(house) == []


def test_a_risk_beside_the_wish_for_a_person_goes_to_a_senior(house: House) -> None:
    house.online("lin", "zi")
    house.says("我要投诉到12315，转人工")
    (request,) = heard(house)
    assert (request.rule, request.level) == ("asked_for_person", "senior")


def test_the_same_question_a_third_time_proposes_once(house: House) -> None:
    house.online("lin")
    for text in ("我的货怎么还不发", "怎么还不发我的货", "我的货怎么还不发啊", "我的货到底怎么还不发"):
        house.says(text)
        house.passes(seconds=40)
    replies = [text for text in house.bot_words() if "需要我为您转人工客服吗" in text]
    assert len(replies) == 1
    assert house.session.state in ("bot", "queued")


def test_a_yes_to_the_proposal_hands_over(house: House) -> None:
    house.online("lin")
    for text in ("这个能用在婴儿身上吗", "那孕妇呢能用吗"):
        house.says(text)
        house.passes(seconds=40)
    assert "需要我为您转人工客服吗" in house.bot_words()[-1]
    house.says("好的")
    assert heard(house)[-1].rule == "accepted_the_offer"


def test_not_knowing_a_third_time_hands_over(house: House) -> None:
    house.online("lin")
    for text in ("这个能用在婴儿身上吗", "那孕妇呢能用吗", "狗狗可以用吗"):
        house.says(text)
        house.passes(seconds=40)
    assert heard(house)[-1].rule == "unknown"
    assert house.session.state == "queued"


def test_a_bot_that_breaks_down_twice_is_not_asked_again(house: House, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault in a skill")

    house.online("lin")
    monkeypatch.setattr("assistant.turns.askings", broken)
    house.says("发什么快递")
    assert "出了点问题" in house.bot_words()[-1]
    house.says("可以开发票吗")
    assert heard(house)[-1].rule == "bot_failed"


def test_a_process_that_knows_nothing_hears_the_same(house: House) -> None:
    house.online("lin")
    for text in ("你们怎么回事！", "还不发货！"):
        house.says(text)
        house.settings(dialogues=type(house.a.dialogues)(), listening=type(house.a.listening)())
    house.says("给个说法！")
    assert heard(house)[-1].rule == "exclamation_messages"


def test_a_reading_at_hand_is_used(house: House) -> None:
    house.says("转人工")
    said = next(entry for entry in house.log if getattr(entry.event, "client_id", "") == "m1")
    known = house.a.reader.read("转人工")
    told = utterance_of(said.event, house.a.reader, seq=said.seq, line=said.seq, at=said.at, known=known)
    assert told is not None
    assert told.reading is known
