"""Price-sensitive: said of a shopper who asks again, not of one who asked once.

It takes two different messages that ask for a lower price or object to it, or one that bargains or objects beside one
reference to a price elsewhere. The score is 1 − exp(−Σ weight · 0.9^age), age in shopper's messages: what was said long
ago fades.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from assistant.insights.signals import Rule, Signal
from assistant.insights.utterances import Utterance
from nlp.reading.reading import Reading

REPEATED: Final = Rule("price_repeated", 1)
OBJECTED: Final = Rule("price_objection_reference", 1)
ASKING: Final = frozenset({"discount", "bargain", "wait"})
OBJECTING: Final = frozenset({"expensive", "bargain"})
REFERRING: Final = frozenset({"compare", "protection"})
_WEIGHTS: Final = {"expensive": 0.7, "bargain": 0.6, "discount": 0.5, "wait": 0.5, "compare": 0.5, "protection": 0.4}
_WEAK: Final = 0.15  # a budget, a question of worth: said by many who will pay
_FADES: Final = 0.9
_MID, _HIGH = 0.5, 0.75
_KEPT: Final = 50
_CERTAIN: Final = 0.5


@dataclass(frozen=True)
class PriceTurn:
    """A message with price cues: its line, its place among the shopper's messages, kinds and words of the cues."""

    line: int
    nth: int
    kinds: tuple[str, ...]
    words: tuple[str, ...]

    def has(self, kinds: frozenset[str]) -> bool:
        """Is one of the cues of these kinds?"""
        return not kinds.isdisjoint(self.kinds)


def noted(turns: tuple[PriceTurn, ...], said: Utterance, nth: int) -> tuple[PriceTurn, ...]:
    """The price turns with this message added, where it is one."""
    if said.reading is None:
        return turns
    # Whose coupon does not work reports a fault; that is no wish for a lower price.
    fails = _coupon_fails(said.reading)
    cues = [cue for cue in said.reading.price_cues if not (fails and cue.kind == "discount")]
    if not cues:
        return turns
    turn = PriceTurn(said.line, nth, tuple(cue.kind for cue in cues), tuple(cue.text for cue in cues))
    return (*turns, turn)[-_KEPT:]


def price_sensitive(turns: tuple[PriceTurn, ...], nth: int) -> Signal | None:
    """The verdict as of the shopper's message `nth`; None where price was not asked for repeatedly."""
    asking = [turn for turn in turns if turn.has(ASKING | OBJECTING)]
    objecting = [turn for turn in turns if turn.has(OBJECTING)]
    referring = [turn for turn in turns if turn.has(REFERRING)]
    if len(asking) >= 2:
        rule = REPEATED
    elif objecting and referring:
        rule = OBJECTED
    else:
        return None
    speaking = sorted({*asking, *objecting, *referring}, key=lambda turn: turn.nth)
    weight = sum(max(_WEIGHTS.get(kind, _WEAK) for kind in turn.kinds) * _FADES ** (nth - turn.nth) for turn in turns)
    score = 1 - math.exp(-weight)
    level = "high" if score >= _HIGH else "mid" if score >= _MID else "low"
    evidence = tuple(turn.line for turn in speaking)
    return Signal("price_sensitive", level, rule, evidence, "；".join(speaking[-1].words), round(score, 3))


def _coupon_fails(reading: Reading) -> bool:
    return any(intent.name == "coupon_fails" and intent.p >= _CERTAIN for intent in reading.intents)
