"""The facts of a conversation: frozen, in the past tense, each saying whether the shopper may see it."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

Sender = Literal["shopper", "bot", "agent", "system"]


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


class Fact(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """Common ground of all events. A new event is for staff only until it says otherwise."""

    for_shopper: ClassVar[bool] = False
    sender: ClassVar[Sender] = "system"


class SessionOpened(Fact, frozen=True):
    """A new episode of service began."""

    channel: str


class SessionClosed(Fact, frozen=True):
    """The episode ended."""

    reason: str


class ShopperSpoke(Fact, frozen=True):
    """The shopper said something; `sku` and `order` are what the page or a card carried with it."""

    for_shopper: ClassVar[bool] = True
    sender: ClassVar[Sender] = "shopper"

    text: str
    client_id: str
    sku: str | None = None
    order: str | None = None


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


class HandoffRequested(Fact, frozen=True):
    """A person was asked for, or the rules said one is needed; `evidence` are the words that fired the rule."""

    rule: str
    version: int
    evidence: str
    level: Literal["normal", "senior", "vip"] = "normal"


class AgentSpoke(Fact, frozen=True):
    """A person answered."""

    for_shopper: ClassVar[bool] = True
    sender: ClassVar[Sender] = "agent"

    text: str
    agent: str
    client_id: str = ""


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


Event = (
    SessionOpened
    | SessionClosed
    | ShopperSpoke
    | BotReplied
    | HandoffRequested
    | AgentSpoke
    | OutcomeNoted
    | SatisfactionGiven
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(event: Event) -> str:
    """The event as stored."""
    return _encoder.encode(event).decode()


def decode(text: str) -> Event:
    """The event stored as `text`; msgspec.ValidationError when it is none of ours."""
    return _decoder.decode(text)


class Entry(msgspec.Struct, frozen=True):
    """An event in its place: `seq` counts from 1 without gaps within the conversation."""

    conversation: str
    seq: int
    at: datetime
    event: Event
