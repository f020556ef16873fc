"""What the shop gives away, and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.changes import put
from crm_core.commerce.tables import coupons
from crm_core.database import Tx


@dataclass(frozen=True)
class Coupon:
    """A coupon as the shop words it; no tiers means that everybody may have it."""

    code: str
    title: str | None
    rule: str | None
    valid_from: datetime | None
    valid_to: datetime | None
    tiers: tuple[str, ...]
    stackable: bool | None

    def holds(self, at: datetime) -> bool:
        """Can it be used at this moment?"""
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at <= self.valid_to)

    def open_to(self, level: str | None) -> bool:
        """May a member of this level have it?"""
        return not self.tiers or level in self.tiers


def all_coupons(tx: Tx) -> list[Coupon]:
    """Every coupon, whether it holds or not, those that end soonest first."""
    rows = tx.execute(sa.select(coupons).order_by(coupons.c.valid_to, coupons.c.code))
    return [
        Coupon(row.code, row.title, row.rule, row.valid_from, row.valid_to, tuple(row.tiers), row.stackable)
        for row in rows
    ]


def offer(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Lay rows over the coupons of the same code; which of them said something new. Columns set to None are cleared."""
    return put(tx, coupons, rows, fresh={"tiers": [], "extra": {}})
