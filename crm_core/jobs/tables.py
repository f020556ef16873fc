"""Rows of work."""

import sqlalchemy as sa

from crm_core.tables import Utc, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),  # one job of a name per key: a conversation, a customer
    sa.Column("version", sa.BigInteger, nullable=False),  # what the caller knew; finish() removes no newer work
    sa.Column("due_at", Utc, nullable=False),  # pushed forward as a lease when claimed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
    sa.Index(None, "due_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),  # session.queued, session.closed, …
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("session_id", sa.Text),
    sa.Column("seq", sa.BigInteger, nullable=False),  # of the entry that caused it
    sa.Column("at", Utc, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),  # JSON
    sa.Column("delivered_at", Utc),
    sa.Index(None, "delivered_at", "id"),
)
