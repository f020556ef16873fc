"""Numbers that rise with every change of something a gateway keeps in memory."""

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.tables import metadata

# Bumped in the commit of every change: a gateway that sees another number fills its index again.
revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)


def number(tx: Tx, name: str) -> int:
    """The revision of `name`; 0 before its first change."""
    found = tx.execute(sa.select(revisions.c.number).where(revisions.c.name == name)).scalar_one_or_none()
    return int(found or 0)


def numbers(tx: Tx) -> dict[str, int]:
    """Every revision by name."""
    return {row.name: row.number for row in tx.execute(sa.select(revisions))}


def bump(tx: Tx, name: str) -> None:
    """Say, in the transaction that makes it so, that `name` is no longer what it was."""
    tx.upsert(revisions, [{"name": name, "number": number(tx, name) + 1}])
