"""Rows that are only ever added, and what altering one shows."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crm_core import audit
from crm_core.audit import Deed, deeds
from crm_core.database import Database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def written(record: Database, count: int) -> None:
    for n in range(count):
        record.write(lambda tx, n=n: audit.note(tx, Deed("ann", "reveal", f"C{n}", "phone", "回电"), NOW)).result()


def test_deeds_are_read_newest_first_and_by_whom_they_are_about(database: Database) -> None:
    written(database, 3)
    with database.reading() as tx:
        assert [row.seq for row in audit.rows(tx)] == [3, 2, 1]
        assert [row.seq for row in audit.rows(tx, before=2)] == [1]
        assert [row.deed.about for row in audit.rows(tx, about="C1")] == ["C1"]
        assert audit.broken_at(tx) is None


@pytest.mark.parametrize(
    "tampering",
    [
        deeds.update().where(deeds.c.seq == 2).values(reason="另一个理由"),
        deeds.update().where(deeds.c.seq == 2).values(who="bob"),
        deeds.delete().where(deeds.c.seq == 2),
    ],
    ids=["reason", "who", "removed"],
)
def test_a_row_that_was_altered_or_taken_away_is_named(database: Database, tampering: sa.Executable) -> None:
    written(database, 4)
    with database.transaction() as tx:
        tx.execute(tampering)
    with database.reading() as tx:
        assert audit.broken_at(tx) == 2


def test_two_processes_that_write_at_once_leave_one_chain(database: Database) -> None:
    other = Database(database.url, database.keys)
    try:
        futures = [
            one.write(lambda tx, n=n: audit.note(tx, Deed("ann", "reveal", f"C{n}"), NOW))
            for n in range(20)
            for one in (database, other)
        ]
        for future in futures:
            future.result(10)
    finally:
        other.close()
    with database.reading() as tx:
        assert len(audit.rows(tx, most=100)) == 40
        assert audit.broken_at(tx) is None
