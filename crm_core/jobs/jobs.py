"""The work list: a row per name and key, claimed under a lease and gone when done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.database import Statement, Tx
from crm_core.jobs.tables import jobs
from crm_core.tables import to_millis

LEASE = timedelta(seconds=30)
GIVE_UP_AFTER = 5


@dataclass(frozen=True)
class Job:
    """Something to do: `version` is what its owner knew when it was written."""

    name: str
    key: str
    version: int
    attempts: int


_ENQUEUE = Statement(
    "INSERT INTO jobs (name, key, version, due_at, attempts) VALUES (:name, :key, :version, :due_at, 0) "
    "ON CONFLICT (name, key) DO UPDATE "
    "SET version = excluded.version, due_at = excluded.due_at, attempts = 0, error = NULL"
)
_FINISH = Statement("DELETE FROM jobs WHERE name = :name AND key = :key AND version <= :version")


def enqueue(tx: Tx, name: str, key: str, *, version: int, due_at: datetime) -> None:
    """Write down work; a job of the same name and key is replaced by this newer one."""
    tx.run(_ENQUEUE, {"name": name, "key": key, "version": version, "due_at": to_millis(due_at)})


def finish(tx: Tx, name: str, key: str, *, version: int) -> None:
    """Strike out work up to `version`; newer work of the same key stays."""
    tx.run(_FINISH, {"name": name, "key": key, "version": version})


def claim(tx: Tx, *, now: datetime, most: int = 16) -> list[Job]:
    """Take due jobs for the length of a lease. Whoever dies with one gives it back by doing nothing."""
    query = (
        sa.select(jobs)
        .where(jobs.c.due_at <= now, jobs.c.attempts < GIVE_UP_AFTER)
        .order_by(jobs.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = [Job(row.name, row.key, row.version, row.attempts + 1) for row in tx.execute(query)]
    for job in claimed:
        lease = LEASE * 2 ** (job.attempts - 1)  # a job that keeps failing is tried less and less often
        tx.execute(
            jobs.update()
            .where(jobs.c.name == job.name, jobs.c.key == job.key)
            .values(due_at=now + lease, attempts=job.attempts)
        )
    return claimed


def fail(tx: Tx, job: Job, error: str) -> None:
    """Keep the error beside the job; it comes back when its lease ends, five times at most, and then stays visible."""
    tx.execute(jobs.update().where(jobs.c.name == job.name, jobs.c.key == job.key).values(error=error[:500]))


def given_up(tx: Tx) -> int:
    """How many jobs failed for good and wait for a person."""
    return int(tx.execute(sa.select(sa.func.count()).where(jobs.c.attempts >= GIVE_UP_AFTER)).scalar_one())
