"""How products belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_core.changes import put
from crm_core.commerce.tables import relations
from crm_core.database import Statement, Tx

_RELATED = Statement(
    "SELECT subject_sku, predicate, object_sku, note FROM relations WHERE subject_sku = :sku OR object_sku = :same "
    "ORDER BY predicate, subject_sku, object_sku"
)
PREDICATES = ("goes_with", "not_with", "replaces", "bundle_of", "refill_of")


@dataclass(frozen=True)
class Relation:
    """One edge the shop stated, with its reason."""

    subject: str
    predicate: str
    object: str
    note: str | None


def related(tx: Tx, sku: str) -> list[Relation]:
    """Every edge that starts or ends at the SKU."""
    return [Relation(*row) for row in tx.run(_RELATED, {"sku": sku, "same": sku})]


def between(tx: Tx, one: str, other: str) -> Relation | None:
    """The edge between two products, in whichever direction it was stated; a warning before a recommendation."""
    edges = [edge for edge in related(tx, one) if other in (edge.subject, edge.object)]
    return min(edges, key=lambda edge: edge.predicate != "not_with", default=None)


def partners(tx: Tx, skus: Sequence[str]) -> dict[str, list[str]]:
    """For each of these SKUs those that the shop says it goes with, in either direction; one query."""
    found: dict[str, set[str]] = {sku: set() for sku in skus}
    query = sa.select(relations.c.subject_sku, relations.c.object_sku).where(
        relations.c.predicate == "goes_with",
        sa.or_(relations.c.subject_sku.in_(skus), relations.c.object_sku.in_(skus)),
    )
    for row in tx.execute(query):
        if row.subject_sku in found:
            found[row.subject_sku].add(row.object_sku)
        if row.object_sku in found:
            found[row.object_sku].add(row.subject_sku)
    return {sku: sorted(others) for sku, others in found.items()}


def goes_with(tx: Tx, sku: str) -> list[str]:
    """The SKUs the shop says this one goes with, in either direction."""
    return partners(tx, [sku])[sku]


def relate(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """State edges, each naming its two SKUs and the predicate; which of them are new or say something new."""
    return put(tx, relations, rows, fresh={"extra": {}})
