"""When a person should take over: one readable table, first hit wins."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.dialogue import Dialogue
from nlp.reading.reading import Reading

# A yes to 「也可以回复转人工」, and nothing more than a yes.
_ASSENT = re.compile(
    r"^(?:好的?|好吧|行|可以|嗯+|要|需要|麻烦|那就)?[,， ]*(?:帮我)?转(?:吧|一下|过去)?[。.！!~ ]*$"
    r"|^(?:好的?|行|可以|嗯+|要|需要)[。.！!~ ]*$"
)


@dataclass(frozen=True)
class Rule:
    """A reason to hand over. `fires` returns the words that fired it, or None."""

    name: str
    version: int
    fires: Callable[[Dialogue, Reading], str | None]


def _asked_for_a_person(_: Dialogue, reading: Reading) -> str | None:
    return reading.text if reading.wants_human else None


def _accepted_the_offer(dialogue: Dialogue, reading: Reading) -> str | None:
    text = reading.text.strip()
    return text if dialogue.person_offered and _ASSENT.match(text) else None


RULES = (
    Rule("asked_for_person", 1, fires=_asked_for_a_person),
    Rule("accepted_the_offer", 1, fires=_accepted_the_offer),
)


def first_hit(rules: tuple[Rule, ...], dialogue: Dialogue, reading: Reading) -> tuple[Rule, str] | None:
    """The first rule that fires and its evidence."""
    for rule in rules:
        evidence = rule.fires(dialogue, reading)
        if evidence is not None:
            return rule, evidence
    return None
