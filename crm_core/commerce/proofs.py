"""Who showed that an order is theirs without signing in, and how often somebody tried."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.commerce.tables import order_proofs as proofs
from crm_core.commerce.tables import orders
from crm_core.customers import customers
from crm_core.database import Tx

HOLDS_FOR = timedelta(hours=24)
MOST_BY_ONE = 3  # wrong tries of one conversation, whatever orders it names
MOST_ON_ONE = 5  # wrong tries on one order, whoever makes them


def owner_shown(tx: Tx, conversation: str, order: str, at: datetime) -> str | None:
    """The customer whose order this conversation showed to be its own within the last day."""
    query = sa.select(proofs.c.customer_id).where(
        proofs.c.conversation == conversation, proofs.c.order_id == order, proofs.c.tried_at > at - HOLDS_FOR
    )
    return tx.execute(query).scalar_one_or_none()


def may_try(tx: Tx, conversation: str, order: str, at: datetime) -> bool:
    """Are there tries left for this conversation and for this order?"""
    since = proofs.c.tried_at > at - HOLDS_FOR
    wrong = sa.func.coalesce(sa.func.sum(proofs.c.tries), 0)
    by_one = tx.execute(sa.select(wrong).where(proofs.c.conversation == conversation, since)).scalar_one()
    on_one = tx.execute(sa.select(wrong).where(proofs.c.order_id == order, since)).scalar_one()
    return int(by_one) < MOST_BY_ONE and int(on_one) < MOST_ON_ONE


def try_to_show(tx: Tx, conversation: str, order: str, tail: str, at: datetime) -> str | None:
    """Whose order it is, if its phone ends so; a wrong try is counted, also on an order that does not exist."""
    owner = None
    for customer_id in tx.execute(sa.select(orders.c.customer_id).where(orders.c.order_id == order)).scalars():
        _, phone = customers.contact(tx, customer_id)
        if phone is not None and len(tail) >= len("0000") and phone.endswith(tail):
            owner = customer_id
    here = sa.and_(proofs.c.conversation == conversation, proofs.c.order_id == order)
    kept = tx.execute(sa.select(proofs.c.tries).where(here)).scalar_one_or_none()
    wrong = 0 if owner is not None else 1
    if kept is None:
        row = {"conversation": conversation, "order_id": order, "tries": wrong, "tried_at": at, "customer_id": owner}
        tx.execute(proofs.insert(), [row])
    else:
        tx.execute(proofs.update().where(here).values(tries=kept + wrong, tried_at=at, customer_id=owner))
    return owner
