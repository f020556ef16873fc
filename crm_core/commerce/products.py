"""What the shop sells."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_core import revisions
from crm_core.changes import put
from crm_core.commerce.tables import products
from crm_core.database import Statement, Tx

REVISION = "products"
_FEW = 40  # products of one turn, each read by itself on the driver's cursor
_COLUMNS = tuple(column.name for column in products.columns)
_ONE = Statement(f"SELECT {', '.join(_COLUMNS)} FROM products WHERE sku = :sku")


@dataclass(frozen=True)
class Product:
    """A product as the shop describes it; `price` in fen, attributes in the shop's own words."""

    sku: str
    name: str
    category: str | None = None
    brand: str | None = None
    price: int | None = None
    stock: int | None = None
    status: str | None = None
    description: str | None = None
    image_url: str | None = None
    url: str | None = None
    attributes: Mapping[str, str | list[str]] = field(default_factory=dict)


def product(tx: Tx, sku: str) -> Product | None:
    """The product under this SKU, or None."""
    return products_by_sku(tx, [sku]).get(sku)


def products_by_sku(tx: Tx, skus: Sequence[str]) -> dict[str, Product]:
    """Those of the SKUs that the shop has."""
    wanted = list(dict.fromkeys(skus))
    if len(wanted) > _FEW:
        found = tx.execute(sa.select(products).where(products.c.sku.in_(wanted)))
        return {row.sku: Product(**row._mapping) for row in found}
    return {row[0]: _product(row) for sku in wanted for row in tx.run(_ONE, {"sku": sku})}


def _product(row: tuple[Any, ...]) -> Product:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Product(**{**values, "attributes": json.loads(values["attributes"])})


def all_products(tx: Tx) -> Iterator[Product]:
    """Every product, by SKU."""
    for row in tx.execute(sa.select(products).order_by(products.c.sku)):
        yield Product(**row._mapping)


def known_skus(tx: Tx, skus: Sequence[str]) -> set[str]:
    """Which of these SKUs the shop has."""
    return set(tx.execute(sa.select(products.c.sku).where(products.c.sku.in_(list(skus)))).scalars())


def skus_by_name(tx: Tx, names: Sequence[str]) -> dict[str, str]:
    """The SKU of each of these names that exactly one product has."""
    found: dict[str, list[str]] = {}
    for row in tx.execute(sa.select(products.c.name, products.c.sku).where(products.c.name.in_(list(names)))):
        found.setdefault(row.name, []).append(row.sku)
    return {name: skus[0] for name, skus in found.items() if len(skus) == 1}


def describe(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Lay rows over the products of the same SKU; which of them said something new.

    A row names `sku` and any columns of the table; None clears a column, and an attribute set to None goes away.
    """
    changed = put(tx, products, rows, fresh={"attributes": {}})
    if any(changed):
        revisions.bump(tx, REVISION)
    return changed
