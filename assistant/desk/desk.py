"""What people at the desk do to a session: each act is one commit, or is refused with how the session stands.

Every function takes the assistant, the agent's log-in and the session; the future carries the entries that were
appended (those for the shopper among them), NotPossible with the state in which the session is, or NotAllowed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Literal

from assistant import phrases
from assistant.desk import routing
from assistant.parts import Assistant
from assistant.skills.wording import order_card, product_card
from assistant.timings import WEIGHTS
from crm_core.commerce import orders, products
from crm_core.conversations import projection, timeline
from crm_core.conversations.events import AgentSpoke, Card, Entry, Event
from crm_core.conversations.facts import Timer
from crm_core.conversations.movements import (
    Held,
    Noticed,
    OfferAccepted,
    Offered,
    OfferLapsed,
    RatingInvited,
    Released,
    Resolved,
    Resumed,
    SessionClosed,
    TakenOver,
    Transferred,
    WatcherJoined,
    WatcherLeft,
)
from crm_core.conversations.session import NotPossible, Session
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.desk import agents, notes, presence, queues
from crm_core.desk.agents import Agent, may
from crm_core.desk.notes import Note

Named = list[tuple[Event, str | None]]
Lapse = Literal["declined", "expired", "offline", "withdrawn"]


class NotAllowed(Exception):
    """This agent may not do that; the message says why."""


class UnknownSession(Exception):
    """There is no such session."""


def accept(a: Assistant, login: str, session: str) -> "Future[list[Entry]]":
    """Transition 8: take what was offered."""

    def decide(tx: Tx, agent: Agent, now: Session) -> Named:
        if now.offered_to != login:
            raise NotPossible("accept", now.state, now.assignee, "the offer is gone")
        presence.answered(tx, login)
        at = a.clock()
        joined = Noticed(phrases.JOINED.format(name=agent.name), "joined")
        return _unnamed(OfferAccepted(login, agent.name, timers=(Timer("offer"), *a.timings.served(at, now))), joined)

    return _act(a, login, session, decide)


def decline(a: Assistant, login: str, session: str) -> "Future[list[Entry]]":
    """Transition 9: not now; the session waits on in its old place."""

    def decide(tx: Tx, _: Agent, now: Session) -> Named:
        if now.offered_to != login:
            raise NotPossible("decline", now.state, now.assignee, "the offer is gone")
        presence.answered(tx, login)
        return _unnamed(lapsed(a, now, "declined"))

    return _act(a, login, session, decide)


def take_over(a: Assistant, login: str, session: str, *, force: bool = True) -> "Future[list[Entry]]":
    """Transition 6 or 22: claim a session from the bot, the queue, or the messages left.

    With `force` a supervisor may also take one from another agent, who stays and reads along.
    """

    def decide(tx: Tx, agent: Agent, now: Session) -> Named:
        at = a.clock()
        joined = Noticed(phrases.JOINED.format(name=agent.name), "joined")
        if force and now.state == "active" and now.assignee != login and may(agent.role, "lead"):
            ended = [lapsed(a, now, "withdrawn")] if now.offered_to else []
            served = (Timer("offer"), *a.timings.served(at, now))
            offered = Offered(login, at + a.timings.offer, warm=True)
            return _unnamed(*ended, offered, OfferAccepted(login, agent.name, timers=served), joined)
        if now.queue and now.queue not in agent.groups and not may(agent.role, "lead"):
            raise NotAllowed(f"这个会话由「{now.queue}」接待")
        presence.lock(tx, login)
        me = next((one for one in queues.servers(tx, WEIGHTS) if one.login == login), None)
        full = me is not None and not routing.has_room(me, now.queue, a.timings)
        return _unnamed(TakenOver(login, full, agent.name, timers=a.timings.served(at, now)), joined)

    return _act(a, login, session, decide)


def say(
    a: Assistant,
    login: str,
    session: str,
    client_id: str,
    text: str,
    *,
    barge: bool = False,
    epoch: int | None = None,
    sku: str | None = None,
    order: str | None = None,
) -> "Future[list[Entry]]":
    """Transition 13: a word to the shopper; the same `client_id` again is stored once and returns where it lies.

    A message that comes too late (the session is someone else's by now) is kept as suppressed, never shown: the entry
    that comes back is a MessageSuppressed. With `epoch` it must be of the ownership it was written under.
    """

    def decide(tx: Tx, agent: Agent, now: Session) -> Named:
        if barge and not may(agent.role, "lead"):
            raise NotAllowed("只有主管可以插话")
        mine = now.assignee == login
        said = AgentSpoke(
            text,
            login,
            client_id,
            name=agent.name,
            epoch=now.owner_epoch if epoch is None else epoch,
            barged=barge and not mine,
            sku=sku,
            order=order,
            cards=_cards(a, tx, now.conversation, sku, order),
            timers=a.timings.agent_spoke(a.clock()),
        )
        resumed: Named = []
        if now.state == "on_hold" and mine:
            resumed = [(Resumed("agent", agent.name, timers=a.timings.served(a.clock(), now)), None)]
        # The author belongs to the key: two agents may choose the same id.
        return [*resumed, (said, f"{login}:{client_id}")]

    return _act(a, login, session, decide, client_id=f"{login}:{client_id}")


def note(
    a: Assistant,
    login: str,
    session: str,
    client_id: str | None,
    text: str,
    *,
    mentions: Sequence[str] = (),
    kind: Literal["note", "whisper"] = "note",
) -> "Future[Note]":
    """A word among agents, whatever the session's state; a whisper is a supervisor's to the owner."""
    conversation = conversation_of(session)

    def work(tx: Tx) -> Note:
        agent = _agent(tx, login)
        if kind == "whisper" and not may(agent.role, "lead"):
            raise NotAllowed("只有主管可以悄悄提醒")
        if projection.by_id(tx, session) is None:
            raise UnknownSession(session)
        return notes.write(
            tx, session, conversation, login, text, at=a.clock(), kind=kind, mentions=mentions, client_id=client_id
        )

    return a.record.write(work, conversation)


def transfer(
    a: Assistant, login: str, session: str, *, to: str, kind: Literal["agent", "group", "senior"], note: str
) -> "Future[list[Entry]]":
    """Transition 14: pass the session on, with a note; to an agent it is offered at once, never to one who is away."""

    def decide(tx: Tx, agent: Agent, now: Session) -> Named:
        _owned(now, agent)
        if not note.strip():
            raise NotAllowed("转接需要写明原因")
        at = a.clock()
        told = Noticed(phrases.TRANSFERRED, "transferred")
        level = "senior" if kind == "senior" else _level(now)
        queue = to if kind == "group" else now.queue
        moved = Transferred(
            login, to, kind, note, queue=queue, level=level, priority=1, timers=a.timings.waiting(at, at)
        )
        servers = queues.servers(tx, WEIGHTS)
        if kind == "group":
            if not any(one.state != "offline" and to in one.groups for one in servers):
                raise NotPossible("transfer", now.state, now.assignee, f"「{to}」没有人在线")
            return _unnamed(moved, told)
        if kind == "senior":
            if not any(one.state != "offline" and one.role in routing.SENIOR for one in servers if one.login != login):
                raise NotPossible("transfer", now.state, now.assignee, "没有资深客服在线")
            return _unnamed(moved, told)
        target = next((one for one in servers if one.login == to), None)
        if target is None or target.state == "offline" or to == login:
            raise NotPossible("transfer", now.state, now.assignee, "对方不在线")
        presence.lock(tx, to)
        presence.assigned(tx, to, at)
        offered = Offered(to, at + a.timings.offer, timers=a.timings.offered(at))
        return _unnamed(moved, told, offered)

    return _act(a, login, session, decide)


def release(a: Assistant, login: str, session: str, summary: str = "") -> "Future[list[Entry]]":
    """Transition 15: give the session back to the bot, which gets the summary and not what was said."""

    def decide(_: Tx, agent: Agent, now: Session) -> Named:
        _owned(now, agent)
        released = Released(login, summary, timers=a.timings.with_bot(a.clock()))
        return _unnamed(released, Noticed(phrases.RELEASED, "released"))

    return _act(a, login, session, decide)


def hold(a: Assistant, login: str, session: str, until: datetime) -> "Future[list[Entry]]":
    """Transition 18: wait for somebody else's answer; the session keeps its owner and takes no capacity."""

    def decide(_: Tx, agent: Agent, now: Session) -> Named:
        _owned(now, agent)
        if not a.clock() < until <= a.clock() + a.timings.longest_hold:
            raise NotAllowed("挂起的时间应在现在之后、七天之内")
        held = Held(login, until, timers=(Timer("hold", until),))
        return _unnamed(held, Noticed(phrases.HELD, "held"))

    return _act(a, login, session, decide)


def resume(a: Assistant, login: str, session: str) -> "Future[list[Entry]]":
    """Transition 18 back: go on before the time has come."""

    def decide(_: Tx, agent: Agent, now: Session) -> Named:
        _owned(now, agent, states=("on_hold",))
        return _unnamed(Resumed("agent", agent.name, timers=a.timings.served(a.clock(), now)))

    return _act(a, login, session, decide)


def resolve(
    a: Assistant, login: str, session: str, *, summary: str = "", category: str = "", solved: str | None = None
) -> "Future[list[Entry]]":
    """Transition 19: done; the shopper is asked to rate once a session, and the owner may still write up."""

    def decide(tx: Tx, agent: Agent, now: Session) -> Named:
        _owned(now, agent)
        timers = (Timer("wrap_up", a.clock() + a.timings.wrap_up),)
        resolved = Resolved(login, summary, category, solved, timers=timers)
        invitation = f"csat-{now.id}"
        if timeline.said_at(tx, now.conversation, "system", invitation) is not None:
            return _unnamed(resolved)
        return [(resolved, None), (RatingInvited(phrases.RATE_US, "agent"), invitation)]

    return _act(a, login, session, decide)


def close(a: Assistant, login: str, session: str, reason: str) -> "Future[list[Entry]]":
    """Transition 24 (a supervisor: spam, merged, system), or the owner's end of the wrap-up."""

    def decide(_: Tx, agent: Agent, now: Session) -> Named:
        own_end = now.state == "wrap_up" and now.last_agent == login and reason == "agent_resolved"
        if not own_end and not may(agent.role, "lead"):
            raise NotAllowed("只有主管可以直接关闭会话")
        if not own_end and reason not in ("spam", "merged", "system"):
            raise NotAllowed("关闭的原因应为 spam、merged 或 system")
        return _unnamed(SessionClosed(reason, login))

    return _act(a, login, session, decide)


def watch(a: Assistant, login: str, session: str) -> "Future[list[Entry]]":
    """A supervisor reads along; nothing is shown to the shopper."""

    def decide(_: Tx, agent: Agent, now: Session) -> Named:
        if not may(agent.role, "lead"):
            raise NotAllowed("只有主管可以旁听")
        return [] if login in now.watchers else _unnamed(WatcherJoined(login))

    return _act(a, login, session, decide)


def unwatch(a: Assistant, login: str, session: str) -> "Future[list[Entry]]":
    """Read along no more."""

    def decide(_: Tx, __: Agent, now: Session) -> Named:
        return _unnamed(WatcherLeft(login)) if login in now.watchers else []

    return _act(a, login, session, decide)


def lapsed(a: Assistant, session: Session, outcome: Lapse) -> OfferLapsed:
    """The end of an open offer: back to the queue in the old place, or, of a warm one, nothing but its end."""
    now = a.clock()
    if session.state == "active":
        return OfferLapsed(session.offered_to or "", outcome, timers=(Timer("offer"),))
    return OfferLapsed(session.offered_to or "", outcome, timers=a.timings.waiting(now, session.queued_at or now))


def conversation_of(session: str) -> str:
    """The conversation that a session's id begins with."""
    return session.rpartition(":")[0]


def _act(
    a: Assistant,
    login: str,
    session: str,
    decide: Callable[[Tx, Agent, Session], Named],
    *,
    client_id: str | None = None,
) -> "Future[list[Entry]]":
    conversation = conversation_of(session)

    def work(tx: Tx) -> list[Entry]:
        agent = _agent(tx, login)
        place = timeline.hold(tx, conversation)
        known_at = timeline.said_at(tx, conversation, "agent", client_id) if client_id is not None else None
        if known_at is not None:
            return timeline.since(tx, conversation, known_at - 1, 1)
        if place.session is None or place.session.id != session:
            known = projection.by_id(tx, session)
            if known is None:
                raise UnknownSession(session)
            raise NotPossible("act", known.state, known.assignee)
        events = decide(tx, agent, place.session)
        if not events:
            return []
        return timeline.append(tx, Thread(conversation), events, at=a.clock(), place=place)

    return a.record.write(work, conversation)


def _cards(a: Assistant, tx: Tx, conversation: str, sku: str | None, order: str | None) -> tuple[Card, ...]:
    """What goes with a message as a card: a product of the shop, an order of this very customer."""
    cards = []
    if order is not None:
        head = timeline.head(tx, conversation)
        bought = orders.order_of(tx, head.customer, order) if head is not None and head.customer else None
        if bought is None:
            raise NotAllowed(f"订单 {order} 不是这位顾客的")
        cards.append(order_card(bought, a.zone))
    if sku is not None:
        product = products.product(tx, sku)
        if product is None:
            raise NotAllowed(f"没有商品 {sku}")
        cards.append(product_card(product))
    return tuple(cards)


def _agent(tx: Tx, login: str) -> Agent:
    agent = agents.agent(tx, login)
    if agent is None or agent.disabled_at is not None:
        raise NotAllowed("没有这个客服账号")
    return agent


def _unnamed(*events: Event) -> Named:
    return [(event, None) for event in events]


def _owned(session: Session, agent: Agent, states: tuple[str, ...] = ("active",)) -> None:
    if session.state not in states:
        raise NotPossible("act", session.state, session.assignee)
    if session.assignee != agent.login and not may(agent.role, "lead"):
        raise NotPossible("act", session.state, session.assignee, "会话由别人接待")


def _level(session: Session) -> Literal["normal", "senior", "vip"]:
    return "senior" if session.level == "senior" else "vip" if session.level == "vip" else "normal"
