"""How soon somebody has to act: a lost parcel, an injury, a wrong address before dispatch do not wait in line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal

from nlp.reading.lexicon import Hit

Urgency = Literal["low", "normal", "high"]

_CALM: Final = "calm"
_LOW: Final = "low"
_HURRY: Final = frozenset({"hurry", "deadline"})
_ENOUGH: Final = 0.7  # weight from which one hit makes a message urgent
# Intents that say by themselves that nothing has happened yet or all is well.
LOW_GROUPS: Final = frozenset({"presale", "small_talk", "praise", "membership", "promotion", "other"})


def urgency_of(hits: Sequence[Hit], groups: Collection[str] = ()) -> Urgency:
    """Return the urgency that the hits of the `urgency` list and the groups of the message's intents speak for.

    Who says 不急 is not urgent for being in a hurry, but an injury or a lost parcel stays one.
    """
    if hits:
        calm = any(hit.rule.kind == _CALM for hit in hits)
        for hit in hits:
            kind = hit.rule.kind
            if kind not in (_CALM, _LOW) and hit.rule.weight >= _ENOUGH and not (calm and kind in _HURRY):
                return "high"
    if groups:
        return "low" if LOW_GROUPS.issuperset(groups) else "normal"
    return "low" if any(hit.rule.kind == _LOW for hit in hits) else "normal"
