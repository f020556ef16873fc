"""Reads the log on behind the talk: notes promises, keeps them, opens enquiries, tells the shop's other systems."""

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from assistant.desk import enquiries
from assistant.desk.enquiries import Enquiry
from assistant.desk.left_behind import left_by, phone_in
from assistant.desk.promises import kept_by, promises_of
from assistant.desk.tickets import open_ticket
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke
from crm_core.conversations.movements import (
    HandoffRequested,
    MessageLeft,
    OfferAccepted,
    SessionClosed,
    TakenOver,
)
from crm_core.customers import customers
from crm_core.database import Tx
from crm_core.desk import following, message_left, promises
from crm_core.desk.following import Behind
from crm_core.desk.promises import NewPromise
from crm_core.desk.tickets import NewTicket
from crm_core.jobs import outbox, webhooks
from crm_core.tables import to_millis
from nlp.reading.fulfilments import Fulfilment, fulfilments_in

MESSAGE: Final = "message.created"
LOOKS_BACK: Final = timedelta(minutes=10)
"""Commits are seen a little after their time; what is older was seen before, or is found by looking at everything."""
BURST: Final = timedelta(minutes=2)
_BEFORE: Final = 8
"""Entries before the unread ones that are read again, for the rest of a burst."""
_LOOKED_THROUGH: Final = 60
"""Entries before the end of a session in which the shopper's last words are looked for."""
_LONGEST: Final = 1_000


@dataclass(frozen=True)
class _Left:
    """A ticket that an entry calls for, or words of the shopper that may belong to one."""

    seq: int
    session: str
    at: datetime
    what: NewTicket | str


@dataclass
class _Found:
    """What follows from the unread entries of one conversation, worked out before anything is locked."""

    of: Behind
    last: int
    promised: list[tuple[NewPromise, datetime]] = field(default_factory=list)
    said: list[tuple[Entry, Fulfilment]] = field(default_factory=list)
    asked: list[tuple[Enquiry, str | None, datetime]] = field(default_factory=list)
    messages: list[tuple[Entry, str | None]] = field(default_factory=list)
    turning: list[tuple[Entry, str]] = field(default_factory=list)
    left: list[_Left] = field(default_factory=list)
    serving: list[tuple[str, str]] = field(default_factory=list)  # (session, who serves it from here on)


def read_on(a: Assistant, *, everything: bool = False) -> Callable[[Tx], int] | None:
    """Read what is unread; the function that writes down what follows from it, or None when nothing is unread.

    Usually only conversations that were heard of lately are looked at; with `everything` each of them is.
    """
    now = a.clock()
    with a.record.reading() as tx:
        unread = following.behind(tx, None if everything else now - LOOKS_BACK)
        if not unread:
            return None
        starts = following.session_starts(tx, [one.conversation for one in unread])
        read = [(one, timeline.since(tx, one.conversation, max(0, one.read - _BEFORE))) for one in unread]
        listening = webhooks.anybody_hears(tx, MESSAGE)
    found = [_found(a, one, entries, starts[one.conversation], listening=listening) for one, entries in read if entries]
    _look_at_what_was_left(a, found)
    _forget_idle_words(a, found)

    def work(tx: Tx) -> int:
        return sum(_write(a, tx, one) for one in found)

    return work


def _found(a: Assistant, of: Behind, entries: Sequence[Entry], starts: list[int], *, listening: bool) -> _Found:
    found = _Found(of, entries[-1].seq)
    burst: list[Entry] = []
    for entry in entries:
        unread = entry.seq > of.read
        session = _session(of.conversation, starts, entry.seq)
        event = entry.event
        if isinstance(event, ShopperSpoke):
            if burst and entry.at - burst[-1].at > BURST:
                burst = []
            burst.append(entry)
            if unread and (asked := _asked(a, of, burst)) is not None:
                found.asked.append((asked, session, entry.at))
        elif isinstance(event, BotReplied | AgentSpoke):
            burst = []
            if unread:
                made = promises_of(entry, a.zone, session=session, customer=of.customer)
                found.promised += [(promise, entry.at) for promise in made]
            if unread and isinstance(event, AgentSpoke):
                found.said.append((entry, fulfilments_in(event.text, entry.at.astimezone(a.zone))))
        if unread and session is not None:
            _notice(found, entry, session)
        if unread and listening and isinstance(event, ShopperSpoke | BotReplied | AgentSpoke):
            found.messages.append((entry, session))
    return found


def _notice(found: _Found, entry: Entry, session: str) -> None:
    """Keep in mind what may leave a ticket behind, and the numbers that shoppers give."""
    if isinstance(entry.event, HandoffRequested | MessageLeft | SessionClosed):
        found.turning.append((entry, session))
    elif isinstance(entry.event, OfferAccepted | TakenOver):
        found.serving.append((session, entry.event.agent))
    elif isinstance(entry.event, ShopperSpoke):
        found.left.append(_Left(entry.seq, session, entry.at, entry.event.text))


def _look_at_what_was_left(a: Assistant, found: Sequence[_Found]) -> None:
    for one in found:
        for entry, session in one.turning:
            first = int(session.rpartition(":")[2])
            since = max(first, entry.seq - _LOOKED_THROUGH)
            with a.record.reading() as tx:
                spoken = [past for past in timeline.since(tx, entry.conversation, since) if past.seq < entry.seq]
                known = customers.contact(tx, one.of.customer)[1] if one.of.customer else None
            left = left_by(entry, session, one.of.customer, spoken)
            if left is not None and (not left.only_with_phone or left.ticket.phone or known):
                one.left.append(_Left(entry.seq, session, entry.at, left.ticket))


def _forget_idle_words(a: Assistant, found: Sequence[_Found]) -> None:
    """Most of what is said belongs to no ticket: found out once for all conversations, not once a message."""
    with a.record.reading() as tx:
        waiting = message_left.waiting(tx, {left.session for one in found for left in one.left})
    for one in found:
        opened = {left.session for left in one.left if isinstance(left.what, NewTicket)}
        one.left = [left for left in one.left if left.session in waiting or left.session in opened]


def _asked(a: Assistant, of: Behind, burst: Sequence[Entry]) -> Enquiry | None:
    spoken = [entry.event for entry in burst if isinstance(entry.event, ShopperSpoke)]
    text = "\n".join(event.text for event in spoken)[-_LONGEST:]
    if not enquiries.may_be(text):
        return None
    asked = enquiries.enquiry_of(a.reader.read(text, burst[-1].at.astimezone(a.zone)), burst[-1].seq)
    if asked is None:
        return None
    named = [mention.skus for mention in a.names.of(a.catalogue, a.record).found_in(text) if mention.headed]
    on_page = next((event.sku for event in reversed(spoken) if event.sku), None)
    in_focus = a.dialogues.of(a.record, of.conversation).focus_sku
    return replace(asked, sku=enquiries.sku_named(named, on_page, in_focus))


def _session(conversation: str, starts: list[int], seq: int) -> str | None:
    place = bisect_right(starts, seq)
    return f"{conversation}:{starts[place - 1]}" if place else None


def _write(a: Assistant, tx: Tx, found: _Found) -> int:
    if not following.read_on(tx, found.of.conversation, found.of.read, found.last):
        return 0
    for wanted, made_at in found.promised:
        promises.note(tx, wanted, made_at)
    for of_session, agent in found.serving:
        promises.hand_over(tx, of_session, agent)
    for entry, said in found.said:
        waiting = promises.unsettled_of(tx, found.of.conversation, entry.seq)
        for promise in kept_by(waiting, entry.at, said):
            promises.settle(tx, promise.id, "kept", by="", at=entry.at, seq=entry.seq)
    for asked, session, at in found.asked:
        todo = enquiries.todo(
            tx, asked, session=session, conversation=found.of.conversation, customer=found.of.customer
        )
        open_ticket(a, tx, todo, at)
    _write_what_was_left(a, tx, found)
    for entry, session in found.messages:
        told = json.dumps(_told(entry, session, found.of), ensure_ascii=False, separators=(",", ":"))
        outbox.append(tx, MESSAGE, entry.conversation, session, entry.seq, to_millis(entry.at), told)
    return 1


def _write_what_was_left(a: Assistant, tx: Tx, found: _Found) -> None:
    """In the order of the talk: what was said before a ticket was opened is in it, what was said after is added."""
    for left in sorted(found.left, key=lambda one: one.seq):
        if isinstance(left.what, str):
            message_left.add(tx, left.session, left.what, phone_in(left.what))
        # Who left a message about a lost parcel is called back about the parcel: one ticket, not two.
        elif left.what.type != "callback" or not message_left.is_open(tx, left.session):
            open_ticket(a, tx, left.what, left.at)


def _told(entry: Entry, session: str | None, of: Behind) -> dict[str, Any]:
    event = entry.event
    told: dict[str, Any] = {
        "conversation": entry.conversation,
        "session": session,
        "customer": of.customer,
        "channel": of.channel,
        "seq": entry.seq,
        "from": event.sender,
        "text": getattr(event, "text", ""),
    }
    if isinstance(event, AgentSpoke):
        told["agent"] = event.agent
    if isinstance(event, BotReplied):
        told["sources"] = [{"kind": one.kind, "id": one.id, "title": one.title} for one in event.sources]
    return told
