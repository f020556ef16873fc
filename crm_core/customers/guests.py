"""Buyers whom no customer list has named yet: each gets a record of their own until the list does."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from crm_core.customers import customers
from crm_core.customers.tables import customers as customer_rows
from crm_core.customers.tables import identities
from crm_core.database import Tx

PREFIX = "guest:"
DIGITS = 16
"""Characters of the keyed hash in a guest's id: it names nobody, and two of a million guests do not meet."""


def is_guest(customer_id: str) -> bool:
    """Is this a buyer known by an account or a phone alone?"""
    return customer_id.startswith(PREFIX)


def of_order(platform: str, order_id: str) -> str:
    """The guest who placed an order whose buyer the platform has blanked out."""
    return f"{PREFIX}order:{platform}:{order_id}"


def welcome(tx: Tx, kind: str, values: Sequence[str]) -> dict[str, str]:
    """A guest for each identity value that nobody is known by; their ids."""
    guests = {value: f"{PREFIX}{kind}:{tx.keys.digest(kind, value)[:DIGITS]}" for value in values}
    customers.ensure(tx, list(guests.values()))
    if kind == "phone":
        customers.remember(tx, [{"id": guest, "phone": value, "extra": {}} for value, guest in guests.items()])
    customers.identify(tx, [(kind, value, guest) for value, guest in guests.items()])
    return guests


def dismiss(tx: Tx, guests: Mapping[str, str]) -> None:
    """Take away guests who turned out to be customers: (guest, customer) each. Their orders were handed over before."""
    for guest, customer in guests.items():
        rows = tx.execute(sa.select(identities.c.kind, identities.c.digest).where(identities.c.customer_id == guest))
        tx.upsert(identities, [{"kind": row.kind, "digest": row.digest, "customer_id": customer} for row in rows])
        tx.execute(identities.delete().where(identities.c.customer_id == guest))
        tx.execute(customer_rows.delete().where(customer_rows.c.id == guest))
