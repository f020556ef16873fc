"""What is looked at and changes nothing: an agent's lists, a session's packet, where a shopper stands in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from assistant.desk import handover, routing
from assistant.parts import Assistant
from assistant.timings import WEIGHTS
from crm_core.conversations import projection, timeline
from crm_core.conversations.packet import Packet
from crm_core.conversations.session import Session
from crm_core.database import Tx
from crm_core.desk import agents, queues
from crm_core.desk.queues import Listed, Server

Tab = Literal["mine", "waiting", "needs_people", "bot", "closed"]

TABS: Final[dict[Tab, tuple[tuple[str, ...], str]]] = {
    "mine": (("active", "on_hold", "wrap_up"), "会话中"),
    "waiting": (("queued", "offered", "message_left"), "排队中"),
    "needs_people": (("bot",), "待干预"),  # a person was asked for and none has come
    "bot": (("bot",), "机器人接待"),
    "closed": (("closed",), "已结束"),
}
_packets: Final = msgspec.json.Decoder(Packet)


@dataclass(frozen=True)
class Standing:
    """How a shopper stands: the state, and in the queue the place from 1 and the seconds to expect."""

    state: str
    position: int | None = None
    eta: int | None = None
    agent: str | None = None


def tab(a: Assistant, login: str, which: Tab, *, most: int = 200, before: datetime | None = None) -> list[Listed]:
    """One of an agent's lists, the newest session first."""
    states, _ = TABS[which]
    with a.record.reading() as tx:
        return queues.listed(
            tx,
            states,
            agent=login if which in ("mine", "closed") else None,
            asked=which == "needs_people",
            most=most,
            before=before,
        )


def session_of(a: Assistant, session: str) -> Session | None:
    """A session as it stands."""
    with a.record.reading() as tx:
        return projection.by_id(tx, session)


def packet_of(a: Assistant, session: str) -> Packet | None:
    """The packet of the latest request for a person in a session."""
    with a.record.reading() as tx:
        return latest_packet(tx, session)


def latest_packet(tx: Tx, session: str) -> Packet | None:
    """The same within a view that is open."""
    for handoff in reversed(queues.handoffs_of(tx, session)):
        if handoff.packet is not None:
            return _packets.decode(handoff.packet)
    return None


def staff(a: Assistant) -> list[Server]:
    """Every agent with presence and load."""
    with a.record.reading() as tx:
        return queues.servers(tx, WEIGHTS)


def standing_of(a: Assistant, conversation: str) -> Standing:
    """How the shopper of a conversation stands; with the bot while nothing was said."""
    return standings(a, [conversation])[conversation]


def standings(a: Assistant, conversations: Sequence[str]) -> dict[str, Standing]:
    """The same for many at once."""
    now = a.clock()
    found = {}
    with a.record.reading() as tx:
        waiting = None
        for conversation in conversations:
            session = timeline.open_session(tx, conversation)
            if session is None:
                found[conversation] = Standing("bot")
                continue
            place = None
            if session.state == "queued":
                waiting = queues.waiting(tx) if waiting is None else waiting
                place = routing.position(waiting, session.id, now, a.timings)
            elif session.state == "offered":
                place = 1  # somebody is being asked
            agent = agents.agent(tx, session.assignee) if session.assignee else None
            eta = handover.eta(tx, place) if place is not None else None
            found[conversation] = Standing(session.state, place, eta, agent.name if agent is not None else None)
    return found


def in_queue(a: Assistant, conversations: Sequence[str]) -> dict[str, Standing]:
    """Where those of these conversations stand that wait; one query where none does."""
    listening = set(conversations)
    if not listening:
        return {}
    with a.record.reading() as tx:
        rows = queues.listed(tx, ("queued", "offered"))
    here = [row.session.conversation for row in rows if row.session.conversation in listening]
    return standings(a, here) if here else {}
