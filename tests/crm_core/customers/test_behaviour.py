"""Events are kept once and never change."""

from datetime import UTC, datetime

import sqlalchemy as sa

from crm_core.customers import behaviour
from crm_core.customers.tables import events
from crm_core.database import Database

EVENT = {
    "id": "m1",
    "customer_id": "C1",
    "anonymous_id": None,
    "type": "track",
    "event": "Product Viewed",
    "at": datetime(2026, 5, 1, tzinfo=UTC),
    "properties": {"sku": "A"},
}


def test_an_event_said_twice_is_kept_as_it_was_first_said(database: Database) -> None:
    with database.transaction() as tx:
        assert behaviour.track(tx, [EVENT, {**EVENT, "event": "别的"}, {**EVENT, "id": "m2"}]) == [True, False, True]
    with database.transaction() as tx:
        assert behaviour.track(tx, [{**EVENT, "event": "别的"}]) == [False]
        rows = tx.execute(sa.select(events).order_by(events.c.id)).all()
    assert [(row.id, row.event, row.properties) for row in rows] == [
        ("m1", "Product Viewed", {"sku": "A"}),
        ("m2", "Product Viewed", {"sku": "A"}),
    ]
