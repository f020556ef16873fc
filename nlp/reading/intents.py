"""What a shopper wants: reviewed wordings first, then a trained head; several at once where a message asks several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, Protocol

from nlp.reading.lexicon import Hit, lines_of

ENOUGH: Final = 0.3  # probability from which the head's opinion counts
MOST: Final = 4  # intents of one message


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

    Where both know an intent the surer one counts, and the head's doubt about a rule does not: rules are reviewed.
    """
    sure: dict[str, float] = {}
    for hit in hits:
        name = hit.rule.kind
        if hit.rule.weight > sure.get(name, 0.0):
            sure[name] = hit.rule.weight
    for name, p in likely:
        if p >= ENOUGH and p > sure.get(name, 0.0):
            sure[name] = p
    if not sure:
        return ()
    named = intents()
    best = sorted(sure, key=lambda name: -sure[name])[:MOST]
    return tuple(Intent(name, named[name].label, round(sure[name], 4)) for name in best)
