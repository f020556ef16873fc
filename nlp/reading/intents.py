"""What a shopper wants: reviewed word rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

CERTAIN = 0.95  # the confidence of a word rule: reviewed, not measured


@dataclass(frozen=True)
class Intent:
    """One thing a message asks for; `label` is its Chinese name, `p` how sure the reader is."""

    name: str
    label: str
    p: float


@dataclass(frozen=True)
class _Rule:
    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def intents_in(folded: str) -> tuple[Intent, ...]:
    """The intents of a folded message, surest first."""
    names = [
        rule.name
        for rule in _rules()
        if rule.pattern.search(folded) and not (rule.unless and rule.unless.search(folded))
    ]
    return tuple(Intent(name, labels()[name], CERTAIN) for name in dict.fromkeys(names))


@cache
def labels() -> dict[str, str]:
    """Every intent's name and its Chinese label."""
    return {row[0]: row[1] for row in _table("intents.tsv")}


@cache
def groups() -> dict[str, str]:
    """Every intent's name and the group it belongs to."""
    return {row[0]: row[2] for row in _table("intents.tsv")}


@cache
def _rules() -> tuple[_Rule, ...]:
    rules = []
    for row in _table("intent_rules.tsv"):
        name, pattern, unless = (*row, "", "")[:3]
        rules.append(_Rule(name, re.compile(pattern), re.compile(unless) if unless else None))
    return tuple(rules)


def _table(name: str) -> list[Sequence[str]]:
    text = resources.files("nlp").joinpath("lexicons", name).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]
