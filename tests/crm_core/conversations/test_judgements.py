"""A rating judges the one answer from the knowledge in its session, and nothing else."""

from datetime import UTC, datetime

from crm_core.conversations import judgements, timeline
from crm_core.conversations.events import BotReplied, SatisfactionGiven, SessionOpened, ShopperSpoke, Source
from crm_core.conversations.judgements import Judgement
from crm_core.conversations.timeline import Thread
from crm_core.database import Database

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARTICLE = (Source("article", "a", "包邮"),)


def session(database: Database, name: str, *events, solved: str | None = "yes") -> None:
    rated = SatisfactionGiven(solved)
    with database.transaction() as tx:
        told = [(SessionOpened("web"), None), *((event, None) for event in events), (rated, f"rate-{name}")]
        timeline.append(tx, Thread(name), told, at=NOW)


def test_only_a_session_with_one_answer_from_one_article_is_judged(database: Database) -> None:
    asked, answered = ShopperSpoke("包邮吗", "1"), BotReplied("满59", 2, "answer", ARTICLE)
    session(database, "good", asked, answered)
    session(database, "bad", asked, answered, solved="no")
    session(database, "partly", asked, answered, solved="partly")
    session(database, "two", asked, answered, ShopperSpoke("多久", "2"), BotReplied("两天", 4, "answer", ARTICLE))
    session(database, "order", asked, BotReplied("在路上", 2, "answer", (Source("order", "o"),)))
    session(database, "unsure", asked, BotReplied("不知道", 2, "unsure"))
    with database.reading() as tx:
        found = judgements.of_answers(tx, 10)
    assert sorted(found, key=lambda one: one.right) == [
        Judgement("包邮吗", "a", right=False),
        Judgement("包邮吗", "a", right=True),
    ]
