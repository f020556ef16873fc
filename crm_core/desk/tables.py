"""Rows about the people who serve."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # agent, senior, lead, admin
    sa.Column("groups", Json, nullable=False),
    sa.Column("skills", Json, nullable=False),
    sa.Column("max_chats", sa.Integer),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("extra", Json, nullable=False, server_default="{}"),
    sa.Column("disabled_at", Utc),  # set: nobody signs in under this name any more
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # of the token, which is kept nowhere
    sa.Column("login", sa.Text, sa.ForeignKey("agents.login"), nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Index(None, "login"),
)

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # online, busy, away, offline
    sa.Column("since", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),  # the last heartbeat of any of the agent's desks
    sa.Column("source", sa.Text, nullable=False),  # manual, heartbeat, missed_offers
    sa.Column("missed", sa.Integer, nullable=False),  # offers let lapse in a row
    sa.Column("assigned_at", Utc),
)

# Whether anybody still waits at the other end: kept only for conversations in the queue.
shoppers_here = sa.Table(
    "shoppers_here",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("seen_at", Utc, nullable=False),
)

# Notes and suggestions have tables of their own, which no query for a shopper ever reads. No foreign key leads to
# sessions from here: their rows can be made again from the log at any time.
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("session_id", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("after_seq", sa.BigInteger, nullable=False),  # the last entry when it was written: its place in the talk
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # note, whisper
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mentions", Json, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("at", Utc, nullable=False),
    sa.Index(None, "session_id", "id"),
    sa.UniqueConstraint("session_id", "author", "client_id"),
)

suggestions = sa.Table(
    "suggestions",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("session_id", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("answers", sa.BigInteger, nullable=False),  # the shopper's entry that it would answer
    sa.Column("kind", sa.Text, nullable=False),  # answer, talk_track, canned, muted (a bot's reply that came too late)
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sources", Json, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("outcome", sa.Text),  # accepted, edited, ignored
    sa.Column("sent_text", sa.Text),
    sa.Index(None, "session_id", "answers"),
)
