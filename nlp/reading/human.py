"""Whether the shopper wants a person, and the words that say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlp.reading.lexicon import Hit

ENOUGH: Final = 0.6  # weight of a wording from which it counts as a wish


def wish_for_human(hits: Sequence[Hit]) -> Hit | None:
    """Return the clearest of the hits of the `human` list, or nothing if none is clear enough."""
    clearest = max(hits, key=lambda hit: hit.rule.weight, default=None)
    return clearest if clearest is not None and clearest.rule.weight >= ENOUGH else None
