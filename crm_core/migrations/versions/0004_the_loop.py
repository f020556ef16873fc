"""Knowledge that grows: versions, golden cases, gaps, cuts."""

import json
import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LISTS = ("similar", "skus", "platforms", "tiers")
_COLUMNS = ("kind", "title", "text", "category", "valid_from", "valid_to", "file", "section", "page", *_LISTS)


def upgrade() -> None:
    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_for", sa.Text(), nullable=True),
        sa.Column("overruled", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_versions")),
    )
    op.create_index(
        op.f("ix_article_versions_newest_at_article_id"), "article_versions", ["newest", "at", "article_id"]
    )
    op.create_table(
        "golden_cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("expects", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_cases")),
    )
    op.create_table(
        "gaps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("would_answer", sa.Integer(), nullable=False),
        sa.Column("would_answer_unseen", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=True),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_for", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_state_sessions"), "gaps", ["state", "sessions"])
    op.create_table(
        "open_questions",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answer_seq", sa.BigInteger(), nullable=True),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("gap_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_open_questions")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_open_questions_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_open_questions_gap_id_gaps")),
    )
    op.create_index(op.f("ix_open_questions_gap_id"), "open_questions", ["gap_id"])
    op.create_table(
        "looked_through",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_looked_through")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_looked_through_conversation_id_conversations")
        ),
    )
    op.create_table(
        "answer_cuts",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("budget", sa.Float(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("cut", sa.Float(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("borrowed", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_answer_cuts")),
    )
    _first_versions()


def downgrade() -> None:
    for name in ("answer_cuts", "looked_through", "open_questions", "gaps", "golden_cases", "article_versions"):
        op.drop_table(name)


def _first_versions() -> None:
    """What is published when versions begin is the first version of each article."""
    connection = op.get_bind()
    articles = sa.table("articles", sa.column("id"), *map(sa.column, _COLUMNS))
    versions = sa.table(
        "article_versions",
        *map(sa.column, ("article_id", "number", "newest", "state", "title", "category", "content")),
        *map(sa.column, ("origin", "at", "by", "reason")),
    )
    now = int(time.time() * 1000)
    rows = [
        {
            "article_id": row["id"],
            "number": 1,
            "newest": True,
            "state": "published",
            "title": row["title"],
            "category": row["category"],
            "content": json.dumps(
                {name: json.loads(row[name]) if name in _LISTS else row[name] for name in _COLUMNS},
                ensure_ascii=False,
                separators=(",", ":"),
            ),
            "origin": "import",
            "at": now,
            "by": "import",
            "reason": row["file"],
        }
        for row in connection.execute(sa.select(articles)).mappings()
    ]
    for start in range(0, len(rows), 1000):
        connection.execute(versions.insert(), rows[start : start + 1000])
