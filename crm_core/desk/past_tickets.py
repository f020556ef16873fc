"""What tickets say about the past: what a customer complained of, and whether something was asked for already."""

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.work_tables import tickets

_SORE = ("complaint", "return", "refund", "exchange")


def complained_of(tx: Tx, customer_id: str) -> set[str]:
    """The SKUs about which the customer complained, or that they wanted to send back."""
    query = sa.select(tickets.c.sku).where(
        tickets.c.customer_id == customer_id, tickets.c.type.in_(_SORE), tickets.c.sku.is_not(None)
    )
    return set(tx.execute(query).scalars())


def asked_for(tx: Tx, key: str) -> bool:
    """Was a ticket opened for this already?"""
    return tx.execute(sa.select(tickets.c.id).where(tickets.c.key == key).limit(1)).first() is not None
