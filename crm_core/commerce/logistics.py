"""Where the parcels are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.changes import put
from crm_core.commerce.tables import order_lines, parcel_events
from crm_core.database import Tx


@dataclass(frozen=True)
class Scan:
    """One report of the carrier about a parcel."""

    at: datetime
    status: str | None
    text: str


def track(tx: Tx, tracking_no: str) -> list[Scan]:
    """What the carrier reported, newest first."""
    query = (
        sa.select(parcel_events)
        .where(parcel_events.c.tracking_no == tracking_no)
        .order_by(parcel_events.c.at.desc(), parcel_events.c.text)
    )
    return [Scan(row.at, row.status, row.text) for row in tx.execute(query)]


def scan(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Keep reports of the carrier, each naming parcel, time and text; which of them are new or say something new."""
    return put(tx, parcel_events, rows, fresh={"extra": {}})


def sent(tx: Tx, tracking_nos: Sequence[str]) -> set[str]:
    """Which of these parcels belong to an order."""
    query = sa.select(order_lines.c.tracking_no).where(order_lines.c.tracking_no.in_(list(tracking_nos)))
    return set(tx.execute(query.distinct()).scalars())
