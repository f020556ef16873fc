"""Shares with the interval they could as well have come out in."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

Z: Final = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""
ENOUGH: Final = 30
"""Cases below which a share is told as too few to go by."""


class Share(NamedTuple):
    """`k` of `n`, the share and its 95 % Wilson interval; `enough` says whether n allows to go by it."""

    k: int
    n: int
    share: float
    low: float
    high: float
    enough: bool


def share(k: int, n: int) -> Share:
    """The share k of n with its Wilson score interval (Wilson 1927); 0 to 1 where there are no cases."""
    if n <= 0:
        return Share(0, 0, 0.0, 0.0, 1.0, False)
    p, z2 = k / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Share(k, n, round(p, 4), round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4), n >= ENOUGH)
