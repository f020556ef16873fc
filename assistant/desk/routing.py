"""Which waiting session goes to which agent: decided from values alone.

| step | rule |
|---|---|
| who may | online, of the group, not excluded, `load + 1 ≤ cap`, in that queue too; outside the hours: who is on call |
| level | senior sessions to seniors; when none may after `widen`, to anybody, and the supervisor is told |
| order | `base(level) + priority + aging · minutes waited`, ties by who came first |
| whom | the agent who served last, if that one may; else the least loaded; else who was given something longest ago |
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.timings import WEIGHTS, Timings
from crm_core.desk.queues import Server, Waiting

SENIOR = frozenset({"senior", "lead", "admin"})
_WEIGHT = WEIGHTS["offered", None]
_SLACK = 1e-9
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Pick:
    """A session and the agent it is to be offered to; `widened`: nobody of its level was there."""

    waiting: Waiting
    server: Server
    widened: bool = False


def score(one: Waiting, now: datetime, timings: Timings) -> float:
    """How urgent a waiting session is; it only ever grows while it waits."""
    minutes = max(0.0, (now - one.queued_at).total_seconds() / 60)
    return timings.base.get(one.level, 0.0) + timings.per_priority * one.priority + timings.aging * minutes


def in_order(waiting: Sequence[Waiting], now: datetime, timings: Timings) -> list[Waiting]:
    """The waiting sessions, the next to be served first."""
    return sorted(waiting, key=lambda one: (-score(one, now, timings), one.queued_at, one.session))


def position(waiting: Sequence[Waiting], session: str, now: datetime, timings: Timings) -> int | None:
    """The place of a session among those that wait for the same people, from 1; None when it does not wait."""
    mine = next((one for one in waiting if one.session == session), None)
    if mine is None:
        return None
    rivals = [one for one in waiting if not mine.queue or one.queue in ("", mine.queue)]
    return [one.session for one in in_order(rivals, now, timings)].index(session) + 1


def serves(server: Server, queue: str) -> bool:
    """Is this agent one of those whom a queue is for? The queue without a name is everyone's."""
    return not queue or queue in server.groups


def has_room(server: Server, queue: str, timings: Timings) -> bool:
    """May the router give this agent one more?"""
    if server.load + _WEIGHT > (server.cap or timings.agent_cap) + _SLACK:
        return False
    most = timings.agent_cap_in_queue
    return most is None or dict(server.by_queue).get(queue, 0.0) + _WEIGHT <= most + _SLACK


def candidates(
    one: Waiting, servers: Sequence[Server], now: datetime, timings: Timings, *, is_open: bool = True
) -> tuple[list[Server], bool]:
    """Who may be offered a session now, and whether the level had to be widened for it."""
    there = [
        server
        for server in servers
        if server.state == "online" and serves(server, one.queue) and (is_open or is_on_call(server, timings))
    ]
    # Whoever let it lie is not asked again, unless nobody else is there.
    willing = [server for server in there if server.login not in one.excluded] or there
    free = [server for server in willing if has_room(server, one.queue, timings)]
    if one.level != "senior":
        return free, False
    seniors = [server for server in free if server.role in SENIOR]
    if seniors or now - one.queued_at < timings.widen:
        return seniors, False
    return free, bool(free)


def choose(one: Waiting, free: Sequence[Server]) -> Server:
    """The one of those who may: sticky, else the least loaded, else the longest without a new session."""
    for server in free:
        if server.login == one.sticky:
            return server
    return min(free, key=lambda server: (server.load, server.assigned_at or _NEVER, server.login))


def plan(
    waiting: Sequence[Waiting], servers: Sequence[Server], now: datetime, timings: Timings, *, is_open: bool = True
) -> list[Pick]:
    """What to offer to whom, all at once; each pick counts for the next."""
    picks = []
    known = {server.login: server for server in servers}
    for one in in_order(waiting, now, timings):
        free, widened = candidates(one, list(known.values()), now, timings, is_open=is_open)
        if not free:
            continue
        server = choose(one, free)
        picks.append(Pick(one, server, widened))
        by_queue = dict(server.by_queue)
        by_queue[one.queue] = by_queue.get(one.queue, 0.0) + _WEIGHT
        known[server.login] = replace(
            server, load=server.load + _WEIGHT, by_queue=tuple(sorted(by_queue.items())), assigned_at=now
        )
    return picks


def is_on_call(server: Server, timings: Timings) -> bool:
    """Does this agent also serve outside the hours?"""
    return not set(timings.on_call).isdisjoint(server.skills)
