"""What a shopper wants: reviewed wordings first, then a trained head; several at once where a message asks several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, Protocol

from nlp.reading.lexicon import Hit, lines_of

ENOUGH: Final = 0.3  # probability from which an intent is named beside a likelier one
FIRST: Final = 0.2  # probability from which the likeliest intent is named
MOST: Final = 4  # intents of one message
_RULE: Final = 0.4  # how much of the head's doubt a rule of weight 1 takes away


class Intent(NamedTuple):
    """One thing a message asks for; `label` is its Chinese name, `p` how sure the reader is."""

    name: str
    label: str
    p: float


class IntentHead(Protocol):
    """A trained classifier of intents; called from several threads."""

    def likely(self, text: str) -> Sequence[tuple[str, float]]:
        """Return (name, calibrated probability) of the intents of folded text, likeliest first."""
        ...


class Named(NamedTuple):
    """An intent as the list names it: its Chinese label and the group it belongs to."""

    label: str
    group: str


@cache
def intents() -> Mapping[str, Named]:
    """Return every intent by name, in the order of the list."""
    return {name: Named(label, group) for name, label, group, *_ in lines_of("intents")}


def intents_of(hits: Sequence[Hit], likely: Sequence[tuple[str, float]] = ()) -> tuple[Intent, ...]:
    """Return the intents that hits of the list `intent_rules` and a head's opinion speak for, surest first.

    A rule of negative weight rules its intent out. Without a head the rules decide alone; with one they lessen its
    doubt, for it has seen more wordings than they hold.
    """
    sure: dict[str, float] = {}
    ruled_out = {hit.rule.kind for hit in hits if hit.rule.weight < 0}
    for hit in hits:
        name = hit.rule.kind
        if hit.rule.weight > sure.get(name, 0.0):
            sure[name] = hit.rule.weight
    if likely:
        opinion = dict(likely)
        for name, weight in sure.items():
            p = opinion.get(name, 0.0)
            opinion[name] = p + (1 - p) * weight * _RULE
        sure = opinion
    named = intents()
    best = sorted((pair for pair in sure.items() if pair[0] not in ruled_out), key=lambda pair: -pair[1])[:MOST]
    return tuple(
        Intent(name, named[name].label, round(p, 4))
        for place, (name, p) in enumerate(best)
        if p >= ENOUGH or (place == 0 and p >= FIRST)
    )
