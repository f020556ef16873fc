"""Rows of work that outlives a session: tickets, promises, ratings, canned replies, and the rules that a shop edits."""

import sqlalchemy as sa

from crm_core.tables import Json, Money, Utc, metadata

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, unique=True),  # what it was opened for: the same key never opens a second one
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),  # 0 goes first
    sa.Column("turn_at", Utc, nullable=False),  # whose turn it is: opened, plus what its priority lets others go first
    sa.Column("group", sa.Text, nullable=False),  # "" is everybody
    sa.Column("level", sa.Text, nullable=False),  # normal, senior
    sa.Column("assignee", sa.Text),
    sa.Column("rule", sa.Text, nullable=False),  # the dispatch rule that placed it
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("details", Json, nullable=False),
    sa.Column("phone", sa.LargeBinary),  # sealed
    sa.Column("session_id", sa.Text),
    sa.Column("conversation_id", sa.Text),
    sa.Column("customer_id", sa.Text),
    sa.Column("order_id", sa.Text),
    sa.Column("sku", sa.Text),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),  # bot, or a log-in
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("begun_at", Utc),  # when somebody first worked on it
    sa.Column("waiting_since", Utc),  # its clock stands still since then
    sa.Column("overdue_at", Utc),  # when it was noticed that the due time had passed
    sa.Column("resolved_at", Utc),
    sa.Column("closed_at", Utc),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "state", "turn_at", "id"),
    sa.Index(None, "opened_at", "id"),
    sa.Index(None, "session_id"),
    sa.Index(None, "customer_id"),
    sa.Index(None, "assignee"),
)

ticket_changes = sa.Table(
    "ticket_changes",
    metadata,
    sa.Column("ticket_id", sa.Text, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),  # a column, or note
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
)

refund_steps = sa.Table(
    "refund_steps",
    metadata,
    sa.Column("ticket_id", sa.Text, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1
    sa.Column("step", sa.Text, nullable=False),  # proposed, approved, declined
    sa.Column("amount", Money, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # as whom
    sa.Column("needs", Json, nullable=False),  # the roles whose word is still wanted after this step
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

# A shop's own rules, each a JSON document that is replaced as a whole.
desk_rules = sa.Table(
    "desk_rules",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

promises = sa.Table(
    "promises",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("session_id", sa.Text),
    sa.Column("customer_id", sa.Text),
    sa.Column("seq", sa.BigInteger),  # of the message that made it
    sa.Column("start", sa.Integer),  # where in that message …
    sa.Column("end", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),  # … and the words
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),  # bot, or a log-in
    sa.Column("owner", sa.Text),  # who is to keep it; nobody yet where the bot made it
    sa.Column("made_at", Utc, nullable=False),
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("exact", sa.Boolean, nullable=False),  # a time was named
    sa.Column("state", sa.Text, nullable=False),  # open, kept, broken, dropped
    sa.Column("reminded_at", Utc),
    sa.Column("settled_at", Utc),
    sa.Column("settled_by", sa.Text),  # a log-in, or "" where a later message did
    sa.Column("settled_seq", sa.BigInteger),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("ticket_id", sa.Text),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "customer_id"),
    sa.Index(None, "owner", "state"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("side", sa.Text, primary_key=True),  # bot, agent
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text),
    sa.Column("agent", sa.Text),  # whose service is rated
    sa.Column("solved", sa.Text),  # yes, partly, no
    sa.Column("stars", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("about_seq", sa.BigInteger),  # the last message of the rated side
    sa.Column("first_at", Utc, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Index(None, "at"),
    sa.Index(None, "agent"),
)

canned_replies = sa.Table(
    "canned_replies",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, nullable=False),  # mine, group, shared
    sa.Column("owner", sa.Text, nullable=False),  # a log-in, a group, or ""
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("shortcut", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.UniqueConstraint("scope", "owner", "shortcut"),
)

# How far each conversation was read for promises and enquiries, and told to other systems.
followed = sa.Table(
    "followed",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
