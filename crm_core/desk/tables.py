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
