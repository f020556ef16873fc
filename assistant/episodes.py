"""What a shopper's message does to the session it falls into: opens one, brings one back, or wakes somebody."""

from datetime import datetime

from assistant import phrases
from assistant.desk import handover, presences
from assistant.desk.timers import ending
from assistant.parts import Assistant
from crm_core.conversations.events import BotReplied, Event, SessionClosed, SessionOpened, ShopperSpoke
from crm_core.conversations.facts import Timer
from crm_core.conversations.movements import (
    HandoffRequested,
    MessageLeft,
    Noticed,
    Queued,
    RatingWithdrawn,
    Requeued,
    Resumed,
    ReturnedToBot,
)
from crm_core.conversations.session import Session
from crm_core.conversations.timeline import Place, Thread
from crm_core.database import Tx
from crm_core.desk import agents, presence, queues

Named = list[tuple[Event, str | None]]


def around(a: Assistant, tx: Tx, thread: Thread, place: Place, say: ShopperSpoke, now: datetime) -> Named:
    """The message with what has to stand before and after it."""
    said: Named = [(say, say.client_id)]
    session = place.session
    if session is None:
        return _opened(a, tx, thread, place, said, now)
    match session.state:
        case "bot":
            if place.last_at is None or now - place.last_at < a.timings.bot_close:
                return said
            reason = ending(tx, session)
            return [(SessionClosed(reason), None), *_opened(a, tx, thread, place, said, now, session.id)]
        case "message_left":
            # Who writes again talks to the bot; what was left stays with the people who serve.
            back = ReturnedToBot("message_left", timers=a.timings.with_bot(now))
            return [(back, None), *said]
        case "on_hold":
            return [(Resumed("shopper", timers=a.timings.served(now, session)), None), *said]
        case "wrap_up":
            return [*_unclosed(a, tx, session, now), *said]
        case "active":
            return _to_owner(a, tx, session, say, now)
        case _:
            return _while_waiting(a, tx, session, place.seq + 1, say, now)


def opening(a: Assistant, tx: Tx, thread: Thread, place: Place, now: datetime) -> Named:
    """What begins an episode where none is under way: the button may be pressed before a word is said."""
    session = place.session
    if session is None:
        return [(_session_opened(a, tx, thread, place, now), None)]
    silent = place.last_at is not None and now - place.last_at >= a.timings.bot_close
    if session.state == "bot" and silent:
        opened = SessionOpened(thread.channel, session.id, timers=a.timings.with_bot(now))
        return [(SessionClosed(ending(tx, session)), None), (opened, None)]
    if session.state == "message_left":
        return [(ReturnedToBot("message_left", timers=a.timings.with_bot(now)), None)]
    return []


def _session_opened(a: Assistant, tx: Tx, thread: Thread, place: Place, now: datetime) -> SessionOpened:
    last = queues.last_closed(tx, thread.conversation) if place.seq else None
    recent = last is not None and last.closed_at is not None and now - last.closed_at <= a.timings.reopen
    return SessionOpened(thread.channel, last.id if last and recent else None, timers=a.timings.with_bot(now))


def _opened(
    a: Assistant, tx: Tx, thread: Thread, place: Place, said: Named, now: datetime, closed: str | None = None
) -> Named:
    if closed is not None:
        return [(SessionOpened(thread.channel, closed, timers=a.timings.with_bot(now)), None), *said]
    opened = _session_opened(a, tx, thread, place, now)
    before = queues.last_closed(tx, thread.conversation) if opened.reopened_from else None
    if before is None or before.last_agent is None or handover.reach(a, tx, before.queue).by:
        return [(opened, None), *said]
    # Transition 2: whoever was served by a person shortly before is brought back to people.
    presence.shopper_here(tx, thread.conversation, now)
    again = HandoffRequested("reopened", 1, "")
    told = Noticed(phrases.QUEUED_AGAIN, "queued")
    queued = Queued(before.queue, "normal", 1, timers=a.timings.waiting(now, now))
    return [(opened, None), *said, (again, None), (told, None), (queued, None)]


def _unclosed(a: Assistant, tx: Tx, session: Session, now: datetime) -> Named:
    """Transition 23: the shopper writes while the owner still writes up."""
    withdrawn: Named = [(RatingWithdrawn(), None)]
    owner = presence.of(tx, session.last_agent or "")
    if owner is not None and owner.state != "offline":
        agent = agents.agent(tx, owner.login)
        name = agent.name if agent is not None else ""
        return [(Resumed("shopper", name, timers=a.timings.served(now, session)), None), *withdrawn]
    requeued = Requeued("wrap_up", 1, timers=a.timings.waiting(now, now))
    presence.shopper_here(tx, session.conversation, now)
    return [(requeued, None), *withdrawn]


def _while_waiting(a: Assistant, tx: Tx, session: Session, seq: int, say: ShopperSpoke, now: datetime) -> Named:
    """Whoever waits may say how to go on, in the words of the buttons; everything else is for the person to come."""
    presence.shopper_here(tx, session.conversation, now)
    said: Named = [(say, say.client_id)]
    text = say.text.strip()
    if text == phrases.CANCEL_WAIT:
        back = ReturnedToBot("cancelled", timers=a.timings.with_bot(now))
        return [*said, (back, None), (BotReplied(phrases.WAIT_CANCELLED, seq, "social"), None)]
    if text == phrases.LEAVE_MESSAGE and session.state == "queued":
        left = MessageLeft("waited", timers=(Timer("left", now + a.timings.left),))
        return [*said, (left, None), (Noticed(phrases.LEFT_WAITED, "message_left"), None)]
    return said


def _to_owner(a: Assistant, tx: Tx, session: Session, say: ShopperSpoke, now: datetime) -> Named:
    turned = session.waiting_on != "agent"
    if turned:
        say = ShopperSpoke(say.text, say.client_id, say.sku, say.order, timers=a.timings.shopper_spoke(now))
    said: Named = [(say, say.client_id)]
    owner = presence.of(tx, session.assignee or "")
    if owner is None or owner.state != "offline":
        return said
    # Transition 17: nobody waits for somebody who has gone.
    presence.shopper_here(tx, session.conversation, now)
    return [*said, *[(event, None) for event in presences.passed_on(a, session, "offline")]]
