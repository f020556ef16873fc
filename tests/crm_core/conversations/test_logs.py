"""Logs of other systems beside our own conversations."""

from datetime import UTC, datetime, timedelta

from crm_core.conversations import logs, timeline
from crm_core.conversations.events import BotReplied, SessionClosed, SessionOpened, ShopperSpoke
from crm_core.conversations.logs import Logged
from crm_core.conversations.timeline import Thread
from crm_core.database import Database

AT = datetime(2026, 5, 1, tzinfo=UTC)


def said(text: str, minute: int, conversation: str = "s1") -> Logged:
    return Logged(conversation, "C1", AT + timedelta(minutes=minute), ShopperSpoke(text, text), text)


def test_lines_are_numbered_without_gaps_and_kept_once(database: Database) -> None:
    with database.transaction() as tx:
        assert logs.keep(tx, [said("一", 0), said("二", 1), said("一", 0)]).new == [True, True, False]
        assert logs.keep(tx, [said("二", 1), said("三", 2)]).new == [False, True]
        entries = timeline.since(tx, "s1", 0)
        head = timeline.head(tx, "s1")
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [type(entry.event) for entry in entries] == [SessionOpened, ShopperSpoke, ShopperSpoke, ShopperSpoke]
    assert (head.seq, head.customer) == (4, "C1")


def test_a_bots_line_answers_what_stands_before_it(database: Database) -> None:
    reply = Logged("s1", None, AT, BotReplied("在的", 0, "answer"), "b")
    with database.transaction() as tx:
        logs.keep(tx, [said("在吗", 0), reply])
        assert timeline.since(tx, "s1", 2)[0].event.answers == 2


def test_closing_happens_once_and_a_late_line_opens_anew(database: Database) -> None:
    with database.transaction() as tx:
        logs.keep(tx, [said("一", 0), said("一", 0, "s2")])
        assert logs.close_all(tx, 1) == 1
        assert logs.close_all(tx, 10) == 1
        assert logs.close_all(tx, 10) == 0
        logs.keep(tx, [said("二", 5)])
        logs.close_all(tx, 10)
        kinds = [type(entry.event) for entry in timeline.since(tx, "s1", 0)]
    assert kinds == [SessionOpened, ShopperSpoke, SessionClosed, SessionOpened, ShopperSpoke, SessionClosed]


def test_our_own_conversations_are_foreign_to_logs_and_stay_open(database: Database) -> None:
    with database.transaction() as tx:
        opened = [(SessionOpened("web"), None), (ShopperSpoke("真的", "x"), "x")]
        timeline.append(tx, Thread("s1"), opened, at=AT)
        kept = logs.keep(tx, [said("一", 0), said("一", 0, "s2")])
        assert (kept.new, kept.foreign) == ([False, True], {"s1"})
        logs.close_all(tx, 10)
        assert timeline.open_session(tx, "s1") is not None
        assert timeline.open_session(tx, "s2") is None
