"""What crosses the shopper's socket: frames in, checked; entries out, only what a shopper may see."""

from datetime import datetime
from typing import Literal

import msgspec

from assistant.desk.lists import Standing
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Card,
    Choice,
    Entry,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
    Source,
)
from crm_core.conversations.movements import (
    MessageLeft,
    Noticed,
    OfferAccepted,
    Queued,
    RatingInvited,
    Released,
    Requeued,
    Resolved,
    Resumed,
    ReturnedToBot,
    TakenOver,
    Transferred,
)

LONGEST_TEXT = 2_000
LONGEST_ID = 64
LARGEST_FRAME = 16 * 1024


class Frame(msgspec.Struct, tag_field="t", tag=str.lower):
    """A frame from the shopper; keys we do not know are ignored."""


class Hello(Frame, tag="hello"):
    """The first frame: entries after `since` follow, then live; `log` is the log epoch last seen."""

    since: int = 0
    log: str | None = None


class Say(Frame, tag="say"):
    """A message."""

    id: str
    text: str
    sku: str | None = None
    order: str | None = None


class Typing(Frame, tag="typing"):
    """The shopper is typing."""


class Read(Frame, tag="read"):
    """Everything up to `seq` has been seen."""

    seq: int


class Human(Frame, tag="human"):
    """A person is wanted."""


class CancelWait(Frame, tag="cancel_wait"):
    """A person is no longer wanted."""


class Rate(Frame, tag="rate"):
    """How far the session helped."""

    solved: Literal["yes", "partly", "no"] | None = None
    stars: int | None = None
    text: str = ""


class Ping(Frame, tag="ping"):
    """Are you there? Browsers cannot see protocol pings."""


AnyFrame = Hello | Say | Typing | Read | Human | CancelWait | Rate | Ping
_decoder: msgspec.json.Decoder[AnyFrame] = msgspec.json.Decoder(AnyFrame)


class Refused(Exception):
    """A frame that is not taken; `code` as in the contract, `id` of the message it was about."""

    def __init__(self, code: str, message: str, id: str | None = None, retry_after: float | None = None):  # noqa: A002
        super().__init__(message)
        self.code, self.message, self.id, self.retry_after = code, message, id, retry_after


def read_frame(text: str | bytes) -> AnyFrame:
    """The frame in `text`; raises Refused with a sentence saying what is wrong with it."""
    try:
        frame = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refused("bad_frame", f"看不懂这一帧：{_reason(error)}", _id_in(text)) from None
    match frame:
        case Say():
            _check_say(frame)
        case Hello() if frame.since < 0:
            raise Refused("bad_frame", "hello 的 since 应为 0 或更大的整数")
        case Rate():
            _check_rating(frame)
        case _:
            pass
    return frame


def _check_say(say: Say) -> None:
    if not 0 < len(say.id) <= LONGEST_ID or not say.id.isprintable():
        raise Refused("bad_frame", f"say 的 id 应为 1 到 {LONGEST_ID} 个可见字符")
    if len(say.text) > LONGEST_TEXT:
        raise Refused("too_long", f"一条消息最多 {LONGEST_TEXT} 字，这条有 {len(say.text)} 字", say.id)
    if not say.text.strip():
        raise Refused("bad_frame", "say 的 text 不能为空", say.id)
    for value in (say.text, say.sku or "", say.order or ""):
        # PostgreSQL stores neither; msgspec has already refused what is not UTF-8.
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise Refused("bad_frame", "消息里有无法保存的字符", say.id)
    if len(say.sku or "") > LONGEST_TEXT or len(say.order or "") > LONGEST_TEXT:
        raise Refused("bad_frame", "say 的 sku 或 order 太长", say.id)


def _check_rating(rate: Rate) -> None:
    if rate.stars is not None and not 1 <= rate.stars <= 5:
        raise Refused("bad_frame", "rate 的 stars 应为 1 到 5")
    if rate.stars is None and rate.solved is None:
        raise Refused("bad_frame", "rate 需要 solved 或 stars")
    if len(rate.text) > LONGEST_TEXT:
        raise Refused("too_long", f"评价最多 {LONGEST_TEXT} 字")


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, msgspec.ValidationError):
        return text
    return "应为一个 JSON 对象" if text else "内容无法解析"


class _OnlyId(msgspec.Struct):
    id: str = ""


def _id_in(text: str | bytes) -> str | None:
    """The id of a frame that is otherwise wrong, so that its sender knows which message failed."""
    try:
        found = msgspec.json.decode(text, type=_OnlyId).id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found[:LONGEST_ID] or None


class _Shown(msgspec.Struct, tag_field="t", tag="entry"):
    """An entry as a shopper sees it."""

    seq: int
    at: str
    from_: str = msgspec.field(name="from")
    kind: str
    text: str
    prev: int
    sources: tuple[Source, ...] = ()
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    id: str | msgspec.UnsetType = msgspec.UNSET  # only on the shopper's own


_encoder = msgspec.json.Encoder()


def for_shopper(entry: Entry, prev: int) -> str | None:
    """The frame of an entry, or None when it is not for shoppers. `prev` is the entry shown before it."""
    event = entry.event
    if not event.for_shopper:
        return None
    at = iso(entry.at)
    match event:
        case ShopperSpoke():
            shown = _Shown(entry.seq, at, "shopper", "text", event.text, prev, id=event.client_id)
        case BotReplied():
            kind = "choices" if event.choices else _kind_of(event.cards)
            shown = _Shown(entry.seq, at, "bot", kind, event.text, prev, event.sources, event.cards, event.choices)
        case AgentSpoke():
            shown = _Shown(entry.seq, at, "agent", _kind_of(event.cards), event.text, prev, cards=event.cards)
        case Noticed():
            choices = tuple(Choice(text, text) for text in event.choices)
            shown = _Shown(entry.seq, at, "system", "notice", event.text, prev, choices=choices)
        case RatingInvited():
            shown = _Shown(entry.seq, at, "system", "csat", event.text, prev)
        case _:
            return None
    return _encoder.encode(shown).decode()


HOLDERS = {
    "bot": "bot",
    "queued": "queue",
    "offered": "queue",
    "active": "agent",
    "on_hold": "agent",
    "message_left": "none",
    "wrap_up": "none",
    "closed": "none",
}
"""Who has the shopper, as the shopper is told, by the state of the session."""


def state_frame(standing: Standing) -> str:
    """The frame that tells a shopper who has them, and, where they wait, how many are before and how long it takes."""
    return frame(
        t="state",
        holder=HOLDERS[standing.state],
        position=standing.position,
        eta_s=standing.eta,
        agent=standing.agent,
    )


def holder_after(entry: Entry) -> str | None:
    """The frame that tells who has the shopper from this entry on; None where it changes nothing of that."""
    match entry.event:
        case SessionOpened() | Released() | ReturnedToBot():
            return frame(t="state", holder="bot")
        case Queued() | Requeued() | Transferred():
            return frame(t="state", holder="queue")
        case OfferAccepted(name=name) | TakenOver(name=name):
            return frame(t="state", holder="agent", agent=name or None)
        case Resumed(name=name) if name:
            return frame(t="state", holder="agent", agent=name)
        case MessageLeft() | Resolved() | SessionClosed():
            return frame(t="state", holder="none")
        case _:
            return None


def _kind_of(cards: tuple[Card, ...]) -> str:
    return f"{cards[0].kind}_card" if cards else "text"


def iso(moment: datetime) -> str:
    """A moment as every frame says it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def frame(**values: object) -> str:
    """A small frame of the server; None values are left out."""
    return _encoder.encode({key: value for key, value in values.items() if value is not None}).decode()
