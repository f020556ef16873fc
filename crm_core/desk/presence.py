"""Who is at the desk: what each agent says of themselves, and when their desk was last heard of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.database import Statement, Tx
from crm_core.desk.tables import presence, shoppers_here
from crm_core.tables import to_millis

STATES = ("online", "busy", "away", "offline")


@dataclass(frozen=True)
class Presence:
    """One agent's presence; `missed` counts offers let lapse in a row."""

    login: str
    state: str
    since: datetime
    seen_at: datetime
    missed: int = 0
    assigned_at: datetime | None = None


_LOCK = Statement("SELECT login FROM agents WHERE login = :login", locks=True)
_SHOPPER = Statement(
    "INSERT INTO shoppers_here (conversation_id, seen_at) VALUES (:conversation, :at) "
    "ON CONFLICT (conversation_id) DO UPDATE SET seen_at = excluded.seen_at"
)


def lock(tx: Tx, login: str) -> bool:
    """Keep everybody else from giving this agent work until the commit; False when there is no such agent."""
    return bool(tx.run(_LOCK, {"login": login}))


def of(tx: Tx, login: str) -> Presence | None:
    """The presence of one agent; None for one who never signed in."""
    row = tx.execute(sa.select(presence).where(presence.c.login == login)).one_or_none()
    return _presence(row) if row is not None else None


def everybody(tx: Tx) -> dict[str, Presence]:
    """The presence of everyone who ever signed in."""
    return {row.login: _presence(row) for row in tx.execute(sa.select(presence))}


def put(tx: Tx, login: str, state: str, at: datetime, *, source: str = "manual") -> None:
    """Say that an agent is online, busy, away or offline from now on."""
    row = {"login": login, "state": state, "since": at, "seen_at": at, "source": source, "missed": 0}
    keep = ("seen_at",) if source != "manual" else ()
    tx.upsert(presence, [row], keep=keep)


def beat(tx: Tx, logins: Sequence[str], at: datetime) -> None:
    """The desks of these agents are there."""
    if logins:
        tx.execute(presence.update().where(presence.c.login.in_(logins)).values(seen_at=at))


def gone(tx: Tx, before: datetime) -> list[str]:
    """Agents who are not offline and whose desks were last heard of before this moment."""
    query = sa.select(presence.c.login).where(presence.c.state != "offline", presence.c.seen_at < before)
    return list(tx.execute(query.order_by(presence.c.login)).scalars())


def missed(tx: Tx, login: str) -> int:
    """Count an offer that lapsed; how many in a row by now."""
    tx.execute(presence.update().where(presence.c.login == login).values(missed=presence.c.missed + 1))
    return int(tx.execute(sa.select(presence.c.missed).where(presence.c.login == login)).scalar() or 0)


def answered(tx: Tx, login: str) -> None:
    """The agent took or refused something: whoever answers is there."""
    tx.execute(presence.update().where(presence.c.login == login, presence.c.missed > 0).values(missed=0))


def assigned(tx: Tx, login: str, at: datetime) -> None:
    """The agent was shown a session just now."""
    tx.execute(presence.update().where(presence.c.login == login).values(assigned_at=at))


def shopper_here(tx: Tx, conversation: str, at: datetime) -> None:
    """Somebody has a socket open in this conversation."""
    tx.run(_SHOPPER, {"conversation": conversation, "at": to_millis(at)})


def shoppers_seen(tx: Tx, conversations: Sequence[str]) -> dict[str, datetime]:
    """When these conversations were last listened to, where that is known."""
    query = sa.select(shoppers_here).where(shoppers_here.c.conversation_id.in_(conversations))
    return {row.conversation_id: row.seen_at for row in tx.execute(query)}


def _presence(row: "sa.Row[Any]") -> Presence:
    return Presence(row.login, row.state, row.since, row.seen_at, row.missed, row.assigned_at)
