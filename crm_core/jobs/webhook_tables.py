"""Rows about the shop's other systems: where they listen, and what is on its way to them."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", Json, nullable=False),  # names, or session.* and the like; * is everything
    sa.Column("secret", sa.LargeBinary, nullable=False),  # sealed; shown once
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("failing_since", Utc),  # no delivery has succeeded since
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("last_at", Utc),
    sa.Column("last_status", sa.Integer),
    sa.Column("disabled_at", Utc),
    sa.Column("disabled_for", sa.Text),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("webhook_id", sa.Text, sa.ForeignKey("webhooks.id"), primary_key=True),
    sa.Column("message_id", sa.Text, primary_key=True),  # the same for every try
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),  # when it happened
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # waiting, delivered, failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Utc, nullable=False),  # pushed forward as a lease when claimed
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("finished_at", Utc),
    sa.Index(None, "state", "due_at"),
)
