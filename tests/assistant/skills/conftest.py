"""A shop for pets on its own record, and chats with its bot without a socket."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import library
from assistant.escalation import RULES
from assistant.parts import Assistant
from assistant.turns import hear, take_turn
from crm_core.conversations.events import BotReplied, ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.database import Database
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import Reader
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

PET_SHOP = Path(__file__).parent / "pet_shop"
KINDS = ("products", "relations", "customers", "orders", "logistics", "knowledge", "coupons")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class PetShop:
    """The shop, and the day on which it stands."""

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
        library.fill_shelf(self.a.shelf, record)
        library.fill_catalogue(self.a.catalogue, record)

    def chat(self, customer: str | None = None) -> "Chat":
        """A new conversation."""
        return Chat(self, Thread(uuid.uuid4().hex, customer))


class Chat:
    """One shopper's conversation."""

    def __init__(self, shop: PetShop, thread: Thread):
        self.shop = shop
        self.thread = thread

    def ask(self, *bubbles: str, sku: str | None = None, order: str | None = None) -> BotReplied:
        """Say it all, and hear the one answer."""
        a = self.shop.a
        for bubble in bubbles:
            hear(a, self.thread, ShopperSpoke(bubble, uuid.uuid4().hex, sku=sku, order=order)).result(10)
        turn = take_turn(a, self.thread)
        assert turn is not None
        replies = [entry.event for entry in turn.result(10) if isinstance(entry.event, BotReplied)]
        assert len(replies) == 1
        self.shop.now += timedelta(seconds=20)
        return replies[0]


@pytest.fixture(scope="session")
def pet_shop_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The record with the shop's files imported."""
    record = open_record(Settings(data=tmp_path_factory.mktemp("pet-shop")))
    for kind in KINDS:
        (file,) = PET_SHOP.glob(f"{kind}.*")
        (report,) = import_kind(record, kind, [file])
        assert report.rejected == 0, (kind, report)
    yield record
    record.close()


@pytest.fixture(scope="session")
def shop(pet_shop_record: Database) -> PetShop:
    """The shop for pets."""
    return PetShop(pet_shop_record)
