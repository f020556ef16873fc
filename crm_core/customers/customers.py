"""The record of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.customers.tables import customers, identities
from crm_core.customers.tails import with_tails
from crm_core.database import Tx


@dataclass(frozen=True)
class Customer:
    """What the shop holds about a person; phone and name are readable only through `contact`."""

    id: str
    member_level: str | None = None
    points: int | None = None
    city: str | None = None
    birthday: str | None = None
    gender: str | None = None
    registered_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def find(tx: Tx, customer_id: str) -> Customer | None:
    """The customer under the shop's own id, or None."""
    row = tx.execute(sa.select(customers).where(customers.c.id == customer_id)).one_or_none()
    if row is None:
        return None
    return Customer(
        row.id, row.member_level, row.points, row.city, row.birthday, row.gender, row.registered_at, row.extra
    )


def all_ids(tx: Tx) -> list[str]:
    """Every customer's id, in order."""
    return list(tx.execute(sa.select(customers.c.id).order_by(customers.c.id)).scalars())


def known(tx: Tx, ids: Sequence[str]) -> set[str]:
    """Which of these ids the record has."""
    return set(tx.execute(sa.select(customers.c.id).where(customers.c.id.in_(ids))).scalars())


def remember(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert customers or replace what is known of them.

    A row names `id` and any of the table's columns; `name` and `phone` come as text and are sealed here.
    """
    tx.upsert(customers, [_sealed(tx, row) for row in rows])


def ensure(tx: Tx, ids: Sequence[str]) -> None:
    """Make an empty record for each id the record does not have yet, so that an order can point to it."""
    missing = sorted(set(ids) - known(tx, ids))
    if missing:
        tx.execute(customers.insert(), [{"id": one, "extra": {}} for one in missing])


def contact(tx: Tx, customer_id: str) -> tuple[str | None, str | None]:
    """Name and phone in the clear; the caller answers for who sees them."""
    row = tx.execute(sa.select(customers.c.name, customers.c.phone).where(customers.c.id == customer_id)).one_or_none()
    if row is None:
        return None, None
    return (
        tx.keys.open(row.name, f"customers.name.{customer_id}"),
        tx.keys.open(row.phone, f"customers.phone.{customer_id}"),
    )


def identify(tx: Tx, known_by: Sequence[tuple[str, str, str]]) -> None:
    """Note that customers are known by identities, (kind, value, customer id) each; repeating it changes nothing."""
    rows = [
        {"kind": kind, "digest": tx.keys.digest(kind, value), "customer_id": who}
        for name, named, who in known_by
        for kind, value in with_tails([(name, named)])
    ]
    tx.upsert(identities, rows)


def known_by(tx: Tx, kind: str, values: Sequence[str]) -> dict[str, list[str]]:
    """For each identity value of this kind: the customers known by it (several where a device is shared)."""
    digests = {tx.keys.digest(kind, value): value for value in values}
    found: dict[str, list[str]] = {}
    query = sa.select(identities.c.digest, identities.c.customer_id).where(
        identities.c.kind == kind, identities.c.digest.in_(list(digests))
    )
    for row in tx.execute(query.order_by(identities.c.customer_id)):
        found.setdefault(digests[row.digest], []).append(row.customer_id)
    return found


def _sealed(tx: Tx, row: Mapping[str, Any]) -> dict[str, Any]:
    sealed = dict(row)
    for column in ("name", "phone"):
        if column in sealed:
            sealed[column] = tx.keys.seal(sealed[column] or None, f"customers.{column}.{row['id']}")
    return sealed
