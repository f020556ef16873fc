"""How soon somebody has to act: a lost parcel, an injury, a wrong address before dispatch do not wait in line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal

from nlp.reading.lexicon import Hit

Urgency = Literal["low", "normal", "high"]

# Groups of intents that say by themselves that nothing has happened yet or all is well.
LOW_GROUPS: Final = frozenset({"presale", "small_talk", "praise", "membership", "promotion", "other"})
# Intents that are urgent by themselves.
URGENT: Final = frozenset(
    {"report_injury", "parcel_lost", "signed_not_received", "threaten_report", "merchant_sent_wrong_address"}
)

_CERTAIN: Final = 1.0  # weight of a wording that is urgent wherever it stands
_RAISES: Final = 0.5  # joint weight of haste and deadlines from which they raise a message by one step


def urgency_of(hits: Sequence[Hit], groups: Collection[str] = (), surely: Collection[str] = ()) -> Urgency:
    """Return the urgency that the hits of the `urgency` list and the message's intents speak for.

    `groups` are the groups of its intents, `surely` the names of those that are more likely than not. Haste and
    deadlines raise by one step what the intents call low or normal; without intents a message is normal.
    """
    if not URGENT.isdisjoint(surely):
        return "high"
    calm = bool(groups) and LOW_GROUPS.issuperset(groups)
    if not hits:
        return "low" if calm else "normal"
    doubt = 1.0
    for hit in hits:
        if hit.rule.weight >= _CERTAIN:
            return "high"
        doubt *= 1 - hit.rule.weight
    if 1 - doubt < _RAISES:
        return "low" if calm else "normal"
    return "normal" if calm else "high"
