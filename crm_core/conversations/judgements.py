"""What shoppers said of the bot's answers from the knowledge: a rated session with one such answer judges it."""

from dataclasses import dataclass

import sqlalchemy as sa

from crm_core.conversations.events import BotReplied, SatisfactionGiven, SessionOpened, ShopperSpoke, decode
from crm_core.conversations.tables import entries
from crm_core.database import Tx

_MARKED = '%"type":"SatisfactionGiven"%'
_LONGEST_SESSION = 200


@dataclass(frozen=True)
class Judgement:
    """A question, the article that answered it, and whether the shopper found it solved."""

    question: str
    article_id: str
    right: bool


def of_answers(tx: Tx, most: int) -> list[Judgement]:
    """The latest `most` ratings of sessions in which exactly one answer came from one article; "partly" judges none."""
    query = (
        sa.select(entries.c.conversation_id, entries.c.seq)
        .where(entries.c.sender == "shopper", entries.c.client_id.like("rate-%"), entries.c.event.like(_MARKED))
        .order_by(entries.c.at.desc())
        .limit(most)
    )
    found = [_judgement(tx, row.conversation_id, row.seq) for row in tx.execute(query).all()]
    return [one for one in found if one is not None]


def _judgement(tx: Tx, conversation: str, rated: int) -> Judgement | None:
    """The judgement that a rating gives on the session before it."""
    query = (
        sa.select(entries.c.seq, entries.c.event)
        .where(entries.c.conversation_id == conversation, entries.c.seq <= rated)
        .order_by(entries.c.seq.desc())
        .limit(_LONGEST_SESSION)
    )
    said: list[tuple[int, str]] = []
    answers: list[tuple[int, str]] = []
    right: bool | None = None
    for row in tx.execute(query):
        event = decode(row.event)
        if isinstance(event, SessionOpened):
            break
        if isinstance(event, SatisfactionGiven) and row.seq == rated:
            right = {"yes": True, "no": False}.get(event.solved or "")
        elif isinstance(event, ShopperSpoke):
            said.append((row.seq, event.text))
        elif isinstance(event, BotReplied) and event.decision == "answer":
            articles = [source.id for source in event.sources if source.kind == "article"]
            if len(articles) != 1 or len(event.sources) != 1:
                return None
            answers.append((event.answers, articles[0]))
    if right is None or len(answers) != 1:
        return None
    seq, article = answers[0]
    question = next((text for at, text in said if at == seq), None)
    return None if question is None else Judgement(question, article, right)
