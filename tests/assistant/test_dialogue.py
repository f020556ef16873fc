"""The state of a conversation is its log replayed."""

from datetime import UTC, datetime

from assistant.dialogue import Dialogue, Dialogues, after
from crm_core.conversations import timeline
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Choice,
    Entry,
    HandoffRequested,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
)
from crm_core.conversations.timeline import Thread
from crm_core.database import Database

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def replayed(*events) -> Dialogue:
    dialogue = Dialogue()
    for seq, event in enumerate(events, start=1):
        dialogue = after(dialogue, Entry("c", seq, NOW, event))
    return dialogue


def test_fragments_wait_together_for_one_answer() -> None:
    dialogue = replayed(SessionOpened("web"), ShopperSpoke("我想问", "a"), ShopperSpoke("能退吗", "b"))
    assert [said.text for said in dialogue.unanswered] == ["我想问", "能退吗"]


def test_an_answer_leaves_open_what_was_said_after_it_was_decided() -> None:
    dialogue = replayed(
        SessionOpened("web"), ShopperSpoke("能退吗", "a"), ShopperSpoke("还有", "b"), BotReplied("能", 2, "answer")
    )
    assert [said.text for said in dialogue.unanswered] == ["还有"]


def test_a_question_back_is_open_until_something_else_is_answered() -> None:
    choices = (Choice("A", "订单 A", order="A"),)
    asked = BotReplied("哪一单？", 2, "ask", choices=choices, skill="returns", question="能退吗")
    dialogue = replayed(SessionOpened("web"), ShopperSpoke("能退吗", "a"), asked)
    assert dialogue.asked is not None
    assert dialogue.asked.question == "能退吗"
    done = after(dialogue, Entry("c", 4, NOW, BotReplied("可以", 4, "answer")))
    assert done.asked is None


def test_a_new_session_starts_fresh_but_keeps_what_is_unanswered() -> None:
    dialogue = replayed(
        SessionOpened("web"),
        ShopperSpoke("这款", "a", sku="S1"),
        BotReplied("好", 2, "unsure"),
        HandoffRequested("asked_for_person", 1, "转人工"),
        SessionClosed("bot_assumed"),
        SessionOpened("web"),
    )
    assert (dialogue.focus_sku, dialogue.unsure, dialogue.person_requested, dialogue.said) == (None, 0, False, ())


def test_a_person_who_answers_answers_for_the_bot() -> None:
    dialogue = replayed(SessionOpened("web"), ShopperSpoke("在吗", "a"), AgentSpoke("在的", "小王"))
    assert dialogue.unanswered == ()


def test_a_kept_state_and_a_full_replay_agree(sqlite_database: Database) -> None:
    kept = Dialogues()
    for n in range(5):
        events = [(ShopperSpoke(f"第{n}句", f"m{n}"), f"m{n}"), (BotReplied("好", 2 * n + 1, "answer"), None)]
        with sqlite_database.transaction() as tx:
            entries = timeline.append(tx, Thread("c"), events, at=NOW)
        kept.moved(entries)
        assert kept.of(sqlite_database, "c") == Dialogues().of(sqlite_database, "c")
