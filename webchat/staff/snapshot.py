"""One look at the record for all desks of this process: sessions, offers, people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from assistant.desk import lists
from assistant.timings import WEIGHTS
from crm_core.database import Tx
from crm_core.desk import agents, queues
from crm_core.desk.queues import Server
from crm_core.reports import session_list
from crm_core.reports.session_list import Listed, Wanted
from webchat.staff import session_view
from webchat.staff.moods import Moods
from webchat.wiring import Gateway

BUSY_STATES = ("queued", "offered", "active", "on_hold", "message_left", "wrap_up")
MOST_WITH_BOT = 300
MOST_BUSY = 1_000


@dataclass(frozen=True)
class Offer:
    """A session that is shown to one agent, until when, and whether its owner keeps it meanwhile."""

    session: str
    agent: str
    expires_at: datetime
    warm: bool
    packet: Any = None


@dataclass
class Snapshot:
    """What was seen. `conversations` is None where everything was looked at; `behind` wants another look."""

    conversations: frozenset[str] | None
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)


def look(gateway: Gateway, moods: Moods, conversations: frozenset[str] | None) -> Snapshot:
    """Read the sessions of these conversations, or all that are open; the offers and the people always."""
    moods.begin()
    found = Snapshot(conversations)
    with gateway.assistant.record.reading() as tx:
        found.names = agents.names(tx)
        for session, agent, expires_at, warm in queues.open_offers(tx):
            found.offers[session] = Offer(session, agent, expires_at, warm, packet_of(tx, session))
        if conversations is not None:
            # An offer is never shown beside a row from before it.
            conversations |= {session_list.place_of(session)[0] for session in found.offers}
            found.conversations = conversations
        for one in _sessions(tx, conversations):
            row = session_view.row(one, found.names) | {"watchers": list(one.row["watchers"])} | moods.of(tx, one)
            if row.pop("behind"):
                found.behind.add(row["conversation"])
            found.rows[one.id] = row
        for server in queues.servers(tx, WEIGHTS):
            found.people[server.login] = _person(server, gateway.assistant.timings.agent_cap)
    return found


def packet_of(tx: Tx, session: str) -> Any:
    """The latest hand-over packet of a session as JSON; None where none was asked for."""
    packet = lists.latest_packet(tx, session)
    return None if packet is None else msgspec.to_builtins(packet)


def _sessions(tx: Tx, conversations: frozenset[str] | None) -> Sequence[Listed]:
    if conversations is None:
        busy = session_list.listed(tx, Wanted(states=BUSY_STATES), MOST_BUSY)
        return [*busy, *session_list.listed(tx, Wanted(states=("bot",)), MOST_WITH_BOT)]
    if not conversations:
        return []
    wanted = Wanted(conversations=sorted(conversations), states=session_list.OPEN)
    return session_list.listed(tx, wanted, len(conversations))


def _person(server: Server, cap: int) -> dict[str, Any]:
    return {
        "login": server.login,
        "name": server.name,
        "role": server.role,
        "groups": list(server.groups),
        "status": server.state,
        "load": round(server.load, 1),
        "max": server.cap or cap,
    }
