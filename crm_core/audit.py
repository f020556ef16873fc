"""Who looked at what, and why: rows that are only ever added, each sealed to the one before. Values are never kept."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.tables import Utc, metadata, to_millis

deeds = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),  # from 1, without gaps
    sa.Column("at", Utc, nullable=False),
    sa.Column("who", sa.Text, nullable=False),  # a log-in, or "" for nobody
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),  # whose data: a customer, a session, a log-in
    sa.Column("field", sa.Text, nullable=False),  # which of it; never its value
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),  # where the request came from
    sa.Column("chain", sa.Text, nullable=False),  # hash of this row and of the one before
    sa.Index(None, "about"),
)


@dataclass(frozen=True)
class Deed:
    """One thing somebody did that others may ask about later."""

    who: str
    what: str
    about: str = ""
    field: str = ""
    reason: str = ""
    address: str = ""


@dataclass(frozen=True)
class Row:
    """A deed in its place."""

    seq: int
    at: datetime
    deed: Deed
    chain: str


def note(tx: Tx, deed: Deed, at: datetime) -> None:
    """Write a deed down behind the last one."""
    if tx.dialect == "postgresql":
        # Two processes that read the same last row would write two rows behind it.
        tx.execute(sa.text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
    last = tx.execute(sa.select(deeds.c.seq, deeds.c.chain).order_by(deeds.c.seq.desc()).limit(1)).one_or_none()
    seq = last.seq + 1 if last else 1
    row = Row(seq, at, deed, _link(last.chain if last else "", seq, to_millis(at), deed))
    tx.execute(deeds.insert().values(seq=seq, at=at, chain=row.chain, **vars(deed)))


def rows(tx: Tx, *, before: int | None = None, about: str | None = None, most: int = 50) -> list[Row]:
    """Deeds, newest first, before a number and about somebody where these are given."""
    query = sa.select(deeds).order_by(deeds.c.seq.desc()).limit(most)
    if before is not None:
        query = query.where(deeds.c.seq < before)
    if about is not None:
        query = query.where(deeds.c.about == about)
    return [_row(row) for row in tx.execute(query)]


def broken_at(tx: Tx) -> int | None:
    """The first row that was altered, taken away or put in after it was written; None where all stand as written."""
    before, expected = "", 1
    for row in _all(tx):
        if row.seq != expected or row.chain != _link(before, row.seq, to_millis(row.at), row.deed):
            return expected
        before, expected = row.chain, expected + 1
    return None


def _all(tx: Tx) -> Iterator[Row]:
    for row in tx.execute(sa.select(deeds).order_by(deeds.c.seq)):
        yield _row(row)


def _row(row: sa.Row[tuple[object, ...]]) -> Row:
    deed = Deed(row.who, row.what, row.about, row.field, row.reason, row.address)
    return Row(row.seq, row.at, deed, row.chain)


def _link(before: str, seq: int, millis: int, deed: Deed) -> str:
    said = json.dumps([before, seq, millis, *vars(deed).values()], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
