"""What people did in the shop: Segment's track, identify and page calls, each kept once."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.customers.tables import events
from crm_core.database import Tx


def track(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Keep events that are not known yet, by id; which of them are new.

    A row names every column of the table. An event never changes: said again under its id, it stays as it was.
    """
    known = set(tx.execute(sa.select(events.c.id).where(events.c.id.in_([row["id"] for row in rows]))).scalars())
    new, fresh = [], []
    for row in rows:
        new.append(row["id"] not in known)
        if new[-1]:
            known.add(row["id"])
            fresh.append(dict(row))
    if fresh:
        tx.execute(events.insert(), fresh)
    return new
