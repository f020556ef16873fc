"""A shop with a desk over a real record, its clock in our hands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant import turns
from assistant.desk import desk, offering, presences, timers
from assistant.escalation import RULES
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, Entry, ShopperSpoke
from crm_core.conversations.session import Session
from crm_core.conversations.timeline import Thread
from crm_core.database import Database
from crm_core.desk import agents, queues
from crm_core.desk.hours import Hours
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import Reader

ZONE = ZoneInfo("Asia/Shanghai")
STAFF = (
    ("lin", "agent", ["售前"]),
    ("chen", "agent", ["售后"]),
    ("zi", "senior", ["售前", "售后"]),
    ("zhu", "lead", []),
)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def embedder() -> StaticEmbedder:
    return StaticEmbedder.shipped()


class House:
    """The shop: everybody acts at once and is heard at once."""

    def __init__(self, record: Database, reader: Reader, embedder: StaticEmbedder):
        self.now = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai
        self.thread = Thread("c")
        self.count = 0
        self.a = Assistant(
            record=record,
            shelf=KnowledgeBase(embedder),
            catalogue=KnowledgeBase(embedder),
            reader=reader,
            clock=lambda: self.now,
            zone=ZONE,
            rules=RULES,
            hours=Hours(ZONE),
        )
        with record.transaction() as tx:
            for login, role, groups in STAFF:
                agents.hire(tx, login, f"客服{login}", role, "x")
                agents.engage(tx, [{"login": login, "groups": groups, "max_chats": 2}])

    def settings(self, **changes: Any) -> None:
        self.a = replace(self.a, **changes)

    def closed_now(self) -> None:
        self.settings(hours=Hours(ZONE, time(18), time(22)))

    def online(self, *logins: str, status: str = "online") -> None:
        for login in logins:
            presences.set_status(self.a, login, status).result()

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def says(self, text: str) -> list[Entry]:
        """The shopper says something and the bot takes its turn."""
        self.count += 1
        heard = turns.hear(self.a, self.thread, ShopperSpoke(text, f"m{self.count}")).result()
        future = turns.take_turn(self.a, self.thread)
        return [*heard.entries, *(future.result() if future is not None else [])]

    def routes(self) -> list[Entry]:
        return [entry for pick in offering.picks(self.a) for entry in offering.offer(self.a, pick).result()]

    def fires(self) -> list[Entry]:
        return [entry for due in timers.due(self.a) for entry in timers.fire(self.a, due).result()]

    def act(self, what: Callable[..., Any], login: str, *more: Any, **named: Any) -> list[Entry]:
        found: list[Entry] = what(self.a, login, self.session.id, *more, **named).result()
        return found

    @property
    def session(self) -> Session:
        with self.a.record.reading() as tx:
            session = timeline.open_session(tx, self.thread.conversation)
        assert session is not None
        return session

    @property
    def last(self) -> Session:
        """The session that ended last."""
        with self.a.record.reading() as tx:
            session = queues.last_closed(tx, self.thread.conversation)
        assert session is not None
        return session

    @property
    def log(self) -> list[Entry]:
        with self.a.record.reading() as tx:
            return timeline.since(tx, self.thread.conversation, 0)

    def shown(self) -> list[str]:
        """What the shopper has seen, the bot's and the shop's words."""
        return [getattr(entry.event, "text", "") for entry in self.log if entry.event.for_shopper]

    def of(self, kind: type) -> list[Any]:
        return [entry.event for entry in self.log if isinstance(entry.event, kind)]

    def bot_words(self) -> list[str]:
        return [event.text for event in self.of(BotReplied)]

    def served_by(self, login: str = "lin") -> None:
        """Bring a session to an agent, from nothing."""
        self.online(login)
        self.says("转人工")
        self.routes()
        self.act(desk.accept, login)


@pytest.fixture
def house(sqlite_database: Database, reader: Reader, embedder: StaticEmbedder) -> House:
    return House(sqlite_database, reader, embedder)
