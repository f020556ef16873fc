"""What each timer does when it is due; every act looks again at how the session stands, in its own commit.

| timer | falls due | does |
|---|---|---|
| bot_idle | silence with the bot | ends the episode; set again where something was said meanwhile |
| queue_notice | a wait of 30 s | says how many are before |
| queue_max | each wait of 180 s | asks: wait on, leave a message, or back to the bot |
| offer | 20 s | the offer lapses; after two in a row the agent is away |
| agent_silent | 300 s without the owner's word | the session goes to somebody else, and the supervisor is told |
| first_reply, next_reply | the shop's own limits | the supervisor is told |
| inactive | 10 min of the shopper's silence | the session weighs less |
| idle_warn, idle_close | 8 and 10 min of it | warns, ends |
| hold | the time that was set | the owner goes on |
| left | 48 h | a message that was left is over; its ticket is not |
| wrap_up | 60 s | the session is closed |
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

from assistant import phrases
from assistant.desk import presences, routing
from assistant.desk.desk import lapsed
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, Entry, Event, SessionClosed
from crm_core.conversations.facts import Timer
from crm_core.conversations.movements import Noticed, Resumed, SupervisorPaged, TimerSet, WentInactive
from crm_core.conversations.session import Session
from crm_core.conversations.timeline import Place, Thread
from crm_core.database import Tx
from crm_core.desk import presence, queues
from crm_core.desk.queues import Due

AGAIN = timedelta(seconds=60)


def due(a: Assistant) -> list[Due]:
    """The timers whose time has come."""
    with a.record.reading() as tx:
        return queues.due(tx, a.clock())


def fire(a: Assistant, one: Due) -> "Future[list[Entry]]":
    """Do what a timer is for; nothing when another process was quicker or the session has moved on."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, one.conversation)
        session = place.session
        if session is None or session.id != one.session or queues.timers_of(tx, session.id).get(one.kind) != one.due_at:
            return []
        act = ACTS.get(one.kind, _unknown)
        # An act that has nothing to do still takes its timer away.
        events = act(a, tx, place, session, now) or [TimerSet(timers=(Timer(one.kind),))]
        named: list[tuple[Event, str | None]] = [(event, None) for event in events]
        return timeline.append(tx, Thread(one.conversation), named, at=now, place=place)

    return a.record.write(work, one.conversation)


def put_off(a: Assistant, one: Due) -> "Future[list[Entry]]":
    """Set a timer again that could not be fired, so that it holds up no other."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, one.conversation)
        if place.session is None or place.session.id != one.session:
            return []
        again = TimerSet(timers=(Timer(one.kind, now + AGAIN),))
        return timeline.append(tx, Thread(one.conversation), [(again, None)], at=now, place=place)

    return a.record.write(work, one.conversation)


def rescue(a: Assistant) -> "Future[list[Entry]]":
    """Give a timer to every open session that has none; there should be none, and each one is worth a warning."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        entries: list[Entry] = []
        for found in queues.without_timer(tx):
            place = timeline.hold(tx, found.conversation)
            if place.session is None or place.session.id != found.id:
                continue
            again = TimerSet(timers=(_lasting(a, place.session, now),))
            entries += timeline.append(tx, Thread(found.conversation), [(again, None)], at=now, place=place)
        return entries

    return a.record.write(work)


def abandon(a: Assistant, conversation: str) -> "Future[list[Entry]]":
    """Transition 12: nobody waits at the other end any more."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, conversation)
        session = place.session
        if session is None or session.state not in ("queued", "offered") or session.channel != "web":
            return []
        seen = presence.shoppers_seen(tx, [conversation]).get(conversation)
        if seen is not None and now - seen < a.timings.abandon:
            return []
        closed = SessionClosed("abandoned_in_queue")
        return timeline.append(tx, Thread(conversation), [(closed, None)], at=now, place=place)

    return a.record.write(work, conversation)


def ending(tx: Tx, session: Session) -> str:
    """Why a session with the bot ends in silence: it was answered, as far as anybody can tell, or the shopper left."""
    seq = int(session.id.rpartition(":")[2])
    while entries := timeline.since(tx, session.conversation, seq):
        # A greeting alone is no answer.
        if any(isinstance(entry.event, BotReplied) and entry.event.decision == "answer" for entry in entries):
            return "bot_assumed"
        seq = entries[-1].seq
    return "shopper_left_bot"


def _bot_idle(a: Assistant, tx: Tx, place: Place, session: Session, now: datetime) -> list[Event]:
    # Messages do not move this timer, so that they cost nothing; it looks here how long the silence really is.
    last = max(place.last_at or session.opened_at, session.opened_at)
    if now - last < a.timings.bot_close:
        return [TimerSet(timers=(Timer("bot_idle", last + a.timings.bot_close),))]
    return [SessionClosed(ending(tx, session))]


def _queue_notice(a: Assistant, tx: Tx, _: Place, session: Session, now: datetime) -> list[Event]:
    return [Noticed(_still(a, tx, session, now), "waiting", timers=(Timer("queue_notice"),))]


def _queue_max(a: Assistant, _: Tx, __: Place, ___: Session, now: datetime) -> list[Event]:
    choices = (phrases.KEEP_WAITING, phrases.LEAVE_MESSAGE, phrases.CANCEL_WAIT)
    again = (Timer("queue_max", now + a.timings.queue_max),)
    return [Noticed(phrases.WAITED_LONG, "waited_long", choices, timers=again)]


def _still(a: Assistant, tx: Tx, session: Session, now: datetime) -> str:
    place = routing.position(queues.waiting(tx), session.id, now, a.timings) or 1
    return phrases.STILL_NEXT if place <= 1 else phrases.STILL_WAITING.format(ahead=place - 1)


def _offer(a: Assistant, tx: Tx, _: Place, session: Session, now: datetime) -> list[Event]:
    agent = session.offered_to
    if agent is None:
        return []
    if presence.missed(tx, agent) >= a.timings.missed_before_away:
        presence.put(tx, agent, "away", now, source="missed_offers")
    ended: list[Event] = [lapsed(a, session, "expired")]
    # The shopper is still with the owner; somebody has to see to it that a senior comes.
    return [*ended, SupervisorPaged("no_senior")] if session.state == "active" else ended


def _agent_silent(a: Assistant, _: Tx, __: Place, session: Session, ___: datetime) -> list[Event]:
    passed = presences.passed_on(a, session, "unresponsive", priority=2)
    return [*passed, SupervisorPaged("agent_silent")]


def _clock_missed(kind: str) -> Callable[[Assistant, Tx, Place, Session, datetime], list[Event]]:
    def act(_: Assistant, __: Tx, ___: Place, ____: Session, _____: datetime) -> list[Event]:
        return [SupervisorPaged(f"{kind}_missed", timers=(Timer(kind),))]

    return act


def _inactive(_: Assistant, __: Tx, ___: Place, session: Session, ____: datetime) -> list[Event]:
    return [WentInactive(timers=(Timer("inactive"),))] if session.state == "active" else []


def _idle_warn(_: Assistant, __: Tx, ___: Place, ____: Session, _____: datetime) -> list[Event]:
    return [Noticed(phrases.IDLE_WARNING, "idle", timers=(Timer("idle_warn"),))]


def _idle_close(_: Assistant, __: Tx, ___: Place, ____: Session, _____: datetime) -> list[Event]:
    return [SessionClosed("shopper_timeout")]


def _hold(a: Assistant, _: Tx, __: Place, session: Session, now: datetime) -> list[Event]:
    return [Resumed("due", timers=a.timings.served(now, session))]


def _left(_: Assistant, __: Tx, ___: Place, ____: Session, _____: datetime) -> list[Event]:
    return [SessionClosed("message_left")]


def _wrap_up(_: Assistant, __: Tx, ___: Place, session: Session, ____: datetime) -> list[Event]:
    return [SessionClosed("agent_resolved", session.last_agent)]


def _unknown(_: Assistant, __: Tx, ___: Place, ____: Session, _____: datetime) -> list[Event]:
    return []


ACTS: dict[str, Callable[[Assistant, Tx, Place, Session, datetime], list[Event]]] = {
    "bot_idle": _bot_idle,
    "queue_notice": _queue_notice,
    "queue_max": _queue_max,
    "offer": _offer,
    "agent_silent": _agent_silent,
    "first_reply": _clock_missed("first_reply"),
    "next_reply": _clock_missed("next_reply"),
    "inactive": _inactive,
    "idle_warn": _idle_warn,
    "idle_close": _idle_close,
    "hold": _hold,
    "left": _left,
    "wrap_up": _wrap_up,
}


def _lasting(a: Assistant, session: Session, now: datetime) -> Timer:
    """The timer that a session in this state may never be without."""
    kinds = {
        "bot": ("bot_idle", a.timings.bot_close),
        "queued": ("queue_max", a.timings.queue_max),
        "offered": ("offer", a.timings.offer),
        "active": ("agent_silent", a.timings.agent_silent)
        if session.waiting_on == "agent"
        else ("idle_close", a.timings.idle_close),
        "on_hold": ("hold", a.timings.longest_hold),
        "message_left": ("left", a.timings.left),
        "wrap_up": ("wrap_up", a.timings.wrap_up),
    }
    kind, after = kinds[session.state]
    return Timer(kind, now + after)
