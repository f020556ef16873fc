"""People who serve, and their sign-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.changes import filled, put
from crm_core.database import Tx
from crm_core.desk.tables import agents

ROLES = ("agent", "senior", "lead", "admin")


@dataclass(frozen=True)
class Agent:
    """A person at work; `groups` and `skills` are the shop's own words."""

    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    skills: tuple[str, ...]
    max_chats: int | None
    password_hash: str
    disabled_at: datetime | None = None


def may(role: str, needed: str) -> bool:
    """Does a role include what another one may do? The order is agent, senior, lead, admin."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)


def agent(tx: Tx, login: str) -> Agent | None:
    """The agent who signs in under this name, or None."""
    row = tx.execute(sa.select(agents).where(agents.c.login == login)).one_or_none()
    return None if row is None else _agent(row)


def all_agents(tx: Tx) -> list[Agent]:
    """Everybody who has an account, by log-in; those who left are among them."""
    return [_agent(row) for row in tx.execute(sa.select(agents).order_by(agents.c.login))]


def logins(tx: Tx) -> set[str]:
    """Every sign-in name that is taken."""
    return set(tx.execute(sa.select(agents.c.login)).scalars())


def names(tx: Tx) -> dict[str, str]:
    """What everybody is called, by log-in; those who left are among them."""
    return {row.login: row.name for row in tx.execute(sa.select(agents.c.login, agents.c.name))}


def passwords(tx: Tx) -> dict[str, str]:
    """Every log-in and its password hash."""
    return {row.login: row.password_hash for row in tx.execute(sa.select(agents.c.login, agents.c.password_hash))}


def hire(tx: Tx, login: str, name: str, role: str, password_hash: str) -> None:
    """Give one person an account, in no group yet."""
    row: dict[str, Any] = {"login": login, "name": name, "role": role, "groups": [], "skills": [], "max_chats": None}
    tx.upsert(agents, [{**row, "password_hash": password_hash}])


def disable(tx: Tx, login: str, at: datetime | None) -> bool:
    """Close an account (None opens it again); False when there is none of this name."""
    return tx.execute(agents.update().where(agents.c.login == login).values(disabled_at=at)).rowcount == 1


def engage(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Insert agents or change what is said of them; which of them are new or changed. None takes nothing away.

    A new agent's row brings a password hash; an agent who is known keeps the password unless the row brings one.
    """
    return put(tx, agents, [filled(row) for row in rows], fresh={"groups": [], "skills": [], "extra": {}})


def _agent(row: "sa.Row[Any]") -> Agent:
    return Agent(
        row.login,
        row.name,
        row.role,
        tuple(row.groups),
        tuple(row.skills),
        row.max_chats,
        row.password_hash,
        row.disabled_at,
    )
