"""People who serve, and their sign-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

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


def agent(tx: Tx, login: str) -> Agent | None:
    """The agent who signs in under this name, or None."""
    row = tx.execute(sa.select(agents).where(agents.c.login == login)).one_or_none()
    if row is None:
        return None
    return Agent(row.login, row.name, row.role, tuple(row.groups), tuple(row.skills), row.max_chats, row.password_hash)


def logins(tx: Tx) -> set[str]:
    """Every sign-in name that is taken."""
    return set(tx.execute(sa.select(agents.c.login)).scalars())


def engage(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert agents or change what is said of them; who is known keeps the password unless the row brings one."""
    with_password = [row for row in rows if row.get("password_hash")]
    tx.upsert(agents, with_password)
    for row in rows:
        if not row.get("password_hash"):
            values = {name: value for name, value in row.items() if name not in ("login", "password_hash")}
            tx.execute(agents.update().where(agents.c.login == row["login"]).values(**values))
