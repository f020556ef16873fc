"""How shoppers feel and why a session wants a look, read on from entry to entry."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, Event, SessionClosed, SessionOpened, ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.database import Database
from crm_core.reports import session_list
from crm_core.reports.session_list import Wanted
from nlp.reading.reading import Reader
from webchat.staff import moods
from webchat.staff.moods import Moods

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Log:
    """A conversation, and what is read of it."""

    def __init__(self, record: Database):
        self.record, self.moods, self.at, self.count = record, Moods(Reader()), NOW, 0

    def happens(self, *events: Event) -> None:
        self.at += timedelta(seconds=40)
        named = [(event, getattr(event, "client_id", None)) for event in events]
        self.record.write(lambda tx: timeline.append(tx, Thread("c"), named, at=self.at)).result()

    def says(self, text: str) -> None:
        self.count += 1
        self.happens(ShopperSpoke(text, f"m{self.count}"))

    def look(self) -> dict:
        self.moods.begin()
        with self.record.reading() as tx:
            (one,) = session_list.listed(tx, Wanted(conversations=["c"], states=session_list.OPEN))
            return self.moods.of(tx, one)


def test_an_angry_threat_is_seen_and_a_new_session_begins_without_it(sqlite_database: Database) -> None:
    log = Log(sqlite_database)
    log.happens(SessionOpened("web"))
    log.says("发什么快递")
    assert log.look()["flags"] == []
    log.says("太气人了，我要去12315投诉你们")
    seen = log.look()
    assert seen["emotion"]["polarity"] < 0
    assert seen["flags"] == ["投诉、维权、曝光"]
    log.happens(SessionClosed("bot_assumed"), SessionOpened("web"))
    assert log.look() == {"emotion": None, "flags": [], "behind": False}


def test_a_bot_that_does_not_know_twice_in_a_row_wants_a_look_and_once_does_not(sqlite_database: Database) -> None:
    log = Log(sqlite_database)
    log.happens(SessionOpened("web"))
    for decision, flagged in (("unsure", False), ("unsure", True), ("answer", False), ("unsure", False)):
        log.says("这个能不能刻字")
        log.happens(BotReplied("…", 0, decision))
        assert ("机器人连续答不上" in log.look()["flags"]) is flagged


def test_a_long_session_is_read_in_several_looks_and_comes_out_the_same(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(sqlite_database)
    log.happens(SessionOpened("web"))
    for text in ("发什么快递", "有货吗", "能便宜点吗", "太气人了，我要去12315投诉你们"):
        log.says(text)
    whole = log.look()
    monkeypatch.setattr(moods, "AT_ONCE", 2)
    log.moods = Moods(Reader())
    looks = [log.look()]
    while looks[-1]["behind"]:
        looks.append(log.look())
    assert len(looks) > 1
    assert looks[-1] == whole
