"""What the desk looks at: who waits, who serves how much, which sessions are in which state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.conversations import projection
from crm_core.conversations.session import Session
from crm_core.conversations.tables import conversations, entries, handoffs, offers, segments, sessions, timers
from crm_core.database import Tx
from crm_core.desk.tables import agents, presence


@dataclass(frozen=True)
class Waiting:
    """A session in the queue; `sticky` is the agent who served this conversation last."""

    session: str
    conversation: str
    channel: str
    queue: str
    level: str
    priority: int
    queued_at: datetime
    excluded: tuple[str, ...] = ()
    sticky: str | None = None


@dataclass(frozen=True)
class Server:
    """An agent as routing sees them: who they are, what they carry, and when they were last given something."""

    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    skills: tuple[str, ...]
    state: str
    cap: int | None
    load: float = 0.0
    by_queue: tuple[tuple[str, float], ...] = ()
    assigned_at: datetime | None = None


@dataclass(frozen=True)
class Carried:
    """One session that somebody carries, and how it stands."""

    session: str
    agent: str
    queue: str
    state: str
    activity: str | None


@dataclass(frozen=True)
class Due:
    """A timer whose time has come."""

    session: str
    conversation: str
    kind: str
    due_at: datetime


@dataclass(frozen=True)
class Handoff:
    """A request for a person, and what came of it; `packet` is JSON."""

    session: str
    seq: int
    rule: str
    version: int
    evidence: str
    level: str
    ticket: str | None
    packet: str | None
    requested_at: datetime
    offered_at: datetime | None
    accepted_at: datetime | None
    outcome: str | None


@dataclass(frozen=True)
class Listed:
    """A session in a list, with whose conversation it is and the latest request for a person."""

    session: Session
    customer: str | None
    last_seq: int
    last_at: datetime
    rule: str | None
    due: tuple[tuple[str, datetime], ...] = ()


def waiting(tx: Tx) -> list[Waiting]:
    """Everyone in the queue, the longest wait first."""
    rows = tx.execute(
        sa.select(sessions).where(sessions.c.state == "queued").order_by(sessions.c.queued_at, sessions.c.id)
    ).all()
    served = last_agents(tx, [row.conversation_id for row in rows])
    return [
        Waiting(
            row.id,
            row.conversation_id,
            row.channel,
            row.queue,
            row.level,
            row.priority,
            row.queued_at,
            tuple(row.excluded),
            served.get(row.conversation_id),
        )
        for row in rows
    ]


def waiting_count(tx: Tx) -> int:
    """How many sessions wait or are offered."""
    query = sa.select(sa.func.count()).where(sessions.c.state.in_(("queued", "offered")))
    return int(tx.execute(query).scalar_one())


def last_agents(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """Who served each of these conversations last."""
    if not ids:
        return {}
    query = (
        sa.select(segments.c.conversation_id, segments.c.owner)
        .where(segments.c.conversation_id.in_(ids), segments.c.owner_kind == "agent")
        .order_by(segments.c.from_at, segments.c.seq)
    )
    return {row.conversation_id: row.owner for row in tx.execute(query)}


def carried(tx: Tx) -> list[Carried]:
    """Every session that weighs on somebody: owned, offered, or being written up."""
    query = sa.select(sessions).where(
        sessions.c.state.in_(("active", "on_hold", "offered", "wrap_up")) | sessions.c.offered_to.is_not(None)
    )
    found = []
    for row in tx.execute(query):
        who = {"offered": None, "wrap_up": row.last_agent}.get(row.state, row.assignee)
        if who:
            found.append(Carried(row.id, who, row.queue, row.state, row.activity))
        if row.offered_to:
            found.append(Carried(row.id, row.offered_to, row.queue, "offered", None))
    return found


def servers(tx: Tx, weigh: "dict[tuple[str, str | None], float]") -> list[Server]:
    """Every agent who may sign in, with what they carry; `weigh` is the weight of a state and activity."""
    loads: dict[str, dict[str, float]] = {}
    for one in carried(tx):
        weight = weigh.get((one.state, one.activity), weigh.get((one.state, None), 0.0))
        by_queue = loads.setdefault(one.agent, {})
        by_queue[one.queue] = by_queue.get(one.queue, 0.0) + weight
    query = (
        sa.select(agents, presence.c.state.label("present"), presence.c.assigned_at)
        .join(presence, presence.c.login == agents.c.login, isouter=True)
        .where(agents.c.disabled_at.is_(None))
        .order_by(agents.c.login)
    )
    return [
        Server(
            row.login,
            row.name,
            row.role,
            tuple(row.groups),
            tuple(row.skills),
            row.present or "offline",
            row.max_chats,
            sum(loads.get(row.login, {}).values()),
            tuple(sorted(loads.get(row.login, {}).items())),
            row.assigned_at,
        )
        for row in tx.execute(query)
    ]


def of_agent(tx: Tx, login: str) -> list[Session]:
    """The sessions that an agent owns or is offered."""
    query = (
        sa.select(sessions.c.id)
        .where((sessions.c.assignee == login) | (sessions.c.offered_to == login))
        .order_by(sessions.c.id)
    )
    found = [projection.by_id(tx, name) for name in tx.execute(query).scalars()]
    return [session for session in found if session is not None]


def last_closed(tx: Tx, conversation: str) -> Session | None:
    """The session of a conversation that ended last."""
    query = (
        sa.select(sessions.c.id)
        .where(sessions.c.conversation_id == conversation, sessions.c.state == "closed")
        .order_by(sessions.c.closed_at.desc(), sessions.c.opened_at.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return projection.by_id(tx, found) if found else None


def due(tx: Tx, now: datetime, most: int = 64) -> list[Due]:
    """The timers whose time has come, the longest overdue first."""
    query = (
        sa.select(timers, sessions.c.conversation_id)
        .join(sessions, sessions.c.id == timers.c.session_id)
        .where(timers.c.due_at <= now)
        .order_by(timers.c.due_at, timers.c.session_id, timers.c.kind)
        .limit(most)
    )
    return [Due(row.session_id, row.conversation_id, row.kind, row.due_at) for row in tx.execute(query)]


def timers_of(tx: Tx, session: str) -> dict[str, datetime]:
    """What falls due in a session, and when."""
    query = sa.select(timers).where(timers.c.session_id == session).order_by(timers.c.kind)
    return {row.kind: row.due_at for row in tx.execute(query)}


def without_timer(tx: Tx, most: int = 100) -> list[Session]:
    """Open sessions in which nothing will ever fall due; there should be none."""
    query = (
        sa.select(sessions.c.id)
        .where(
            sessions.c.state != "closed",
            sessions.c.channel != "import",
            ~sa.exists().where(timers.c.session_id == sessions.c.id),
        )
        .limit(most)
    )
    found = [projection.by_id(tx, name) for name in tx.execute(query).scalars()]
    return [session for session in found if session is not None]


def handoffs_of(tx: Tx, session: str) -> list[Handoff]:
    """The requests for a person in a session, oldest first."""
    query = sa.select(handoffs).where(handoffs.c.session_id == session).order_by(handoffs.c.seq)
    return [_handoff(row) for row in tx.execute(query)]


def recent_waits(tx: Tx, most: int = 20) -> list[float]:
    """How many seconds the last accepted requests waited."""
    query = (
        sa.select(handoffs.c.requested_at, handoffs.c.accepted_at)
        .where(handoffs.c.accepted_at.is_not(None))
        .order_by(handoffs.c.requested_at.desc())
        .limit(most)
    )
    return [(row.accepted_at - row.requested_at).total_seconds() for row in tx.execute(query)]


def open_offers(tx: Tx, agent: str | None = None) -> list[tuple[str, str, datetime, bool]]:
    """Session, agent, expiry and warmth of every offer that is open."""
    query = sa.select(offers).where(offers.c.ended_at.is_(None)).order_by(offers.c.expires_at)
    if agent is not None:
        query = query.where(offers.c.agent == agent)
    return [(row.session_id, row.agent, row.expires_at, bool(row.warm)) for row in tx.execute(query)]


def listed(
    tx: Tx,
    states: Sequence[str],
    *,
    agent: str | None = None,
    asked: bool = False,
    most: int = 200,
    before: datetime | None = None,
) -> list[Listed]:
    """Sessions in these states, the newest first: `agent`'s own only, or only where a person was `asked` for."""
    query = (
        sa.select(sessions.c.id, conversations.c.customer_id, conversations.c.last_seq, conversations.c.last_at)
        .join(conversations, conversations.c.id == sessions.c.conversation_id)
        .where(sessions.c.state.in_(states), sessions.c.channel != "import")
        .order_by(sessions.c.opened_at.desc(), sessions.c.id)
        .limit(most)
    )
    if agent is not None:
        query = query.where(sa.func.coalesce(sessions.c.assignee, sessions.c.last_agent) == agent)
    if before is not None:
        query = query.where(sessions.c.opened_at < before)
    if asked:
        query = query.where(sa.exists().where(handoffs.c.session_id == sessions.c.id))
    return [_listed(tx, row) for row in tx.execute(query).all()]


def entries_since(tx: Tx, conversation: str, seq: int) -> int:
    """How many entries a conversation has after a number."""
    query = sa.select(sa.func.count()).where(entries.c.conversation_id == conversation, entries.c.seq > seq)
    return int(tx.execute(query).scalar_one())


def _listed(tx: Tx, row: "sa.Row[Any]") -> Listed:
    session = projection.by_id(tx, row.id)
    assert session is not None, "read in the same view"
    asked = handoffs_of(tx, row.id)
    rule = asked[-1].rule if asked else None
    return Listed(session, row.customer_id, row.last_seq, row.last_at, rule, tuple(timers_of(tx, row.id).items()))


def _handoff(row: "sa.Row[Any]") -> Handoff:
    return Handoff(
        row.session_id,
        row.seq,
        row.rule,
        row.rule_version,
        row.evidence,
        row.level,
        row.ticket,
        row.packet,
        row.requested_at,
        row.offered_at,
        row.accepted_at,
        row.outcome,
    )
