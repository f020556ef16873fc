"""Does an article hold, at this time and for this shopper? An expired rule or another product's answer never passes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from knowledge_base.articles import Scope


def holds(
    scope: Scope, *, at: datetime, sku: str | None = None, platform: str | None = None, tier: str | None = None
) -> bool:
    """Whether a scope admits a question asked under the rules of `at` (now, or when the order was placed).

    An unknown product or platform (None) excludes nothing, for the question itself may name it; a member tier must be
    known to be admitted, because what is promised to members is promised to nobody else. Letters match in either case.
    """
    if scope.valid_from is not None and at < scope.valid_from:
        return False
    if scope.valid_to is not None and at >= scope.valid_to:
        return False
    if scope.skus and sku is not None and not _among(sku, scope.skus):
        return False
    if scope.platforms and platform is not None and not _among(platform, scope.platforms):
        return False
    return not scope.tiers or (tier is not None and _among(tier, scope.tiers))


def closeness(scope: Scope, *, sku: str | None = None, platform: str | None = None) -> int:
    """How near a scope that holds is to what is in focus: 1 made for it, 0 general, -1 made for something unknown."""
    if scope.skus:
        return 1 if sku is not None and _among(sku, scope.skus) else -1
    if scope.platforms and platform is None:
        return -1
    return 0


def _among(value: str, allowed: Iterable[str]) -> bool:
    value = value.casefold()
    return any(value == one.casefold() for one in allowed)
