"""What share of wrong answers the shop allows in each category, and the cut that keeps to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core import revisions
from crm_core.database import Tx
from crm_core.knowledge.tables import answer_cuts as table
from crm_core.knowledge.versions import MovedOn

REVISION = "cuts"


@dataclass(frozen=True)
class StoredCut:
    """A budget and the cut drawn for it; without labels enough to prove it, `cut` is None."""

    category: str
    budget: float
    set_at: datetime
    set_by: str
    cut: float | None
    asked: int
    answered: int
    wrong: int
    bound: float | None
    labels: dict[str, int]
    borrowed: bool
    computed_at: datetime | None
    version: int


def all_cuts(tx: Tx) -> list[StoredCut]:
    """Every budget of the shop, by category."""
    return [StoredCut(**row._mapping) for row in tx.execute(sa.select(table).order_by(table.c.category))]


def set_budget(tx: Tx, category: str, budget: float, *, seen: int, at: datetime, by: str) -> None:
    """Allow a share of wrong answers in a category. Raises MovedOn when somebody else has set it since (`seen`).

    The cut of before stays until a new one is drawn.
    """
    row = tx.execute(sa.select(table.c.version).where(table.c.category == category)).scalar_one_or_none()
    if (row or 0) != seen:
        raise MovedOn(row or 0)
    said = {"budget": budget, "set_at": at, "set_by": by, "version": seen + 1}
    if row is not None:
        tx.execute(table.update().where(table.c.category == category).values(**said))
        return
    nothing = {"asked": 0, "answered": 0, "wrong": 0, "labels": {}, "borrowed": False}
    tx.execute(table.insert().values(category=category, **said, **nothing))


def remove(tx: Tx, category: str) -> bool:
    """Let the rule for all others hold for a category again; False when it had none of its own."""
    removed = bool(tx.execute(table.delete().where(table.c.category == category)).rowcount)
    if removed:
        revisions.bump(tx, REVISION)
    return removed


def draw(tx: Tx, rows: Mapping[tuple[str, float], Mapping[str, Any]], *, at: datetime) -> None:
    """Keep the cuts drawn for (category, budget) pairs; one whose budget has changed meanwhile is left out."""
    changed = False
    for (category, budget), row in rows.items():
        before = tx.execute(
            sa.select(table.c.cut).where(table.c.category == category, table.c.budget == budget)
        ).one_or_none()
        if before is None:
            continue
        tx.execute(table.update().where(table.c.category == category).values(**row, computed_at=at))
        changed = changed or before.cut != row["cut"]
    if changed:
        revisions.bump(tx, REVISION)


def in_force(tx: Tx) -> dict[str, float]:
    """The cuts that hold, by category."""
    query = sa.select(table.c.category, table.c.cut).where(table.c.cut.is_not(None))
    return {row.category: row.cut for row in tx.execute(query)}
