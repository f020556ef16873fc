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
