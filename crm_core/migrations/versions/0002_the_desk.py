"""Sessions with an owner: states, segments, queue, offers, timers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.Text(), server_default="web", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("owner_epoch", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("owner_kind", sa.Text(), server_default="bot", nullable=False))
        batch_op.add_column(sa.Column("assignee", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("last_agent", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("offered_to", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("queue", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("level", sa.Text(), server_default="normal", nullable=False))
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("waiting_on", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("activity", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("queued_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("accepted_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("first_human_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("waiting_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("reopened_from", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("solved", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("category", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("excluded", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("watchers", sa.Text(), server_default="[]", nullable=False))
        batch_op.create_index(
            "uq_sessions_one_open",
            ["conversation_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_check_constraint(
            op.f("ck_sessions_assignee_owns"), "(assignee IS NOT NULL) = (state IN ('active', 'on_hold'))"
        )
        batch_op.create_check_constraint(
            op.f("ck_sessions_offer_is_open"), "state <> 'offered' OR offered_to IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_sessions_offer_has_a_session"), "offered_to IS NULL OR state IN ('offered', 'active')"
        )

    op.execute(
        "UPDATE sessions SET channel = (SELECT channel FROM conversations WHERE conversations.id = conversation_id), "
        "owner_kind = CASE state WHEN 'closed' THEN 'none' ELSE 'bot' END"
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_delivered_at_id"), ["delivered_at", "id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_presence")),
    )
    op.create_table(
        "shoppers_here",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_shoppers_here")),
    )
    op.create_table(
        "suppressed_messages",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_suppressed_messages")),
    )
    op.create_table(
        "handoffs",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("packet", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_handoffs_session_id")),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_handoffs")),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoffs_requested_at"), ["requested_at"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("session_id", "author", "client_id", name=op.f("uq_notes_session_id_author_client_id")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_session_id_id"), ["session_id", "id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("warm", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_offers_session_id")),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_agent_offered_at"), ["agent", "offered_at"], unique=False)
        batch_op.create_index(
            "uq_offers_one_open",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "segments",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_segments_session_id")),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_segments")),
    )
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_segments_conversation_id_from_at"), ["conversation_id", "from_at"], unique=False
        )
        batch_op.create_index(
            "uq_segments_one_owner",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("to_at IS NULL"),
            postgresql_where=sa.text("to_at IS NULL"),
        )

    op.create_table(
        "suggestions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("answers", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("sent_text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestions_session_id_answers"), ["session_id", "answers"], unique=False)

    op.create_table(
        "timers",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_timers_session_id")),
        sa.PrimaryKeyConstraint("session_id", "kind", name=op.f("pk_timers")),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timers_due_at"), ["due_at"], unique=False)

    # Sessions that are under way get the timer that ends them: nothing open is ever without one.
    op.execute(
        "INSERT INTO timers (session_id, kind, due_at) SELECT id, 'bot_idle', opened_at + 1800000 FROM sessions "
        "WHERE state <> 'closed' AND channel <> 'import'"
    )


def downgrade() -> None:
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timers_due_at"))

    op.drop_table("timers")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestions_session_id_answers"))

    op.drop_table("suggestions")
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_segments_one_owner", sqlite_where=sa.text("to_at IS NULL"), postgresql_where=sa.text("to_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_segments_conversation_id_from_at"))

    op.drop_table("segments")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offers_one_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_offers_agent_offered_at"))

    op.drop_table("offers")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_session_id_id"))

    op.drop_table("notes")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoffs_requested_at"))

    op.drop_table("handoffs")
    op.drop_table("suppressed_messages")
    op.drop_table("shoppers_here")
    op.drop_table("presence")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_delivered_at_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sessions_offer_has_a_session"), type_="check")
        batch_op.drop_constraint(op.f("ck_sessions_offer_is_open"), type_="check")
        batch_op.drop_constraint(op.f("ck_sessions_assignee_owns"), type_="check")
        batch_op.drop_index(
            "uq_sessions_one_open",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_column("watchers")
        batch_op.drop_column("excluded")
        batch_op.drop_column("category")
        batch_op.drop_column("solved")
        batch_op.drop_column("reopened_from")
        batch_op.drop_column("waiting_since")
        batch_op.drop_column("first_human_at")
        batch_op.drop_column("accepted_at")
        batch_op.drop_column("queued_at")
        batch_op.drop_column("activity")
        batch_op.drop_column("waiting_on")
        batch_op.drop_column("priority")
        batch_op.drop_column("level")
        batch_op.drop_column("queue")
        batch_op.drop_column("offered_to")
        batch_op.drop_column("last_agent")
        batch_op.drop_column("assignee")
        batch_op.drop_column("owner_kind")
        batch_op.drop_column("owner_epoch")
        batch_op.drop_column("version")
        batch_op.drop_column("channel")
