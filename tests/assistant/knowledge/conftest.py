"""A small shop whose knowledge is looked after: its record, its shelf, and the words of people in its log."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant import library
from assistant.escalation import RULES
from assistant.parts import Assistant
from crm_core.conversations import logs
from crm_core.conversations.events import AgentSpoke, BotReplied, OutcomeNoted, ShopperSpoke
from crm_core.conversations.logs import Logged
from crm_core.database import Database
from crm_core.knowledge import articles
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import Reader

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Keeping:
    """The shop, with short ways to fill it."""

    def __init__(self, record: Database):
        embedder = StaticEmbedder.shipped()
        self.now = NOW
        self.a = Assistant(
            record=record,
            shelf=KnowledgeBase(embedder),
            catalogue=KnowledgeBase(embedder),
            reader=Reader(),
            clock=lambda: self.now,
            zone=ZoneInfo("Asia/Shanghai"),
            rules=RULES,
        )
        self._sessions = 0

    def knows(self, *rows: dict, file: str = "faq.csv") -> None:
        """Make these the articles of a file: question and answer, and whatever else a row says."""
        blank = {"similar": [], "category": "", "valid_from": None, "valid_to": None, "skus": [], "platforms": []}
        blank |= {"kind": "article", "tiers": [], "file": file, "section": "", "page": None}
        made = [blank | {"id": f"{file}/{row['title']}", "position": nth} | row for nth, row in enumerate(rows)]
        with self.a.record.transaction() as tx:
            articles.replace_file(tx, file, made, at=self.now, by="import")
        library.fill_shelf(self.a.shelf, self.a.record)

    def said(self, lines: Sequence[tuple[str, str]], *, converted: bool | None = None, days_ago: float = 2) -> str:
        """Keep an imported session of (role, text) lines; returns its name."""
        self._sessions += 1
        name = f"s{self._sessions:03}"
        start = self.now - timedelta(days=days_ago)
        told = []
        for nth, (role, text) in enumerate(lines):
            event = {
                "shopper": ShopperSpoke(text, f"{nth}"),
                "agent": AgentSpoke(text, "huanglu", f"{nth}"),
                "bot": BotReplied(text, 0, "answer"),
                "unsure": BotReplied(text, 0, "unsure"),
            }[role]
            told.append(Logged(name, None, start + timedelta(seconds=10 * nth), event, f"{name}-{nth}"))
        if converted is not None:
            told.append(Logged(name, None, start + timedelta(minutes=9), OutcomeNoted(converted), f"{name}-o"))
        with self.a.record.transaction() as tx:
            logs.keep(tx, told)
            logs.close_all(tx, 100)
        return name


@pytest.fixture
def shop(sqlite_database: Database) -> Keeping:
    return Keeping(sqlite_database)
