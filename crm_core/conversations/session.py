"""The session machine: one pure step from event to event, the same when written, replayed, or asked what is possible.

| state | who may speak | owner |
|---|---|---|
| bot | the bot | bot |
| queued, offered | nobody; the shopper waits | queue, then the offer |
| active, on_hold | the assignee (a supervisor may barge in) | agent |
| message_left, wrap_up | nobody | none |
| closed | nobody; the session is over | none |

Every change of owner raises the epoch. What `TRANSITIONS` does not list is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Entry,
    Event,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
)
from crm_core.conversations.movements import (
    Held,
    MessageLeft,
    OfferAccepted,
    Offered,
    OfferLapsed,
    Queued,
    Released,
    Requeued,
    Resolved,
    Resumed,
    ReturnedToBot,
    TakenOver,
    Transferred,
    WatcherJoined,
    WatcherLeft,
    WentInactive,
)

State = Literal["bot", "queued", "offered", "active", "on_hold", "message_left", "wrap_up", "closed"]
OwnerKind = Literal["bot", "queue", "offer", "agent", "none"]

OPEN: Final = frozenset({"bot", "queued", "offered", "active", "on_hold", "message_left", "wrap_up"})
OWNED: Final = frozenset({"active", "on_hold"})


class NotPossible(Exception):
    """This cannot happen to the session now; `state` and `owner` say how it stands."""

    def __init__(self, what: str, state: str, owner: str | None = None, why: str = ""):
        super().__init__(f"{what}: the session is {state}" + (f" ({why})" if why else ""))
        self.what, self.state, self.owner, self.why = what, state, owner, why


@dataclass(frozen=True, slots=True)
class Session:
    """An episode of service as it stands; the row of the same name, value for value."""

    id: str
    conversation: str
    channel: str
    state: State
    version: int
    owner_epoch: int
    owner_kind: OwnerKind
    opened_at: datetime
    assignee: str | None = None  # the agent who owns it: active and on_hold only
    last_agent: str | None = None  # owner of the last agent segment
    offered_to: str | None = None
    queue: str = ""
    level: str = "normal"
    priority: int = 0
    waiting_on: str | None = None
    activity: str | None = None
    queued_at: datetime | None = None
    accepted_at: datetime | None = None
    first_human_at: datetime | None = None
    waiting_since: datetime | None = None  # since when the shopper waits for a person's word
    closed_at: datetime | None = None
    close_reason: str | None = None
    reopened_from: str | None = None
    solved: str | None = None
    category: str | None = None
    excluded: tuple[str, ...] = ()  # agents who let an offer lapse, or the session lie
    watchers: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Is it not over yet?"""
        return self.state != "closed"

    @property
    def owner(self) -> str:
        """Who owns it: an agent's log-in, the group of a queue, or ""."""
        if self.owner_kind == "agent":
            return self.assignee or ""
        if self.owner_kind == "offer":
            return self.offered_to or ""
        return self.queue if self.owner_kind == "queue" else ""


_OWNER: Final[dict[str, OwnerKind]] = {
    "bot": "bot",
    "queued": "queue",
    "offered": "offer",
    "active": "agent",
    "on_hold": "agent",
    "message_left": "none",
    "wrap_up": "none",
    "closed": "none",
}


def moved(session: Session | None, entry: Entry) -> Session | None:
    """The session once `entry` has happened; the very same value where it moves nothing. Raises NotPossible."""
    event = entry.event
    kind = type(event)
    if kind is ShopperSpoke:
        return _heard(session, entry) if session is not None else None
    if kind is BotReplied:
        return session
    if isinstance(event, SessionOpened):
        if session is not None and session.is_open:
            raise NotPossible("SessionOpened", session.state, session.assignee)
        return _opened(event, entry)
    if session is None:
        return None
    if session.channel == "import":
        return _imported(session, event, entry)
    if isinstance(event, AgentSpoke):
        return _answered(session, entry)
    transition = TRANSITIONS.get(kind)
    if transition is None:
        return session
    allowed, step = transition
    if session.state not in allowed:
        raise NotPossible(kind.__name__, session.state, session.assignee)
    return _owned_anew(session, step(session, event, entry.at))


def _owned_anew(before: Session, after: Session) -> Session:
    """Raise the version, and the epoch where the owner changed."""
    changed = (before.owner_kind, before.owner) != (after.owner_kind, after.owner)
    return replace(after, version=before.version + 1, owner_epoch=before.owner_epoch + changed)


def _to(session: Session, state: State, **changes: object) -> Session:
    return replace(session, state=state, owner_kind=_OWNER[state], **changes)  # type: ignore[arg-type]


def _opened(event: SessionOpened, entry: Entry) -> Session:
    return Session(
        id=f"{entry.conversation}:{entry.seq}",
        conversation=entry.conversation,
        channel=event.channel,
        state="bot",
        version=1,
        owner_epoch=1,
        owner_kind="bot",
        opened_at=entry.at,
        reopened_from=event.reopened_from,
    )


def _imported(session: Session, event: Event, entry: Entry) -> Session:
    """A log from elsewhere has no owners: it is open, and then it is over."""
    if not isinstance(event, SessionClosed):
        return session
    return replace(session, state="closed", owner_kind="none", closed_at=entry.at, close_reason=event.reason)


def _heard(session: Session, entry: Entry) -> Session:
    if session.state not in ("active", "queued", "offered"):
        return session
    since = session.waiting_since or entry.at
    if session.state != "active":
        return session if session.waiting_since else replace(session, version=session.version + 1, waiting_since=since)
    if session.waiting_on == "agent" and session.activity == "active" and session.waiting_since:
        return session
    return replace(session, version=session.version + 1, waiting_on="agent", activity="active", waiting_since=since)


def _answered(session: Session, entry: Entry) -> Session:
    if session.state != "active":
        raise NotPossible("AgentSpoke", session.state, session.assignee)
    return replace(
        session,
        version=session.version + 1,
        waiting_on="shopper",
        waiting_since=None,
        first_human_at=session.first_human_at or entry.at,
    )


_NOBODY: Final[dict[str, Any]] = {
    "assignee": None,
    "offered_to": None,
    "waiting_on": None,
    "waiting_since": None,
    "activity": None,
}


def _closed(session: Session, event: SessionClosed, at: datetime) -> Session:
    return _to(session, "closed", **_NOBODY, closed_at=at, close_reason=event.reason, watchers=())


def _enqueued(session: Session, event: Queued, at: datetime) -> Session:
    return _queued(session, event.queue, event.level, event.priority, at)


def _queued(session: Session, queue: str, level: str, priority: int, at: datetime) -> Session:
    return _to(
        session,
        "queued",
        queue=queue,
        level=level,
        priority=priority,
        waiting_on=None,
        activity=None,
        queued_at=at,
        waiting_since=session.waiting_since or at,
    )


def _offered(session: Session, event: Offered, _: datetime) -> Session:
    if session.offered_to is not None or event.warm != (session.state == "active"):
        raise NotPossible("Offered", session.state, session.assignee, "offered already, or to nobody's owner")
    if event.warm:
        return replace(session, offered_to=event.agent, level=event.level or session.level)
    return _to(session, "offered", offered_to=event.agent)


def _accepted(session: Session, event: OfferAccepted, at: datetime) -> Session:
    if session.offered_to != event.agent:
        raise NotPossible("OfferAccepted", session.state, session.assignee, "the offer is not open")
    # Who gave it up warm stays and reads along.
    watching = (session.assignee,) if session.state == "active" and session.assignee else ()
    return _served_by(session, event.agent, at, watching)


def _lapsed(session: Session, event: OfferLapsed, _: datetime) -> Session:
    if session.offered_to != event.agent:
        raise NotPossible("OfferLapsed", session.state, session.assignee, "the offer is not open")
    excluded = session.excluded if event.outcome == "withdrawn" else _with(session.excluded, event.agent)
    if session.state == "active":
        return replace(session, offered_to=None, excluded=excluded)
    return _to(session, "queued", offered_to=None, excluded=excluded)


def _taken(session: Session, event: TakenOver, at: datetime) -> Session:
    return _served_by(session, event.agent, at)


def _transferred(session: Session, event: Transferred, at: datetime) -> Session:
    left = replace(session, assignee=None, watchers=(), offered_to=None, excluded=())
    return _queued(left, event.queue, event.level, session.priority + event.priority, at)


def _requeued(session: Session, event: Requeued, at: datetime) -> Session:
    excluded = _with(session.excluded, event.exclude) if event.exclude else session.excluded
    left = replace(session, assignee=None, offered_to=None, excluded=excluded)
    return _queued(left, session.queue, session.level, session.priority + event.priority, at)


def _to_bot(session: Session, _: Released | ReturnedToBot, __: datetime) -> Session:
    return _to(session, "bot", **_NOBODY, queued_at=None, queue="", level="normal", priority=0, excluded=())


def _held(session: Session, _: Held, __: datetime) -> Session:
    return _to(session, "on_hold", offered_to=None, waiting_since=None)


def _resolved(session: Session, event: Resolved, _: datetime) -> Session:
    return _to(session, "wrap_up", **_NOBODY, solved=event.solved, category=event.category or None)


def _left(session: Session, _: MessageLeft, at: datetime) -> Session:
    return _to(session, "message_left", queued_at=None, waiting_since=session.waiting_since or at)


def _joined(session: Session, event: WatcherJoined, _: datetime) -> Session:
    return replace(session, watchers=_with(session.watchers, event.agent))


def _looked_away(session: Session, event: WatcherLeft, _: datetime) -> Session:
    return replace(session, watchers=tuple(one for one in session.watchers if one != event.agent))


def _inactive(session: Session, _: WentInactive, __: datetime) -> Session:
    return replace(session, activity="inactive")


def _served_by(session: Session, agent: str, at: datetime, watching: tuple[str, ...] = ()) -> Session:
    return _to(
        session,
        "active",
        assignee=agent,
        last_agent=agent,
        offered_to=None,
        accepted_at=session.accepted_at or at,
        waiting_on="agent",
        waiting_since=session.waiting_since or at,
        activity="active",
        watchers=tuple(one for one in (*session.watchers, *watching) if one != agent),
    )


def _resumed(session: Session, event: Resumed, at: datetime) -> Session:
    waiting = "agent" if event.reason == "shopper" else session.waiting_on
    return _to(
        session,
        "active",
        assignee=session.assignee or session.last_agent,
        waiting_on=waiting or "shopper",
        waiting_since=at if waiting == "agent" else None,
        activity="active",
    )


def _with(logins: tuple[str, ...], login: str) -> tuple[str, ...]:
    return logins if login in logins else (*logins, login)


# From which states a transition may happen, and what it does. An event that is not named moves nothing.
TRANSITIONS: Final[dict[type[Event], tuple[frozenset[str], Callable[[Session, Any, datetime], Session]]]] = {
    Queued: (frozenset({"bot"}), _enqueued),
    Offered: (frozenset({"queued", "active"}), _offered),  # from active only a warm one
    OfferAccepted: (frozenset({"offered", "active"}), _accepted),
    OfferLapsed: (frozenset({"offered", "active"}), _lapsed),
    TakenOver: (frozenset({"bot", "queued", "offered", "message_left"}), _taken),
    Transferred: (frozenset({"active"}), _transferred),
    Requeued: (frozenset({"active", "wrap_up"}), _requeued),
    Released: (frozenset({"active"}), _to_bot),
    ReturnedToBot: (frozenset({"queued", "offered", "message_left"}), _to_bot),
    Held: (frozenset({"active"}), _held),
    Resumed: (frozenset({"on_hold", "wrap_up"}), _resumed),
    Resolved: (frozenset({"active"}), _resolved),
    MessageLeft: (frozenset({"bot", "queued"}), _left),
    SessionClosed: (OPEN, _closed),
    WatcherJoined: (OPEN, _joined),
    WatcherLeft: (OPEN, _looked_away),
    WentInactive: (frozenset({"active"}), _inactive),
}
