"""Who is at the desk, and what becomes of the sessions of those who leave it (transitions 9 and 17)."""

from collections.abc import Sequence
from concurrent.futures import Future

from assistant import phrases
from assistant.desk.desk import NotAllowed, conversation_of, lapsed
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry, Event
from crm_core.conversations.movements import Noticed, Requeued
from crm_core.conversations.session import Session
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.desk import agents, presence, queues


def set_status(a: Assistant, login: str, status: str) -> "Future[list[str]]":
    """Say that the agent is online, busy, away or offline.

    The future carries the sessions that are nobody's work any more (those of an agent who went offline): the caller
    passes each to `abandoned`.
    """
    now = a.clock()

    def work(tx: Tx) -> list[str]:
        agent = agents.agent(tx, login)
        if agent is None or agent.disabled_at is not None:
            raise NotAllowed("没有这个客服账号")
        if status not in presence.STATES:
            raise NotAllowed("状态应为 online、busy、away 或 offline")
        presence.put(tx, login, status, now)
        if status != "offline":
            return []
        return [session.id for session in queues.of_agent(tx, login)]

    return a.record.write(work)


def beat(a: Assistant, logins: Sequence[str]) -> "Future[None]":
    """The desks of these agents are connected to this process; called every few seconds."""
    now = a.clock()
    return a.record.write(lambda tx: presence.beat(tx, logins, now))


def lost(a: Assistant) -> "Future[list[tuple[str, str]]]":
    """Set offline whose desk has not been heard of for the grace time; their sessions, with the agent."""
    now = a.clock()

    def work(tx: Tx) -> list[tuple[str, str]]:
        found = []
        for login in presence.gone(tx, now - a.timings.grace):
            presence.put(tx, login, "offline", now, source="heartbeat")
            found += [(session.id, login) for session in queues.of_agent(tx, login)]
        return found

    return a.record.write(work)


def abandoned(a: Assistant, login: str, session: str, *, shift_end: bool = False) -> "Future[list[Entry]]":
    """An agent is offline: what was offered goes back to the queue, and so does a shopper who waits for a word.

    A session in which the agent spoke last stays with them until the shopper writes.
    """
    conversation = conversation_of(session)

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, conversation)
        now = place.session
        there = presence.of(tx, login)
        if now is None or now.id != session or (there is not None and there.state != "offline"):
            return []
        events: list[Event] = []
        if now.offered_to == login:
            events.append(lapsed(a, now, "offline"))
        elif now.state == "active" and now.assignee == login and now.waiting_on == "agent":
            events += passed_on(a, now, "shift_end" if shift_end else "offline")
        if not events:
            return []
        named: list[tuple[Event, str | None]] = [(event, None) for event in events]
        return timeline.append(tx, Thread(conversation), named, at=a.clock(), place=place)

    return a.record.write(work, conversation)


def passed_on(a: Assistant, session: Session, reason: str, *, priority: int = 1) -> list[Event]:
    """The session waits for somebody else, and the shopper is told that it does."""
    now = a.clock()
    why = reason if reason in ("unresponsive", "offline", "shift_end", "wrap_up") else "offline"
    requeued = Requeued(why, priority, session.assignee, timers=a.timings.waiting(now, now))  # type: ignore[arg-type]
    return [Noticed(phrases.AGENT_LEFT, "passed_on"), requeued]
