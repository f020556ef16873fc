"""What is looked at and changes nothing: a session's packet, and where a shopper stands in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from assistant.desk import handover, routing
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.packet import Packet
from crm_core.database import Tx
from crm_core.desk import agents, queues

_packets: Final = msgspec.json.Decoder(Packet)


@dataclass(frozen=True)
class Standing:
    """How a shopper stands: the state, and in the queue the place from 1 and the seconds to expect."""

    state: str
    position: int | None = None
    eta: int | None = None
    agent: str | None = None


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
