"""What goes with a session when it passes to a person, so that nobody has to ask twice."""

from datetime import datetime

import msgspec


class Quoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of one entry: what fired a rule, or what set a mood."""

    seq: int
    text: str
    span: tuple[int, int] | None = None


class Tried(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the bot answered to what, and what the answer rested on."""

    question: str
    answer: str
    decision: str
    sources: tuple[str, ...] = ()


class Mood(msgspec.Struct, frozen=True):
    """The shopper's feeling at one entry."""

    seq: int
    name: str
    polarity: float


class Known(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something believed of the session or the customer, and how surely."""

    tag: str
    label: str
    confidence: float = 1.0


class OrderInQuestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """An order the talk was about."""

    order: str
    status: str = ""
    title: str = ""


class Packet(msgspec.Struct, frozen=True, omit_defaults=True):
    """The hand-over packet: why, what is needed in one line, what was tried, and who is asking."""

    reason: str
    rule: str
    version: int
    level: str
    summary: str
    evidence: tuple[Quoted, ...] = ()
    tried: tuple[Tried, ...] = ()
    emotion: tuple[Mood, ...] = ()
    tags: tuple[Known, ...] = ()
    orders: tuple[OrderInQuestion, ...] = ()
    skus: tuple[str, ...] = ()
    phone: str | None = None  # masked
    tier: str | None = None
    tickets: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    requested_at: datetime | None = None
