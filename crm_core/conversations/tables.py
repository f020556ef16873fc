"""Rows of the log."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

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
    sa.Index(None, "last_at"),
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

# What follows is written in the commit of the events that change it and can be made again from them, byte for byte:
# the log is the truth, these rows are for lists, routing and reports.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # conversation id + ":" + seq of its SessionOpened
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("closed_at", Utc),
    sa.Column("close_reason", sa.Text),
    sa.Column("channel", sa.Text, nullable=False, server_default="web"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("owner_epoch", sa.Integer, nullable=False, server_default="1"),
    sa.Column("owner_kind", sa.Text, nullable=False, server_default="bot"),
    sa.Column("assignee", sa.Text),
    sa.Column("last_agent", sa.Text),
    sa.Column("offered_to", sa.Text),
    sa.Column("queue", sa.Text, nullable=False, server_default=""),
    sa.Column("level", sa.Text, nullable=False, server_default="normal"),
    sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
    sa.Column("waiting_on", sa.Text),
    sa.Column("activity", sa.Text),
    sa.Column("queued_at", Utc),
    sa.Column("accepted_at", Utc),
    sa.Column("first_human_at", Utc),
    sa.Column("waiting_since", Utc),
    sa.Column("reopened_from", sa.Text),
    sa.Column("solved", sa.Text),
    sa.Column("category", sa.Text),
    sa.Column("excluded", Json, nullable=False, server_default="[]"),
    sa.Column("watchers", Json, nullable=False, server_default="[]"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "state", "opened_at"),
    sa.Index(
        "uq_sessions_one_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    ),
    sa.CheckConstraint("(assignee IS NOT NULL) = (state IN ('active', 'on_hold'))", name="assignee_owns"),
    sa.CheckConstraint("state <> 'offered' OR offered_to IS NOT NULL", name="offer_is_open"),
    sa.CheckConstraint("offered_to IS NULL OR state IN ('offered', 'active')", name="offer_has_a_session"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),  # of the event that began it
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("owner_kind", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("from_at", Utc, nullable=False),
    sa.Column("to_at", Utc),
    sa.Column("ended_by", sa.Text),
    sa.Index(None, "conversation_id", "from_at"),
    sa.Index(
        "uq_segments_one_owner",
        "session_id",
        unique=True,
        sqlite_where=sa.text("to_at IS NULL"),
        postgresql_where=sa.text("to_at IS NULL"),
    ),
)

offers = sa.Table(
    "offers",
    metadata,
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("warm", sa.Integer, nullable=False),
    sa.Column("offered_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("ended_at", Utc),
    sa.Column("outcome", sa.Text),  # accepted, declined, expired, offline, cancelled
    sa.Index(None, "agent", "offered_at"),
    sa.Index(
        "uq_offers_one_open",
        "session_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text),
    sa.Column("packet", sa.Text),  # JSON of packet.Packet
    sa.Column("requested_at", Utc, nullable=False),
    sa.Column("offered_at", Utc),
    sa.Column("accepted_at", Utc),
    sa.Column("outcome", sa.Text),  # accepted, cancelled, message_left, asked_bot, abandoned, closed
    sa.Index(None, "requested_at"),
)

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("due_at", Utc, nullable=False),
    sa.Index(None, "due_at"),
)

suppressed_messages = sa.Table(
    "suppressed_messages",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("session_id", sa.Text),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("agent", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

# Conversations that are held in somebody else's client: who is at the other end, and how far they were told.
channel_threads = sa.Table(
    "channel_threads",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),  # which of the shop's accounts there
    sa.Column("person", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("heard_at", Utc, nullable=False),
    sa.Column("told_seq", sa.BigInteger, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),  # messages since the shopper's last one …
    sa.Column("told_by_bot", sa.Integer, nullable=False),  # … and those of them that were the bot's
    sa.Index(None, "channel"),
)

channel_cursors = sa.Table(
    "channel_cursors",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("cursor", sa.Text, nullable=False),
)
