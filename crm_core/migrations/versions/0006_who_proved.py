"""Which anonymous conversation tried to show that an order is its own, how often, and whether it could."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_proofs",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("conversation", "order_id", name=op.f("pk_order_proofs")),
    )
    op.create_index(op.f("ix_order_proofs_order_id"), "order_proofs", ["order_id"])


def downgrade() -> None:
    op.drop_table("order_proofs")
