"""What the shop sells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from crm_core.commerce.tables import products
from crm_core.database import Tx


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
    found = tx.execute(sa.select(products).where(products.c.sku.in_(list(skus))))
    return {row.sku: Product(**row._mapping) for row in found}


def all_products(tx: Tx) -> Iterator[Product]:
    """Every product, by SKU."""
    for row in tx.execute(sa.select(products).order_by(products.c.sku)):
        yield Product(**row._mapping)
