"""What a skill is asked and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crm_core.conversations.events import Card, Choice, Source
from crm_core.customers.customers import Customer
from crm_core.database import Tx
from knowledge_base.search import KnowledgeBase
from nlp.reading.reading import Reading


@dataclass(frozen=True)
class Question:
    """A stand-alone question and everything it may be bound to. The customer comes from the sign-in, never from text.

    `order` and `sku` are what the shopper named, tapped or has in focus; `named` says that the shopper named the order in
    this very message.
    """

    text: str
    reading: Reading
    customer: Customer | None
    order: str | None
    sku: str | None
    named: bool
    now: datetime
    zone: ZoneInfo
    catalogue: KnowledgeBase


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer, what it rests on, and the record's own words its figures come from."""

    text: str
    sources: tuple[Source, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a skill found. With `ask` it is a question back, and `choices` are its answers.

    `general` says that the finding is about the shop's rule rather than about the asker's own record, so that a passage
    of the knowledge should stand beside it.
    """

    sentences: tuple[Sentence, ...] = ()
    ask: str | None = None
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    focus_order: str | None = None
    focus_sku: str | None = None
    general: bool = False


Skill = Callable[[Tx, Question], Finding | None]
