"""What was proposed to an agent, and what became of it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from crm_core.conversations import timeline
from crm_core.conversations.events import SessionOpened, ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.database import Database
from crm_core.desk import drafts
from crm_core.desk.drafts import Proposed
from crm_core.desk.tables import suggestions

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_draft_proposed_again_keeps_its_number_and_its_fate_is_noted_once(database: Database) -> None:
    said = [(SessionOpened("web"), None), (ShopperSpoke("在吗", "a"), "a")]
    database.write(lambda tx: timeline.append(tx, Thread("c"), said, at=NOW)).result()
    proposed = [Proposed("answer", "在的", [{"kind": "article", "id": "1"}]), Proposed("canned", "您好", [])]

    def keep(answers: int) -> list[int]:
        return database.write(lambda tx: drafts.keep(tx, "c:1", "c", answers, proposed, NOW)).result()

    first = keep(2)
    assert keep(2) == first
    assert not set(keep(3)) & set(first)
    settle = database.write(lambda tx: drafts.settle(tx, "c:1", first[0], "edited", "在的呢")).result
    assert settle() is True
    assert database.write(lambda tx: drafts.settle(tx, "other:1", first[1], "accepted", None)).result() is False
    with database.reading() as tx:
        rows = tx.execute(sa.select(suggestions).order_by(suggestions.c.id)).all()
    assert [(row.outcome, row.sent_text) for row in rows[:2]] == [("edited", "在的呢"), (None, None)]
