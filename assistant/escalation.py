"""When a person should take over: one readable table, first hit wins."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.dialogue import Dialogue
from nlp.reading.reading import Reading


@dataclass(frozen=True)
class Rule:
    """A reason to hand over. `fires` returns the words that fired it, or None; `propose` asks the shopper first."""

    name: str
    version: int
    propose: bool
    fires: Callable[[Dialogue, Reading], str | None]


def _asked_for_a_person(_: Dialogue, reading: Reading) -> str | None:
    return reading.text if reading.wants_human else None


RULES = (Rule("asked_for_person", 1, propose=False, fires=_asked_for_a_person),)


def first_hit(rules: tuple[Rule, ...], dialogue: Dialogue, reading: Reading) -> tuple[Rule, str] | None:
    """The first rule that fires and its evidence."""
    for rule in rules:
        evidence = rule.fires(dialogue, reading)
        if evidence is not None:
            return rule, evidence
    return None
