"""Rows about products, orders, parcels and coupons."""

import sqlalchemy as sa

from crm_core.tables import Json, Money, Utc, metadata

products = sa.Table(
    "products",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("category", sa.Text),
    sa.Column("brand", sa.Text),
    sa.Column("price", Money),
    sa.Column("stock", sa.BigInteger),
    sa.Column("status", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("image_url", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("attributes", Json, nullable=False),
)

relations = sa.Table(
    "relations",
    metadata,
    sa.Column("subject_sku", sa.Text, primary_key=True),
    sa.Column("predicate", sa.Text, primary_key=True),
    sa.Column("object_sku", sa.Text, primary_key=True),
    sa.Column("note", sa.Text),
    sa.Column("extra", Json, nullable=False, server_default="{}"),
    sa.Index(None, "object_sku"),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("platform", sa.Text, nullable=False, server_default=""),
    sa.Column("order_id", sa.Text, nullable=False),  # the number the shopper sees
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("ordered_at", Utc, nullable=False),
    sa.Column("receiver_city", sa.Text),
    sa.UniqueConstraint("platform", "order_id"),
    sa.Index(None, "order_id"),
    sa.Index(None, "customer_id", "ordered_at"),
)

# One row an item. Status and shipping lie on the line, because parts of an order travel apart.
order_lines = sa.Table(
    "order_lines",
    metadata,
    sa.Column("order_row", sa.Integer, sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("repeat", sa.Integer, primary_key=True, server_default="0"),  # the same SKU twice in one order
    sa.Column("title", sa.Text),  # as sold, when the export names it
    sa.Column("quantity", sa.Integer, nullable=False, server_default="1"),
    sa.Column("paid_amount", Money),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("paid_at", Utc),
    sa.Column("shipped_at", Utc),
    sa.Column("delivered_at", Utc),
    sa.Column("carrier", sa.Text),
    sa.Column("tracking_no", sa.Text),
    sa.Column("extra", Json, nullable=False),
    sa.Index(None, "tracking_no"),
    sa.Index(None, "sku"),
)

parcel_events = sa.Table(
    "parcel_events",
    metadata,
    sa.Column("tracking_no", sa.Text, primary_key=True),
    sa.Column("at", Utc, primary_key=True),
    sa.Column("text", sa.Text, primary_key=True, server_default=""),
    sa.Column("status", sa.Text),
    sa.Column("extra", Json, nullable=False, server_default="{}"),
)

coupons = sa.Table(
    "coupons",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("title", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("valid_from", Utc),
    sa.Column("valid_to", Utc),
    sa.Column("tiers", Json, nullable=False),  # list of member levels; empty = everyone
    sa.Column("stackable", sa.Boolean),
    sa.Column("extra", Json, nullable=False),
)

# Tries of anonymous conversations to show that an order is theirs; `tries` counts the wrong ones.
order_proofs = sa.Table(
    "order_proofs",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", Utc, nullable=False),
    sa.Column("customer_id", sa.Text),  # whose it is, once it was shown
    sa.Index(None, "order_id"),
)
