"""What a customer's own orders say of their habits: what is bought again and runs out, and what disappointed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from crm_core.commerce.orders import Order

_DAY = timedelta(days=1)
_EARLY = 0.9  # share of the usual time after which it is about to run out
_LATE = 2.0  # … and after which the habit is over
_SHORTEST = timedelta(days=5)  # between two purchases that are a habit and no afterthought


@dataclass(frozen=True)
class Due:
    """Something bought regularly that is about to run out."""

    sku: str
    title: str
    last: datetime
    every: int  # days that the usual amount lasted


def due_again(orders: Sequence[Order], now: datetime) -> list[Due]:
    """What was bought at least twice and has lasted as long as it usually does, the most overdue first."""
    bought: dict[str, list[tuple[datetime, int, str]]] = {}
    for order in orders:
        for line in order.lines:
            if line.status not in ("pending", "cancelled", "refunding", "refunded"):
                bought.setdefault(line.sku, []).append((order.ordered_at, line.quantity, line.title))
    found: list[tuple[float, Due]] = []
    for sku, times in bought.items():
        times.sort()
        # How long one piece lasted, from each purchase to the next.
        gaps = [
            (after[0] - before[0]) / _DAY / max(1, before[1])
            for before, after in pairwise(times)
            if after[0] - before[0] >= _SHORTEST
        ]
        if not gaps:
            continue
        last, quantity, title = times[-1]
        lasts = median(gaps) * max(1, quantity)
        share = (now - last) / _DAY / lasts
        if _EARLY <= share <= _LATE:
            found.append((share, Due(sku, title, last, round(lasts))))
    return [due for _, due in sorted(found, key=lambda one: -one[0])]


def disappointed_by(orders: Sequence[Order]) -> set[str]:
    """The SKUs that went back for money."""
    return {line.sku for order in orders for line in order.lines if line.status in ("refunding", "refunded")}
