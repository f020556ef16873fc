"""What the shop gives away, and to whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_core.changes import put
from crm_core.commerce.tables import coupons
from crm_core.database import Tx


def offer(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Lay rows over the coupons of the same code; which of them said something new. Columns set to None are cleared."""
    return put(tx, coupons, rows, fresh={"tiers": [], "extra": {}})
