"""Routing made fact: each pick becomes an offer in a commit of its own, or nothing when somebody was quicker."""

from collections.abc import Sequence
from concurrent.futures import Future

from assistant.desk import routing
from assistant.desk.handover import lock_free
from assistant.desk.routing import Pick
from assistant.parts import Assistant
from assistant.timings import WEIGHTS
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry, Event
from crm_core.conversations.movements import Offered, SupervisorPaged
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.desk import presence, queues


def picks(a: Assistant) -> list[Pick]:
    """Whom to offer what, as things stand; cheap when nobody waits."""
    now = a.clock()
    with a.record.reading() as tx:
        waiting = queues.waiting(tx)
        if not waiting:
            return []
        servers = queues.servers(tx, WEIGHTS)
    return routing.plan(waiting, servers, now, a.timings, is_open=a.hours.is_open(now))


def offer(a: Assistant, pick: Pick) -> "Future[list[Entry]]":
    """Transition 7: offer the session, if it still waits and the agent still has room; the claim is the row's lock."""
    one = pick.waiting
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, one.conversation)
        if place.session is None or place.session.id != one.session or place.session.state != "queued":
            return []
        server = lock_free(a, tx, one, [pick.server])
        if server is None:
            return []
        events: list[tuple[Event, str | None]] = [
            (Offered(server.login, now + a.timings.offer, timers=a.timings.offered(now)), None)
        ]
        if pick.widened:
            events.append((SupervisorPaged("no_senior"), None))
        return timeline.append(tx, Thread(one.conversation), events, at=now, place=place)

    return a.record.write(work, one.conversation)


def forsaken(a: Assistant, here: Sequence[str]) -> list[str]:
    """Conversations in the queue at whose other end nobody has been for too long; `here` are this process's own."""
    now = a.clock()
    with a.record.reading() as tx:
        rows = queues.listed(tx, ("queued", "offered"))
        waiting = {row.session.conversation: row.session for row in rows if row.session.channel == "web"}
        if not waiting:
            return []
        seen = presence.shoppers_seen(tx, list(waiting))
    limit = now - a.timings.abandon
    return [
        name
        for name, session in waiting.items()
        if name not in here and max(seen.get(name, session.opened_at), session.queued_at or session.opened_at) < limit
    ]


def still_here(a: Assistant, conversations: Sequence[str]) -> "Future[None] | None":
    """Note that shoppers in the queue still listen in this process; None where none of them waits."""
    now = a.clock()
    listening = set(conversations)
    with a.record.reading() as tx:
        rows = queues.listed(tx, ("queued", "offered")) if listening else []
        waiting = [row.session.conversation for row in rows if row.session.conversation in listening]
    if not waiting:
        return None

    def work(tx: Tx) -> None:
        for conversation in waiting:
            presence.shopper_here(tx, conversation, now)

    return a.record.write(work)
