"""Rows of knowledge."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # article (a question and its answer) or passage (of a document)
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("similar", Json, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("valid_from", Utc),
    sa.Column("valid_to", Utc),
    sa.Column("skus", Json, nullable=False),
    sa.Column("platforms", Json, nullable=False),
    sa.Column("tiers", Json, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("position", sa.Integer, nullable=False),  # order within the file
    sa.Index(None, "file"),
)
