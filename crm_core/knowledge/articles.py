"""Articles and document passages as the shop published them: what is true for shoppers now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core import revisions
from crm_core.database import Tx
from crm_core.knowledge import versions
from crm_core.knowledge.tables import articles
from crm_core.knowledge.versions import Content, Version

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


def replace_file(tx: Tx, file: str, rows: Sequence[Mapping[str, Any]], *, at: datetime, by: str) -> int:
    """Make the rows of one file what the file says now; returns how many rows differ from before.

    A row that the file says as it did at its last import is left alone, also where somebody has edited or retired the
    article since: only news in the file overrules the page. When nothing differs the revision stays.
    """
    live = {row.id: row._asdict() for row in tx.execute(sa.select(articles).where(articles.c.file == file))}
    said = {row["id"]: dict(row) for row in rows}
    differ = [id_ for id_, row in said.items() if live.get(id_) != row]
    imported = versions.last_imported(tx, differ)
    news = []
    for id_ in differ:
        row = said[id_]
        content = Content.of(row)
        if id_ in live and Content.of(live[id_]) == content:
            news.append(row)  # only its place in the file is another one
        elif imported.get(id_) != content:
            news.append(row)
    moved = {row["id"] for row in news if row["id"] in live and Content.of(live[row["id"]]) == Content.of(row)}
    gone = [id_ for id_ in live if id_ not in said]
    tx.upsert(articles, news)
    fresh = [(row["id"], Content.of(row)) for row in news if row["id"] not in moved]
    versions.add_imported(tx, fresh, "published", at=at, by=by)
    if gone:
        tx.execute(articles.delete().where(articles.c.id.in_(gone)))
        retired = [(id_, Content.of(live[id_])) for id_ in gone]
        versions.add_imported(tx, retired, "retired", at=at, by=by)
    if news or gone:
        revisions.bump(tx, REVISION)
    return len(news) + len(gone)


def put_live(tx: Tx, version: Version) -> None:
    """Make a published version what shoppers are told."""
    row = {"id": version.article_id, **version.content.row(), "position": 0}
    tx.upsert(articles, [row], keep=("position",))
    revisions.bump(tx, REVISION)


def take_off(tx: Tx, article_id: str) -> None:
    """Tell shoppers an article no longer."""
    tx.execute(articles.delete().where(articles.c.id == article_id))
    revisions.bump(tx, REVISION)


def all_articles(tx: Tx) -> Iterator[StoredArticle]:
    """Every article in the order of its file."""
    for row in tx.execute(sa.select(articles).order_by(articles.c.file, articles.c.position, articles.c.id)):
        yield StoredArticle(**row._mapping)


def live(tx: Tx, ids: Sequence[str]) -> dict[str, StoredArticle]:
    """Those of these articles that shoppers are told now."""
    found = tx.execute(sa.select(articles).where(articles.c.id.in_(ids)))
    return {row.id: StoredArticle(**row._mapping) for row in found}


def categories(tx: Tx) -> dict[str, int]:
    """How many articles each category has."""
    name, count = articles.c.category, sa.func.count().label("count")
    query = sa.select(name, count).group_by(name).order_by(name)
    return {row._mapping["category"]: int(row._mapping["count"]) for row in tx.execute(query)}
