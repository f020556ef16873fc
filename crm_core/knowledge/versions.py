"""What an article said, says and may say: every edit is a further version, and none is ever lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.knowledge.tables import article_versions as table
from crm_core.tables import from_millis, to_millis

State = Literal["draft", "published", "retired", "dropped"]
Origin = Literal["import", "page", "gap", "restore"]
_AT_ONCE = 500
_LISTS = ("similar", "skus", "platforms", "tiers")
_PLAIN = ("kind", "title", "text", "category", "valid_from", "valid_to", "file", "section", "page")


class MovedOn(Exception):
    """Somebody else has changed it since it was read; `now` is the number it has come to."""

    def __init__(self, now: int):
        super().__init__(now)
        self.now = now


@dataclass(frozen=True)
class Content:
    """What a version says, to whom and when, and where it stands."""

    kind: str
    title: str
    text: str
    similar: tuple[str, ...]
    category: str
    valid_from: datetime | None
    valid_to: datetime | None
    skus: tuple[str, ...]
    platforms: tuple[str, ...]
    tiers: tuple[str, ...]
    file: str
    section: str
    page: int | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The content of a row of `articles`."""
        said: dict[str, Any] = {name: tuple(row[name]) for name in _LISTS}
        return cls(**said, **{name: row[name] for name in _PLAIN})

    def row(self) -> dict[str, Any]:
        """The columns of `articles`, without id and position."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def stored(self) -> dict[str, Any]:
        """As kept in a version: times as milliseconds."""
        times = {name: _millis(getattr(self, name)) for name in ("valid_from", "valid_to")}
        return self.row() | times

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """What `stored` kept."""
        times = {
            name: None if stored[name] is None else from_millis(stored[name]) for name in ("valid_from", "valid_to")
        }
        return cls.of({**stored, **times})


@dataclass(frozen=True)
class Version:
    """One version of an article, who made it and when, and what became of it."""

    article_id: str
    number: int
    state: State
    content: Content
    origin: Origin
    at: datetime
    by: str
    reason: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_for: str | None = None
    overruled: Any = None


def history(tx: Tx, article_id: str) -> list[Version]:
    """Every version of an article, the newest first."""
    query = sa.select(table).where(table.c.article_id == article_id).order_by(table.c.number.desc())
    return [version_of(row) for row in tx.execute(query)]


def newest(tx: Tx, article_id: str, *, lock: bool = False) -> Version | None:
    """What an article has come to: its open draft, else what was published or retired last; None when there is none."""
    query = sa.select(table).where(table.c.article_id == article_id, table.c.newest.is_(True))
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else version_of(row)


def one(tx: Tx, article_id: str, number: int) -> Version | None:
    """A version by its number."""
    query = sa.select(table).where(table.c.article_id == article_id, table.c.number == number)
    row = tx.execute(query).one_or_none()
    return None if row is None else version_of(row)


def write(
    tx: Tx,
    article_id: str,
    content: Content,
    state: Literal["draft", "retired"],
    *,
    seen: int,
    origin: Origin,
    at: datetime,
    by: str,
    reason: str,
    overruled: Any = None,
) -> Version:
    """A further version of an article whose newest one was `seen` (0 for a new article). An open draft is dropped.

    Raises MovedOn when it has come further.
    """
    before = newest(tx, article_id, lock=True)
    if (before.number if before else 0) != seen:
        raise MovedOn(before.number if before else 0)
    if before is not None and before.state == "draft":
        _decide(tx, before, "dropped", at=at, by=by, reason="")
    number = _last_numbers(tx, [article_id]).get(article_id, 0) + 1
    version = Version(article_id, number, state, content, origin, at, by, reason, overruled=overruled)
    _age(tx, [article_id])
    tx.execute(table.insert(), [_row(version)])
    return version


def decide(
    tx: Tx,
    draft: Version,
    state: Literal["published", "dropped"],
    *,
    at: datetime,
    by: str,
    reason: str,
    overruled: Any = None,
) -> None:
    """Publish or drop a draft. Raises MovedOn when it is no longer the newest version, or no draft any more.

    Of a dropped draft's article the version before it is the newest again.
    """
    before = newest(tx, draft.article_id, lock=True)
    if before is None or before.number != draft.number or before.state != "draft":
        raise MovedOn(before.number if before else 0)
    _decide(tx, draft, state, at=at, by=by, reason=reason, overruled=overruled)
    if state == "dropped":
        _age(tx, [draft.article_id])
        last = (
            sa.select(sa.func.max(table.c.number))
            .where(table.c.article_id == draft.article_id, table.c.state != "dropped")
            .scalar_subquery()
        )
        tx.execute(
            table.update().where(table.c.article_id == draft.article_id, table.c.number == last).values(newest=True)
        )


def decided_by_people(tx: Tx) -> dict[str, datetime]:
    """When each article that somebody published on the page was published last."""
    last = sa.func.max(table.c.decided_at).label("last")
    query = sa.select(table.c.article_id, last).where(table.c.state == "published", table.c.origin != "import")
    return {row.article_id: row.last for row in tx.execute(query.group_by(table.c.article_id))}


def last_imported(tx: Tx, ids: Sequence[str]) -> dict[str, Content]:
    """What files said of these articles at their last import, where no file took them away since."""
    found: dict[str, tuple[int, str, Content]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = sa.select(table).where(
            table.c.article_id.in_(ids[start : start + _AT_ONCE]), table.c.origin == "import"
        )
        for row in tx.execute(query):
            if row.number > found.get(row.article_id, (0,))[0]:
                found[row.article_id] = (row.number, row.state, Content.read(row.content))
    return {id_: content for id_, (_, state, content) in found.items() if state == "published"}


def add_imported(
    tx: Tx, rows: Iterable[tuple[str, Content]], state: Literal["published", "retired"], *, at: datetime, by: str
) -> None:
    """A further version of each of these articles, as a file said it; open drafts are dropped."""
    rows = list(rows)
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        ids = [id_ for id_, _ in part]
        numbers = _last_numbers(tx, ids)
        _age(tx, list(numbers))
        tx.execute(
            table.update()
            .where(table.c.article_id.in_(ids), table.c.state == "draft")
            .values(state="dropped", decided_at=at, decided_by=by, decided_for="文件里有了新的说法")
        )
        made = [
            Version(id_, numbers.get(id_, 0) + 1, state, content, "import", at, by, content.file)
            for id_, content in part
        ]
        tx.execute(table.insert(), [_row(version) for version in made])


def _decide(tx: Tx, draft: Version, state: State, *, at: datetime, by: str, reason: str, overruled: Any = None) -> None:
    tx.execute(
        table.update()
        .where(table.c.article_id == draft.article_id, table.c.number == draft.number)
        .values(state=state, decided_at=at, decided_by=by, decided_for=reason, overruled=overruled)
    )


def _age(tx: Tx, ids: Sequence[str]) -> None:
    if ids:
        tx.execute(table.update().where(table.c.article_id.in_(ids), table.c.newest.is_(True)).values(newest=False))


def _last_numbers(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    last = sa.func.max(table.c.number).label("last")
    query = sa.select(table.c.article_id, last).where(table.c.article_id.in_(ids)).group_by(table.c.article_id)
    return {row.article_id: int(row.last) for row in tx.execute(query)}


def _row(version: Version) -> dict[str, Any]:
    return {
        "article_id": version.article_id,
        "number": version.number,
        "newest": True,
        "state": version.state,
        "title": version.content.title,
        "category": version.content.category,
        "content": version.content.stored(),
        "origin": version.origin,
        "at": version.at,
        "by": version.by,
        "reason": version.reason,
        "overruled": version.overruled,
    }


def version_of(row: Any) -> Version:
    """The version in a row of the table."""
    return Version(
        row.article_id,
        row.number,
        row.state,
        Content.read(row.content),
        row.origin,
        row.at,
        row.by,
        row.reason,
        row.decided_at,
        row.decided_by,
        row.decided_for,
        row.overruled,
    )


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else to_millis(moment)
