"""Common ground of every event of a conversation: frozen, in the past tense, for staff only until it says otherwise."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

Sender = Literal["shopper", "bot", "agent", "system"]


class Fact(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """Common ground of all events. A new event is for staff only until it says otherwise.

    `outward` names the event for the shop's other systems; "" keeps it in the house.
    """

    for_shopper: ClassVar[bool] = False
    sender: ClassVar[Sender] = "system"
    outward: ClassVar[str] = ""


class Timer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that falls due in a session at a time; None calls it off.

    Events carry the moments themselves: a shop that changes its times changes nothing about what was.
    """

    kind: str
    due: datetime | None = None


class Timed(Fact, frozen=True, kw_only=True):
    """A fact that sets timers: all of the session's anew where it changes the state, else only those it names."""

    timers: tuple[Timer, ...] = ()
