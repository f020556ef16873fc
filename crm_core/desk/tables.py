"""Rows about the people who serve."""

import sqlalchemy as sa

from crm_core.tables import Json, metadata

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
)
