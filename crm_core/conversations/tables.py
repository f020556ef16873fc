"""Rows of the log."""

import sqlalchemy as sa

from crm_core.tables import Utc, metadata

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text),  # as signed by the shop; it may be unknown to the record
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("last_seq", sa.BigInteger, nullable=False),
    sa.Column("last_at", Utc, nullable=False),
    sa.Column("log_epoch", sa.Text, nullable=False),  # changes only when the log is restored or rewritten
    sa.Index(None, "customer_id"),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("at", Utc, nullable=False),
    sa.Column("event", sa.Text, nullable=False),  # JSON of events.Event
    # The sender belongs in the key: a shopper who chose the id of a bot reply must not silence it.
    sa.UniqueConstraint("conversation_id", "sender", "client_id"),
)

# A cache for lists and reports, written in the same commit as the events that change it; the log is the truth.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # conversation id + ":" + seq of its SessionOpened
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("closed_at", Utc),
    sa.Column("close_reason", sa.Text),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "state", "opened_at"),
)
