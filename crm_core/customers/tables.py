"""Rows about customers."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # the shop's own customer_id
    sa.Column("name", sa.LargeBinary),  # sealed (privacy.fields)
    sa.Column("phone", sa.LargeBinary),  # sealed
    sa.Column("birthday", sa.Text),
    sa.Column("gender", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("member_level", sa.Text),
    sa.Column("points", sa.BigInteger),
    sa.Column("registered_at", Utc),
    sa.Column("extra", Json, nullable=False),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),  # phone, device_id, wechat_openid, taobao_nick
    sa.Column("digest", sa.Text, primary_key=True),  # keyed hash: equality can be asked, the value cannot be read
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.id"), primary_key=True),
    sa.Index(None, "customer_id"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # Segment's messageId, else a hash of the event's content
    sa.Column("customer_id", sa.Text),
    sa.Column("anonymous_id", sa.Text),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("event", sa.Text),
    sa.Column("at", Utc, nullable=False),
    sa.Column("properties", Json, nullable=False),
    sa.Index(None, "customer_id", "at"),
    sa.Index(None, "anonymous_id"),
)
