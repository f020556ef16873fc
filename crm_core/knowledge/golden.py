"""Golden cases: questions whose answer the shop wants kept, whatever is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from crm_core import revisions
from crm_core.database import Tx
from crm_core.knowledge.tables import golden_cases as table
from crm_core.knowledge.versions import MovedOn

REVISION = "golden"
Expects = Literal["article", "text", "unanswered"]


@dataclass(frozen=True)
class GoldenCase:
    """A question and what must come of it: this article, an answer with this text in it, or no answer at all."""

    id: str
    question: str
    expects: Expects
    article_id: str | None
    text: str | None
    category: str
    sku: str | None
    platform: str | None
    tier: str | None
    note: str
    version: int
    at: datetime
    by: str


def all_cases(tx: Tx) -> list[GoldenCase]:
    """Every golden case, the oldest first."""
    return [GoldenCase(**row._mapping) for row in tx.execute(sa.select(table).order_by(table.c.at, table.c.id))]


def find(tx: Tx, case_id: str) -> GoldenCase | None:
    """A golden case, or None."""
    row = tx.execute(sa.select(table).where(table.c.id == case_id)).one_or_none()
    return None if row is None else GoldenCase(**row._mapping)


def add(tx: Tx, case: GoldenCase) -> None:
    """Keep a new case."""
    tx.execute(table.insert().values(**vars(case)))
    revisions.bump(tx, REVISION)


def change(tx: Tx, case_id: str, seen: int, values: Mapping[str, Any]) -> None:
    """Change a case that was read at version `seen`; raises MovedOn when it has come further or is gone."""
    changed = tx.execute(
        table.update().where(table.c.id == case_id, table.c.version == seen).values(**values, version=seen + 1)
    )
    if not changed.rowcount:
        case = find(tx, case_id)
        raise MovedOn(case.version if case else 0)
    revisions.bump(tx, REVISION)


def remove(tx: Tx, case_id: str) -> bool:
    """Forget a case; False when there is none."""
    removed = bool(tx.execute(table.delete().where(table.c.id == case_id)).rowcount)
    if removed:
        revisions.bump(tx, REVISION)
    return removed
