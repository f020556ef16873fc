"""Rows of order sheets as orders: what was bought, by whom, and in which order things happened."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from assistant.imports.buyers import Buyer
from assistant.imports.columns import WrongRow
from assistant.imports.moments import SHANGHAI

AHEAD = timedelta(days=1)
"""How far a shop's clock may be ahead of ours."""
STEPS = ("ordered_at", "paid_at", "shipped_at", "delivered_at")
_STEP_STATUS = {"paid_at": "paid", "shipped_at": "shipped", "delivered_at": "delivered"}
_COURSE = ("pending", "paid", "shipped", "delivered", "finished")

Line = dict[str, Any]


@dataclass(slots=True)
class Bought:
    """An order, or the part of it that one row tells.

    `total` is what was paid for the whole order, where the sheet says it of the order and not of the row; it is shared
    out over the lines by `weights`. `assumed` are the lines whose status was concluded.
    """

    platform: str
    order_id: str
    buyer: Buyer
    ordered_at: datetime
    receiver_city: str | None
    lines: list[Line]
    weights: list[int] = field(default_factory=list)
    total: int | None = None
    assumed: frozenset[int] = frozenset()
    may_repeat: bool = False  # each row of the order may repeat the order's total in place of its own amount
    freight: int = 0

    @property
    def key(self) -> Hashable:
        """What rows of one order have in common."""
        return self.platform, self.order_id


def check_steps(times: dict[str, datetime | None], names: dict[str, str], now: datetime) -> None:
    """Raise `WrongRow` when a step comes a day or more before an earlier one, or in the future.

    Clocks of shop, warehouse and carrier differ by hours, and many sheets give days only; a day is an error of data,
    and return windows are counted from these days.
    """
    before: str | None = None
    for step in STEPS:
        moment = times.get(step)
        if moment is None:
            continue
        if moment > now + AHEAD:
            raise WrongRow(f"「{names.get(step, step)}」是 {_shown(moment)}，应为已经过去的时间")
        earlier = times[before] if before else None
        if before and earlier and moment.astimezone(SHANGHAI).date() < earlier.astimezone(SHANGHAI).date():
            early, late = (
                f"「{names.get(step, step)}」{_shown(moment)}",
                f"「{names.get(before, before)}」{_shown(earlier)}",
            )
            raise WrongRow(f"{early} 早于{late}，应当晚于它")
        before = step


def concluded_status(times: dict[str, datetime | None], paid_amount: int | None) -> str:
    """Where an order stands by its times alone."""
    for step, status in reversed(_STEP_STATUS.items()):
        if times.get(step) is not None:
            return status
    return "paid" if paid_amount else "pending"


def contradiction(status: str, times: dict[str, datetime | None]) -> str | None:
    """The step that has a time although the status says it has not happened."""
    if status not in _COURSE:
        return None
    for step, reached in _STEP_STATUS.items():
        if times.get(step) is not None and _COURSE.index(reached) > _COURSE.index(status):
            return step
    return None


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """An amount in fen divided by weight, to the last fen (largest remainders first); equally where nothing weighs."""
    whole = sum(weights)
    if whole <= 0:
        weights, whole = [1] * len(weights), len(weights)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: -(total * weights[at] % whole))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares


def repeated_total(parts: Sequence[Bought]) -> int | None:
    """The order's total where each of its rows repeats it: one amount, and more than any row's goods cost.

    Where no row tells what its goods cost, one amount everywhere is taken for the total: a total counted twice tells
    the shopper of money that was never paid.
    """
    amounts = {line["paid_amount"] for part in parts for line in part.lines}
    if len(parts) < 2 or len(amounts) != 1 or not all(part.may_repeat for part in parts):
        return None
    amount: int | None = amounts.pop()
    dearest = max((weight for part in parts for weight in part.weights), default=0)
    freight = max(part.freight for part in parts)
    return amount if amount is not None and (dearest == 0 or dearest < amount - freight) else None


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
