"""From the bot to people: whether somebody can be reached, and the block of facts that makes it so or says why not.

Whatever is announced here is done in the same commit: the request with its packet, the words, the place in the queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from assistant import phrases
from assistant.desk import routing
from assistant.parts import Assistant
from assistant.timings import WEIGHTS
from crm_core.conversations.events import BotReplied, Choice, Event
from crm_core.conversations.facts import Timer
from crm_core.conversations.movements import (
    HandoffRequested,
    Level,
    MessageLeft,
    Offered,
    Queued,
    SupervisorPaged,
)
from crm_core.conversations.session import Session
from crm_core.database import Tx
from crm_core.desk import presence, queues
from crm_core.desk.queues import Server, Waiting

FEWEST_WAITS = 5  # accepted requests from which the next wait is estimated


@dataclass(frozen=True)
class Reach:
    """Can a person be reached now; if not, why, and when people begin to serve again."""

    by: Literal["", "closed", "nobody", "full"]  # "" = somebody can be
    opens_at: datetime | None = None


def reach(a: Assistant, tx: Tx, queue: str = "") -> Reach:
    """Is anybody of the group at the desk, in the hours, and the queue not full?"""
    now = a.clock()
    there = [one for one in queues.servers(tx, WEIGHTS) if one.state != "offline" and routing.serves(one, queue)]
    if not a.hours.is_open(now):
        there = [one for one in there if one.state == "online" and routing.is_on_call(one, a.timings)]
        if not there:
            return Reach("closed", a.hours.opening_after(now))
    if not there:
        return Reach("nobody")
    if queues.waiting_count(tx) >= a.timings.queue_cap:
        return Reach("full")
    return Reach("")


def requested(a: Assistant, tx: Tx, session: Session, request: HandoffRequested, *, answers: int) -> list[Event]:
    """Transition 4 or 5: to the queue when somebody can be reached, else a message that is left for them."""
    now = a.clock()
    queue = request.queue
    way = reach(a, tx, queue)
    if way.by != "":
        known = queues.handoffs_of(tx, session.id)
        again = bool(known) and known[-1].outcome == "message_left"
        told = BotReplied(left_words(a, way, again=again), answers, "handoff", epoch=session.owner_epoch)
        left = MessageLeft(way.by, way.opens_at, timers=(Timer("left", now + a.timings.left),))
        return [told, left] if again else [request, told, left]
    presence.shopper_here(tx, session.conversation, now)
    waiting = queues.waiting(tx)
    mine = Waiting(session.id, session.conversation, session.channel, queue, request.level, _priority(request), now)
    place = routing.position([*waiting, mine], session.id, now, a.timings) or 1
    told = BotReplied(waiting_words(place), answers, "handoff", choices=CANCEL, epoch=session.owner_epoch)
    timers = a.timings.waiting(now, now)
    return [request, told, Queued(queue, request.level, _priority(request), timers=timers)]


CANCEL = (Choice(phrases.CANCEL_WAIT, phrases.CANCEL_WAIT),)


def escalated(a: Assistant, tx: Tx, session: Session, request: HandoffRequested) -> list[Event]:
    """Transition 14b: a senior is asked to take over while the owner keeps the session until one accepts."""
    now = a.clock()
    one = Waiting(
        session.id,
        session.conversation,
        session.channel,
        session.queue,
        "senior",
        session.priority,
        now,
        (*session.excluded, session.assignee or ""),
    )
    servers = [server for server in queues.servers(tx, WEIGHTS) if server.login != session.assignee]
    free, _ = routing.candidates(one, servers, now, a.timings, is_open=a.hours.is_open(now))
    free = [server for server in free if server.login not in session.excluded]
    if not free or session.offered_to is not None:
        return [request, SupervisorPaged("no_senior")]
    server = lock_free(a, tx, one, free)
    if server is None:
        return [request, SupervisorPaged("no_senior")]
    expires = now + a.timings.offer
    return [request, Offered(server.login, expires, warm=True, level="senior", timers=a.timings.offered(now))]


def lock_free(a: Assistant, tx: Tx, one: Waiting, free: Sequence[Server]) -> Server | None:
    """The agent to offer to, with nobody else giving them work until the commit; None when they are full by now."""
    server = routing.choose(one, free)
    presence.lock(tx, server.login)
    now = next((other for other in queues.servers(tx, WEIGHTS) if other.login == server.login), None)
    if now is None or now.state != "online" or not routing.has_room(now, one.queue, a.timings):
        return None
    presence.assigned(tx, server.login, a.clock())
    return now


def level_of(a: Assistant, rule_level: Level, tier: str | None) -> Level:
    """The lane of a request: what its rule says, and the VIP lane for customers of a high tier."""
    return "vip" if rule_level == "normal" and tier in a.timings.vip_tiers else rule_level


def eta(tx: Tx, place: int) -> int | None:
    """Seconds that the one at this place may expect to wait, from the last waits; None while too few are known."""
    waits = sorted(queues.recent_waits(tx))
    if len(waits) < FEWEST_WAITS:
        return None
    return max(1, round(waits[len(waits) // 2] * place / 2))


def waiting_words(place: int) -> str:
    """What is said to somebody who now waits; the number is that of the commit it stands in."""
    return phrases.QUEUED_NEXT if place <= 1 else phrases.QUEUED_BEHIND.format(ahead=place - 1)


def left_words(a: Assistant, way: Reach, *, again: bool = False) -> str:
    """What is said where nobody can be reached: why, from when on somebody is, and what happens until then."""
    if again:
        return phrases.PERSON_REQUESTED_AGAIN
    if way.by == "closed" and way.opens_at is not None:
        return phrases.LEFT_CLOSED.format(opens=moment(way.opens_at, a.clock().astimezone(a.zone)))
    return phrases.LEFT_FULL if way.by == "full" else phrases.PERSON_REQUESTED


def moment(at: datetime, now: datetime) -> str:
    """今天 09:00, 明天 09:00, else the date."""
    local = at.astimezone(now.tzinfo)
    day = {now.date(): "今天", now.date() + timedelta(days=1): "明天"}.get(local.date(), f"{local:%m月%d日}")
    return f"{day} {local:%H:%M}"


def _priority(request: HandoffRequested) -> int:
    return 1 if request.ticket else 0
