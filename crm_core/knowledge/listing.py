"""Articles as lists show them: the newest version of each, filtered and page by page."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.knowledge.tables import article_versions as versions
from crm_core.knowledge.tables import articles
from crm_core.knowledge.versions import Version, version_of
from crm_core.tables import from_millis, to_millis

MOST = 200
STATES = ("draft", "published", "retired", "expired", "upcoming")


class WrongCursor(ValueError):
    """The cursor is none of ours."""


@dataclass(frozen=True)
class Listed:
    """An article in a list: its newest version, and whether shoppers are told some version of it now."""

    version: Version
    live: bool


@dataclass(frozen=True)
class Page:
    """One page of a list, and the cursor of the next."""

    items: list[Listed]
    next: str | None
    total: int


def listed(
    tx: Tx,
    *,
    now: datetime,
    q: str = "",
    category: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    cursor: str | None = None,
    most: int = 50,
) -> Page:
    """Articles of which every word of `q` stands somewhere, the latest changed first. Raises WrongCursor."""
    where: list[sa.ColumnElement[bool]] = [versions.c.newest.is_(True)]
    content = versions.c.content.cast(sa.Text)
    where += [content.contains(json.dumps(word, ensure_ascii=False)[1:-1], autoescape=True) for word in q.split()]
    if category is not None:
        where.append(versions.c.category == category)
    if kind is not None:
        where.append(content.contains(f'"kind":{json.dumps(kind)}', autoescape=True))
    where += _in_state(state, now)
    joined = versions.outerjoin(articles, articles.c.id == versions.c.article_id)
    total = int(tx.execute(sa.select(sa.func.count()).select_from(joined).where(*where)).scalar_one())
    if cursor is not None:
        at, id_ = _read(cursor)
        where.append(sa.or_(versions.c.at < at, sa.and_(versions.c.at == at, versions.c.article_id > id_)))
    most = max(1, min(most, MOST))
    query = (
        sa.select(versions, articles.c.id.label("live_id"))
        .select_from(joined)
        .where(*where)
        .order_by(versions.c.at.desc(), versions.c.article_id)
        .limit(most + 1)
    )
    rows = tx.execute(query).all()
    items = [Listed(version_of(row), row.live_id is not None) for row in rows[:most]]
    more = len(rows) > most
    return Page(items, _cursor(items[-1].version) if more else None, total)


def _in_state(state: str | None, now: datetime) -> list[sa.ColumnElement[bool]]:
    match state:
        case None:
            return []
        case "expired":
            return [articles.c.valid_to <= now]
        case "upcoming":
            return [articles.c.valid_from > now]
        case _:
            return [versions.c.state == state]


def _cursor(version: Version) -> str:
    return base64.urlsafe_b64encode(f"{to_millis(version.at)} {version.article_id}".encode()).decode()


def _read(cursor: str) -> tuple[datetime, str]:
    try:
        millis, _, id_ = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return from_millis(int(millis)), id_
    except (ValueError, OverflowError, OSError) as error:
        raise WrongCursor(cursor) from error
