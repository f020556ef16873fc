"""What shoppers think of the service: one rating a session and side, the last word within a day counts."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.work_tables import ratings

SIDES: Final = ("bot", "agent")
MAY_CHANGE_FOR: Final = timedelta(hours=24)
BAD_STARS: Final = 2
SOLVED: Final = ("yes", "partly", "no")


@dataclass(frozen=True)
class Rating:
    """A rating as it stands; `about_seq` is the last message of the rated side."""

    session_id: str
    side: str
    conversation_id: str
    customer_id: str | None
    agent: str | None
    solved: str | None
    stars: int | None
    text: str
    about_seq: int | None
    first_at: datetime
    at: datetime
    times: int

    @property
    def is_bad(self) -> bool:
        """Was the shopper not helped, or not pleased?"""
        return self.solved == "no" or (self.stars is not None and self.stars <= BAD_STARS)


@dataclass(frozen=True)
class Score:
    """What the ratings of one side, or one person, come to."""

    who: str
    rated: int
    stars: float | None
    solved: int
    partly: int
    unsolved: int


_COLUMNS: Final = [field.name for field in fields(Rating)]


def rate(tx: Tx, rating: Rating) -> bool:
    """Keep a rating; the same side of the same session again replaces it for a day. False when that day is over."""
    known = rating_of(tx, rating.session_id, rating.side)
    if known is not None and rating.at - known.first_at > MAY_CHANGE_FOR:
        return False
    row = {**vars(rating), "times": 1 if known is None else known.times + 1}
    row["first_at"] = rating.at if known is None else known.first_at
    tx.upsert(ratings, [row], keep=("first_at",))
    return True


def rating_of(tx: Tx, session: str, side: str) -> Rating | None:
    """The rating of one side of a session, or None."""
    row = tx.execute(sa.select(ratings).where(ratings.c.session_id == session, ratings.c.side == side)).one_or_none()
    return None if row is None else _rating(row)


def of_session(tx: Tx, session: str) -> list[Rating]:
    """The ratings of a session, the bot's apart from the person's."""
    return [_rating(row) for row in tx.execute(sa.select(ratings).where(ratings.c.session_id == session))]


def listed(
    tx: Tx,
    *,
    side: str | None = None,
    agent: str | None = None,
    bad: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, str, str] | None = None,
    most: int = 50,
) -> list[Rating]:
    """Ratings, newest first; `bad` are those of shoppers who were not helped or not pleased."""
    query = sa.select(ratings)
    for column, value in ((ratings.c.side, side), (ratings.c.agent, agent)):
        if value is not None:
            query = query.where(column == value)
    if bad:
        query = query.where(sa.or_(ratings.c.solved == "no", ratings.c.stars <= BAD_STARS))
    if since is not None:
        query = query.where(ratings.c.at >= since)
    if until is not None:
        query = query.where(ratings.c.at < until)
    if before is not None:
        at, session, its_side = before
        same = sa.and_(
            ratings.c.at == at,
            sa.tuple_(ratings.c.session_id, ratings.c.side) > sa.tuple_(*map(sa.literal, (session, its_side))),
        )
        query = query.where(sa.or_(ratings.c.at < at, same))
    rows = tx.execute(query.order_by(ratings.c.at.desc(), ratings.c.session_id, ratings.c.side).limit(most))
    return [_rating(row) for row in rows]


def badly_rated(tx: Tx, since: datetime, most: int = 1_000) -> list[Rating]:
    """The bot's answers that shoppers rated badly since a time, newest first; `about_seq` says where each stands."""
    return [one for one in listed(tx, side="bot", bad=True, since=since, most=most) if one.about_seq is not None]


def scores(tx: Tx, since: datetime, until: datetime, side: str) -> list[Score]:
    """What the ratings of a time come to: the bot's as a whole, a person's by person."""
    who = sa.func.coalesce(ratings.c.agent, ratings.c.side)

    def times(value: str) -> "sa.ColumnElement[int]":
        return sa.func.sum(sa.case((ratings.c.solved == value, 1), else_=0))

    query = (
        sa.select(
            who.label("who"),
            sa.func.count().label("rated"),
            sa.func.avg(ratings.c.stars).label("stars"),
            times("yes").label("yes"),
            times("partly").label("partly"),
            times("no").label("no"),
        )
        .where(ratings.c.side == side, ratings.c.at >= since, ratings.c.at < until)
        .group_by(who)
        .order_by(who)
    )
    return [
        Score(row.who, row.rated, None if row.stars is None else float(row.stars), row.yes, row.partly, row.no)
        for row in tx.execute(query)
    ]


def _rating(row: "sa.Row[Any]") -> Rating:
    return Rating(**{name: row._mapping[name] for name in _COLUMNS})
