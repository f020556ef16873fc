"""The facts of a conversation: frozen, in the past tense, each saying whether the shopper may see it."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from crm_core.conversations.facts import Fact, Sender, Timed
from crm_core.conversations.movements import HandoffRequested, Movement, SessionClosed, SessionOpened


class Source(msgspec.Struct, frozen=True):
    """What a sentence of the bot rests on: a knowledge article, an order, a product or a parcel."""

    kind: Literal["article", "order", "product", "logistics"]
    id: str
    title: str = ""


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quick reply: what the button shows and what tapping it says."""

    text: str
    say: str
    order: str | None = None
    sku: str | None = None


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product or an order shown as a card; only what the record says."""

    kind: Literal["product", "order"]
    title: str
    sku: str | None = None
    order: str | None = None
    status: str | None = None
    price: str | None = None
    image: str | None = None
    url: str | None = None
    at: str | None = None
    items: int | None = None
    note: str | None = None


class Proposal(msgspec.Struct, frozen=True):
    """Why the bot proposed a person: the rule, its version and the words that fired it."""

    rule: str
    version: int
    evidence: str


class ShopperSpoke(Timed, frozen=True):
    """The shopper said something; `sku` and `order` are what the page or a card carried with it."""

    for_shopper: ClassVar[bool] = True
    sender: ClassVar[Sender] = "shopper"

    text: str
    client_id: str
    sku: str | None = None
    order: str | None = None


class Errand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the shop is to do that the shopper agreed to; one ticket for one `key`, however often it is said."""

    type: str
    summary: str
    key: str
    order: str | None = None
    sku: str | None = None


class BotReplied(Fact, frozen=True):
    """The bot answered everything up to entry `answers`.

    `decision` is answer, ask, unsure, handoff or social. `skill`, `question` and the two foci are what the next turn
    stands on; they are not shown.
    """

    for_shopper: ClassVar[bool] = True
    sender: ClassVar[Sender] = "bot"

    text: str
    answers: int
    decision: str
    sources: tuple[Source, ...] = ()
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    skill: str | None = None
    question: str | None = None
    focus_order: str | None = None
    focus_sku: str | None = None
    epoch: int = 0  # of the ownership it was written under
    proposal: Proposal | None = None  # a person was proposed with it, and why
    errands: tuple[Errand, ...] = ()  # what was written down for people to do with it


class AgentSpoke(Timed, frozen=True):
    """A person answered. `barged`: a supervisor spoke into somebody else's session."""

    for_shopper: ClassVar[bool] = True
    sender: ClassVar[Sender] = "agent"

    text: str
    agent: str
    client_id: str = ""
    name: str = ""
    epoch: int = 0  # of the ownership it was written under
    barged: bool = False
    sku: str | None = None
    order: str | None = None
    cards: tuple[Card, ...] = ()


class OutcomeNoted(Fact, frozen=True):
    """Whether the session led to an order, as the shop's own log says, and to which."""

    converted: bool
    order: str | None = None


class SatisfactionGiven(Fact, frozen=True):
    """The shopper rated the session."""

    sender: ClassVar[Sender] = "shopper"

    solved: Literal["yes", "partly", "no"] | None = None
    stars: int | None = None
    text: str = ""


Event = ShopperSpoke | BotReplied | AgentSpoke | OutcomeNoted | SatisfactionGiven | Movement

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(event: Event) -> str:
    """The event as stored."""
    return _encoder.encode(event).decode()


def decode(text: str) -> Event:
    """The event stored as `text`; msgspec.ValidationError when it is none of ours."""
    return _decoder.decode(text)


__all__ = [
    "AgentSpoke",
    "BotReplied",
    "Card",
    "Choice",
    "Entry",
    "Errand",
    "Event",
    "HandoffRequested",
    "OutcomeNoted",
    "SatisfactionGiven",
    "Sender",
    "SessionClosed",
    "SessionOpened",
    "ShopperSpoke",
    "Source",
    "decode",
    "encode",
]


class Entry(msgspec.Struct, frozen=True):
    """An event in its place: `seq` counts from 1 without gaps within the conversation."""

    conversation: str
    seq: int
    at: datetime
    event: Event
