"""Articles and document passages as the shop published them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core import revisions
from crm_core.database import Tx
from crm_core.knowledge.tables import articles

REVISION = "articles"


@dataclass(frozen=True)
class StoredArticle:
    """One row of knowledge; the columns of `tables.articles`."""

    id: str
    kind: str
    title: str
    text: str
    similar: list[str]
    category: str
    valid_from: datetime | None
    valid_to: datetime | None
    skus: list[str]
    platforms: list[str]
    tiers: list[str]
    file: str
    section: str
    page: int | None
    position: int


def replace_file(tx: Tx, file: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Make the rows of one file what the file says now; returns how many rows differ from before.

    Rows that are the same are left alone, and when nothing differs the revision stays: no index is rebuilt for nothing.
    """
    old = {row.id: row._asdict() for row in tx.execute(sa.select(articles).where(articles.c.file == file))}
    new = {row["id"]: dict(row) for row in rows}
    changed = [row for id_, row in new.items() if old.get(id_) != row]
    gone = [id_ for id_ in old if id_ not in new]
    tx.upsert(articles, changed)
    if gone:
        tx.execute(articles.delete().where(articles.c.id.in_(gone)))
    if changed or gone:
        revisions.bump(tx, REVISION)
    return len(changed) + len(gone)


def all_articles(tx: Tx) -> Iterator[StoredArticle]:
    """Every article in the order of its file."""
    for row in tx.execute(sa.select(articles).order_by(articles.c.file, articles.c.position, articles.c.id)):
        yield StoredArticle(**row._mapping)
