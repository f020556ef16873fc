"""Every transition of a session, from both sides: what it does, and that it is refused where it is not listed."""

import pytest

from assistant import turns
from assistant.desk import desk, lists, presences, timers
from crm_core.conversations.events import AgentSpoke, SessionOpened
from crm_core.conversations.movements import (
    HandoffRequested,
    MessageLeft,
    MessageSuppressed,
    Noticed,
    Offered,
    RatingInvited,
    SupervisorPaged,
)
from crm_core.conversations.session import NotPossible
from crm_core.desk import presence, queues
from tests.assistant.desk.conftest import House


def test_asking_for_a_person_queues_and_says_the_place_that_is_true(house: House) -> None:
    house.online("lin")
    house.says("转人工")
    assert house.session.state == "queued"
    assert house.bot_words()[-1] == "已为您转接人工客服，您是下一位，请稍候。"
    first, house.thread = house.thread, turns.Thread("d")
    house.passes(seconds=1)
    house.says("转人工")
    assert "前面还有 1 位" in house.bot_words()[-1]
    house.thread = first
    assert lists.standing_of(house.a, "d").position == 2


def test_the_bot_is_silent_while_the_shopper_waits(house: House) -> None:
    house.online("lin")
    house.says("转人工")
    before = house.bot_words()
    house.says("发什么快递")
    assert house.bot_words() == before


def test_an_offer_is_accepted_and_the_agent_speaks(house: House) -> None:
    house.served_by("lin")
    session = house.session
    assert (session.state, session.assignee, session.owner_epoch) == ("active", "lin", 4)
    house.act(desk.say, "lin", "a1", "您好，请说")
    assert house.session.waiting_on == "shopper"
    assert house.session.first_human_at == house.now
    assert house.shown()[-2:] == ["客服lin 为您服务。", "您好，请说"]


def test_the_same_message_of_an_agent_is_stored_once(house: House) -> None:
    house.served_by("lin")
    first = house.act(desk.say, "lin", "a1", "您好")
    again = house.act(desk.say, "lin", "a1", "您好")
    assert [entry.seq for entry in first] == [entry.seq for entry in again]
    assert len(house.of(AgentSpoke)) == 1


def test_a_late_word_of_an_agent_is_kept_and_never_shown(house: House) -> None:
    house.served_by("lin")
    stale = house.session.owner_epoch
    house.act(desk.release, "lin", "已答复尺码")
    (entry,) = house.act(desk.say, "lin", "a2", "还有什么", epoch=stale)
    assert isinstance(entry.event, MessageSuppressed)
    assert "还有什么" not in house.shown()[-1]


def test_a_reply_that_was_thought_before_the_takeover_never_appears(house: House) -> None:
    house.says("发什么快递")
    session = house.session
    turns.hear(house.a, house.thread, turns.ShopperSpoke("可以开发票吗", "x")).result()
    asked: list[object] = []
    record_write = house.a.record.write

    def steps_in(work, conversation=""):  # type: ignore[no-untyped-def]
        house.a.record.write = record_write  # type: ignore[method-assign]
        asked.append(desk.take_over(house.a, "lin", session.id).result())
        return record_write(work, conversation)

    house.online("lin")
    house.a.record.write = steps_in  # type: ignore[method-assign]
    future = turns.take_turn(house.a, house.thread)
    assert future is not None
    with pytest.raises(turns.ConversationMovedOn):
        future.result()
    assert len(house.bot_words()) == 1
    assert house.session.assignee == "lin"


def test_a_declined_offer_goes_back_with_its_place_and_is_not_repeated(house: House) -> None:
    house.online("lin")
    house.says("转人工")
    queued_at = house.session.queued_at
    house.routes()
    house.passes(seconds=5)
    house.act(desk.decline, "lin")
    assert house.session.state == "queued"
    assert house.session.queued_at == queued_at
    house.online("chen")
    (offered,) = house.routes()
    assert offered.event.agent == "chen"  # type: ignore[union-attr]


def test_two_offers_let_lapse_make_an_agent_away(house: House) -> None:
    house.online("lin")
    house.says("转人工")
    for _ in range(2):
        house.routes()
        house.passes(seconds=21)
        house.fires()
        presences.beat(house.a, ["lin"]).result()
    with house.a.record.reading() as tx:
        there = presence.of(tx, "lin")
    assert there is not None
    assert there.state == "away"
    assert house.session.state == "queued"


def test_nobody_at_the_desk_takes_a_message_and_the_bot_stays(house: House) -> None:
    house.says("转人工")
    assert house.session.state == "message_left"
    assert "没有客服在线" in house.bot_words()[-1]
    house.says("发什么快递")
    assert house.session.state == "bot"
    assert len(house.bot_words()) == 2


def test_out_of_hours_the_next_opening_is_told(house: House) -> None:
    house.closed_now()
    house.online("lin")
    house.says("转人工")
    assert "今天 18:00" in house.bot_words()[-1]
    assert house.of(MessageLeft)[-1].reason == "closed"


def test_who_left_a_message_may_be_taken_up(house: House) -> None:
    house.says("转人工")
    house.online("lin")
    house.act(desk.take_over, "lin")
    assert house.session.state == "active"
    with house.a.record.reading() as tx:
        assert queues.handoffs_of(tx, house.session.id)[-1].outcome == "accepted"


def test_a_message_that_nobody_takes_up_is_over_after_two_days(house: House) -> None:
    house.says("转人工")
    house.passes(hours=48, seconds=1)
    house.fires()
    assert house.last.close_reason == "message_left"


def test_waiting_long_offers_ways_on_and_each_is_kept(house: House) -> None:
    house.online("lin", status="busy")
    house.says("转人工")
    house.passes(seconds=31)
    house.fires()
    assert house.of(Noticed)[-1].code == "waiting"
    house.passes(seconds=150)
    house.fires()
    assert house.of(Noticed)[-1].choices == ("继续等", "留言", "取消排队")
    house.says("继续等")
    assert house.session.state == "queued"
    house.says("取消排队")
    assert house.session.state == "bot"


def test_who_waits_may_leave_a_message_instead(house: House) -> None:
    house.online("lin", status="busy")
    house.says("转人工")
    house.says("留言")
    assert house.session.state == "message_left"


def test_who_walks_away_from_the_queue_is_not_called(house: House) -> None:
    house.online("lin", status="busy")
    house.says("转人工")
    house.passes(seconds=61)
    timers.abandon(house.a, "c").result()
    assert house.last.close_reason == "abandoned_in_queue"


def test_a_transfer_needs_a_note_and_somebody_who_is_there(house: House) -> None:
    house.served_by("lin")
    with pytest.raises(desk.NotAllowed):
        house.act(desk.transfer, "lin", to="chen", kind="agent", note=" ")
    with pytest.raises(NotPossible):
        house.act(desk.transfer, "lin", to="chen", kind="agent", note="售后的事")
    house.online("chen")
    house.act(desk.transfer, "lin", to="chen", kind="agent", note="售后的事")
    assert (house.session.state, house.session.offered_to) == ("offered", "chen")
    house.act(desk.accept, "chen")
    assert house.session.assignee == "chen"


def test_a_transfer_to_a_group_waits_for_that_group(house: House) -> None:
    house.served_by("lin")
    house.online("chen")
    house.act(desk.transfer, "lin", to="售后", kind="group", note="退款")
    (offered,) = house.routes()
    assert offered.event.agent == "chen"  # type: ignore[union-attr]


def test_anger_with_a_junior_brings_a_senior_without_leaving_the_shopper_alone(house: House) -> None:
    house.served_by("lin")
    house.online("zi")
    house.says("你们太过分了！！！")
    assert (house.session.state, house.session.assignee, house.session.offered_to) == ("active", "lin", "zi")
    house.act(desk.say, "lin", "a1", "马上为您处理")
    house.act(desk.accept, "zi")
    assert house.session.assignee == "zi"
    assert house.session.watchers == ("lin",)


def test_a_senior_who_does_not_come_leaves_it_with_the_junior_and_pages_the_supervisor(house: House) -> None:
    house.served_by("lin")
    house.online("zi")
    house.says("你们太过分了！！！")
    house.act(desk.say, "lin", "a1", "马上为您处理")
    house.passes(seconds=21)
    house.fires()
    assert (house.session.state, house.session.assignee, house.session.offered_to) == ("active", "lin", None)
    assert house.of(SupervisorPaged)[-1].reason == "no_senior"


def test_the_bot_goes_on_from_the_summary_after_a_release(house: House) -> None:
    house.served_by("lin")
    house.act(desk.say, "lin", "a1", "这是私下说的话")
    house.act(desk.release, "lin", "已答复尺码")
    assert house.session.state == "bot"
    said = house.a.dialogues.of(house.a.record, "c").said
    assert "已答复尺码" in said
    assert not any("私下" in text for text in said)


def test_an_agent_who_says_nothing_loses_the_session_to_somebody_else(house: House) -> None:
    house.served_by("lin")
    house.online("chen")
    house.passes(seconds=301)
    presences.beat(house.a, ["lin", "chen"]).result()
    house.fires()
    assert (house.session.state, house.session.priority) == ("queued", 2)
    (offered,) = house.routes()
    assert offered.event.agent == "chen"  # type: ignore[union-attr]


def test_a_desk_that_is_gone_gives_back_who_waits(house: House) -> None:
    house.served_by("lin")
    house.passes(seconds=61)
    for session, login in presences.lost(house.a).result():
        presences.abandoned(house.a, login, session).result()
    assert house.session.state == "queued"
    assert house.shown()[-1].startswith("刚才的客服暂时离开了")


def test_a_shopper_who_was_answered_keeps_the_agent_until_they_write(house: House) -> None:
    house.served_by("lin")
    house.act(desk.say, "lin", "a1", "好了")
    for session in presences.set_status(house.a, "lin", "offline").result():
        presences.abandoned(house.a, "lin", session, shift_end=True).result()
    assert house.session.state == "active"
    house.says("还有一个问题")
    assert house.session.state == "queued"


def test_a_hold_ends_when_it_is_due_or_the_shopper_writes(house: House) -> None:
    from datetime import timedelta

    house.served_by("lin")
    house.act(desk.hold, "lin", house.now + timedelta(hours=1))
    assert house.session.state == "on_hold"
    house.passes(hours=1, seconds=1)
    house.fires()
    assert house.session.state == "active"
    house.act(desk.hold, "lin", house.now + timedelta(hours=1))
    house.says("有结果了吗")
    assert (house.session.state, house.session.waiting_on) == ("active", "agent")


def test_resolving_invites_once_and_closes_after_the_wrap_up(house: House) -> None:
    house.served_by("lin")
    house.act(desk.resolve, "lin", summary="已退款", category="退换货", solved="yes")
    assert house.session.state == "wrap_up"
    house.says("等等还有")
    assert (house.session.state, house.session.assignee) == ("active", "lin")
    house.act(desk.resolve, "lin", summary="已退款", category="退换货")
    house.passes(seconds=61)
    house.fires()
    assert house.last.close_reason == "agent_resolved"
    assert len(house.of(RatingInvited)) == 1


def test_a_silent_shopper_is_warned_and_then_the_session_ends(house: House) -> None:
    house.served_by("lin")
    house.act(desk.say, "lin", "a1", "还需要别的吗")
    house.passes(minutes=8, seconds=1)
    house.fires()
    assert house.of(Noticed)[-1].code == "idle"
    house.passes(minutes=2)
    house.fires()
    assert house.last.close_reason == "shopper_timeout"


def test_a_session_with_the_bot_ends_by_silence_and_says_how(house: House) -> None:
    house.says("你好")
    house.passes(minutes=29)
    house.says("在吗")
    house.passes(minutes=2)
    house.fires()
    assert house.session.state == "bot"  # the silence was shorter than the timer thought
    house.passes(minutes=30)
    house.fires()
    assert house.last.close_reason == "shopper_left_bot"  # a greeting is no answer


def test_who_comes_back_to_a_served_session_is_brought_to_people(house: House) -> None:
    house.served_by("lin")
    house.act(desk.resolve, "lin", summary="好", category="其他")
    house.passes(seconds=61)
    house.fires()
    presences.beat(house.a, ["lin"]).result()
    house.passes(hours=5)
    house.says("又坏了")
    assert house.session.state == "queued"
    assert house.session.reopened_from == house.last.id
    (offered,) = house.routes()
    assert offered.event.agent == "lin"  # type: ignore[union-attr]


def test_who_comes_back_after_two_days_begins_anew(house: House) -> None:
    house.served_by("lin")
    house.act(desk.resolve, "lin", summary="好", category="其他")
    house.passes(seconds=61)
    house.fires()
    house.passes(hours=49)
    house.says("你好")
    assert (house.session.state, house.session.reopened_from) == ("bot", None)


def test_a_supervisor_may_step_in_and_close(house: House) -> None:
    house.served_by("lin")
    with pytest.raises(desk.NotAllowed):
        house.act(desk.close, "lin", "spam")
    house.act(desk.watch, "zhu")
    house.act(desk.say, "zhu", "b1", "我是主管", barge=True)
    house.act(desk.take_over, "zhu")
    assert (house.session.assignee, house.session.watchers) == ("zhu", ("lin",))
    house.act(desk.close, "zhu", "spam")
    assert house.last.close_reason == "spam"


def test_what_is_not_listed_is_refused_with_the_state(house: House) -> None:
    house.says("你好")
    for what in (desk.accept, desk.decline, desk.release, desk.resume):
        with pytest.raises(NotPossible) as refused:
            house.act(what, "lin")
        assert refused.value.state == "bot"
    with pytest.raises(desk.UnknownSession):
        desk.take_over(house.a, "lin", "c:999").result()


def test_a_takeover_past_the_cap_is_logged(house: House) -> None:
    for number in range(3):
        house.thread = turns.Thread(f"t{number}")
        house.says("你好")
        (taken, _) = house.act(desk.take_over, "lin")
    assert taken.event.over_capacity  # type: ignore[union-attr]


def test_the_router_never_fills_past_the_cap(house: House) -> None:
    house.online("lin")
    for number in range(4):
        house.thread = turns.Thread(f"t{number}")
        house.says("转人工")
    assert sum(isinstance(entry.event, Offered) for entry in house.routes()) == 2
    assert house.routes() == []


def test_the_packet_says_what_is_needed_and_what_was_tried(house: House) -> None:
    house.online("lin")
    house.says("这个能用在婴儿身上吗")
    house.says("转人工")
    packet = lists.packet_of(house.a, house.session.id)
    assert packet is not None
    assert packet.summary == "这个能用在婴儿身上吗"
    assert packet.rule == "asked_for_person"
    assert packet.evidence[0].text in "转人工"
    assert packet.tried[0].question == "这个能用在婴儿身上吗"


def test_a_second_press_of_the_button_asks_nothing_twice(house: House) -> None:
    house.online("lin")
    turns.request_person(house.a, house.thread).result()
    assert turns.request_person(house.a, house.thread).result() == []
    assert len(house.of(HandoffRequested)) == 1
    turns.cancel_wait(house.a, house.thread).result()
    assert house.session.state == "bot"
    assert len(house.of(SessionOpened)) == 1
