"""What a list of customers says of them, laid over what is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.changes import filled, over, put
from crm_core.customers.tables import customers, identities
from crm_core.customers.tails import with_tails
from crm_core.database import Tx

SEALED = ("name", "phone")


def learn(tx: Tx, rows: Sequence[Mapping[str, Any]], known_by: Sequence[Sequence[tuple[str, str]]]) -> list[bool]:
    """Lay rows over the customers of the same id; which of them said something new.

    A row names `id` and any columns of the table, name and phone in the clear; None takes nothing away. `known_by`
    gives the identities of each row, (kind, value) each. A customer whose phone changed is no longer known by the old
    one: numbers are given to other people.
    """
    left: list[tuple[str, str]] = []

    def lay(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        plain = {name: value for name, value in filled(said).items() if name not in SEALED}
        row = over(known, plain)
        for column in SEALED:
            value = said.get(column)
            place = f"customers.{column}.{said['id']}"
            before = tx.keys.open(known[column], place)
            if value is not None and value != before:
                row[column] = tx.keys.seal(value, place)
                if column == "phone" and before is not None:
                    left.append((said["id"], before))
        return row

    changed = put(tx, customers, rows, fresh={"extra": {}}, lay=lay)
    for customer_id, number in left:
        for kind, value in with_tails([("phone", number)]):
            tx.execute(
                identities.delete().where(
                    identities.c.kind == kind,
                    identities.c.digest == tx.keys.digest(kind, value),
                    identities.c.customer_id == customer_id,
                )
            )
    attached = _attach(tx, [row["id"] for row in rows], known_by)
    return [one or other for one, other in zip(changed, attached, strict=True)]


def _attach(tx: Tx, ids: Sequence[str], known_by: Sequence[Sequence[tuple[str, str]]]) -> list[bool]:
    known = {
        (row.kind, row.digest, row.customer_id)
        for row in tx.execute(sa.select(identities).where(identities.c.customer_id.in_(list(set(ids)))))
    }
    attached, fresh = [], []
    for customer_id, names in zip(ids, known_by, strict=True):
        new = {(kind, tx.keys.digest(kind, value), customer_id) for kind, value in with_tails(names)} - known
        known |= new
        fresh += [{"kind": kind, "digest": digest, "customer_id": who} for kind, digest, who in sorted(new)]
        attached.append(bool(new))
    if fresh:
        tx.execute(identities.insert(), fresh)
    return attached
