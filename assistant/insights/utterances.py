"""One line of a session as it is summed up: who spoke, when, what, and what the reader saw in a shopper's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from assistant.insights.cues import Cue, cues_in
from crm_core.conversations.events import AgentSpoke, BotReplied, Event, ShopperSpoke
from nlp.reading.intents import intents
from nlp.reading.reading import Reader, Reading
from nlp.words import fold

Role = Literal["shopper", "bot", "agent"]

_NOISE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Utterance:
    """`seq` rises within a session; `line` is what evidence names: the entry's number, or the line of a log file.

    `at` is None where the log tells no times. `folded` is the text in its plain form (`nlp.words.fold`), `plain` that
    without marks and blanks: what stays the same when a message is sent again. `reading` and `cues` are of a shopper's
    words alone.
    """

    seq: int
    line: int
    role: Role
    text: str
    folded: str
    plain: str
    at: datetime | None = None
    reading: Reading | None = None
    cues: tuple[Cue, ...] = ()


def utterance_of(
    event: Event, reader: Reader, *, seq: int, line: int, at: datetime | None, known: Reading | None = None
) -> Utterance | None:
    """What was said, read (`known` is a reading of it at hand); None for an event in which nobody speaks."""
    match event:
        case ShopperSpoke(text=text):
            folded = fold(text)
            reading = known or reader.read(text, at)
            cues = _outside_names(cues_in(text, folded), reading)
            return Utterance(seq, line, "shopper", text, folded.text, plain(folded.text), at, reading, cues)
        case BotReplied(text=text):
            return spoken(seq, line, "bot", text, at)
        case AgentSpoke(text=text):
            return spoken(seq, line, "agent", text, at)
        case _:
            return None


def _outside_names(cues: tuple[Cue, ...], reading: Reading) -> tuple[Cue, ...]:
    """The cues that do not stand in the name of a product: the 火星 of a 火星铲 is no danger."""
    names = [(entity.start, entity.end) for entity in reading.entities if entity.kind == "product"]
    return tuple(cue for cue in cues if not any(cue.start < last and first < cue.end for first, last in names))


def spoken(
    seq: int,
    line: int,
    role: Role,
    text: str,
    at: datetime | None,
    reading: Reading | None = None,
    cues: tuple[Cue, ...] = (),
) -> Utterance:
    """An utterance from its text and what was read in it."""
    folded = fold(text).text
    return Utterance(seq, line, role, text, folded, plain(folded), at, reading, cues)


def group_of(intent: str) -> str:
    """The group of an intent (presale, logistics, small_talk, …); "other" for one that the list does not name."""
    named = intents().get(intent)
    return named.group if named is not None else "other"


def plain(folded: str) -> str:
    """A folded text without punctuation, marks and blanks."""
    return _NOISE.sub("", folded)
