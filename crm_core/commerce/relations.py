"""How products belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_core.changes import put
from crm_core.commerce.tables import relations
from crm_core.database import Tx

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
    query = (
        sa.select(relations)
        .where(sa.or_(relations.c.subject_sku == sku, relations.c.object_sku == sku))
        .order_by(relations.c.predicate, relations.c.subject_sku, relations.c.object_sku)
    )
    return [Relation(row.subject_sku, row.predicate, row.object_sku, row.note) for row in tx.execute(query)]


def between(tx: Tx, one: str, other: str) -> Relation | None:
    """The edge between two products, in whichever direction it was stated; a warning before a recommendation."""
    edges = [edge for edge in related(tx, one) if other in (edge.subject, edge.object)]
    return min(edges, key=lambda edge: edge.predicate != "not_with", default=None)


def goes_with(tx: Tx, sku: str) -> list[str]:
    """The SKUs the shop says this one goes with, in either direction."""
    edges = (edge for edge in related(tx, sku) if edge.predicate == "goes_with")
    return sorted({edge.object if edge.subject == sku else edge.subject for edge in edges})


def relate(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """State edges, each naming its two SKUs and the predicate; which of them are new or say something new."""
    return put(tx, relations, rows, fresh={"extra": {}})
