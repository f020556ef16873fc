"""Where the parcels are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.commerce.tables import parcel_events
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
