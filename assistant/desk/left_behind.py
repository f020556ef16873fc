"""What a session leaves behind: a message nobody was there for, somebody who gave up waiting, an urgent matter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crm_core.conversations.events import Entry, ShopperSpoke
from crm_core.conversations.facts import Fact
from crm_core.conversations.movements import HandoffRequested, MessageLeft, SessionClosed
from crm_core.desk.tickets import NewTicket

_PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_NO_DIGIT: Final = re.compile(r"\D")
LAST_WORDS: Final = 5
URGENT: Final = "urgent"
LEFT: Final = "left"
LONGEST_SUMMARY: Final = 120
_WHY: Final = {"closed": "人工客服已下班", "nobody": "没有客服在线", "full": "排队已满", "waited": "等得太久"}


@dataclass(frozen=True)
class Left:
    """A ticket that an entry calls for; `only_with_phone`: nobody can be called back without a number."""

    ticket: NewTicket
    only_with_phone: bool = False


def phone_in(text: str) -> str | None:
    """The mobile number that a shopper gave last, as digits."""
    found = _PHONE.findall(text)
    return _NO_DIGIT.sub("", found[-1]) if found else None


def left_by(entry: Entry, session: str, customer: str | None, spoken: Sequence[Entry]) -> Left | None:
    """The ticket that an entry calls for, if any; `spoken` is what the shopper said in the session until then."""
    event: Fact = entry.event
    said = [one.event for one in spoken if isinstance(one.event, ShopperSpoke)][-LAST_WORDS:]
    words = [one.text for one in said]
    order = next((one.order for one in reversed(said) if one.order), None)
    sku = next((one.sku for one in reversed(said) if one.sku), None)
    phone = phone_in("\n".join(words))
    latest = "；".join(words)[-LONGEST_SUMMARY:] or "（没有留言）"

    def ticket(kind: str, summary: str, key: str, **details: object) -> NewTicket:
        return NewTicket(
            kind,
            summary,
            session=session,
            conversation=entry.conversation,
            customer=customer,
            order=order,
            sku=sku,
            phone=phone,
            details={"said": words, **details},
            key=f"{key}:{session}",
        )

    match event:
        case HandoffRequested(ticket=str() as kind, packet=packet):
            if packet is not None and packet.orders:
                order = packet.orders[0].order
            fired = {"rule": event.rule, "version": event.version, "evidence": event.evidence}
            return Left(ticket(kind, latest, URGENT, **fired))
        case MessageLeft(reason=reason):
            return Left(ticket("callback", f"留言（{_WHY[reason]}）：{latest}", LEFT, reason=reason))
        case SessionClosed(reason="abandoned_in_queue"):
            return Left(ticket("callback", f"排队时离开：{latest}", "abandoned"), only_with_phone=True)
        case _:
            return None
