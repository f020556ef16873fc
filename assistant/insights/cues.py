"""What a session is read for beside the reader's own findings: hesitation, motive, danger, law, abuse, praise.

Words that carry a feeling are looked up too: a mood that stands in the words weighs more than one that a trained head
guesses.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from nlp.reading.emotion import NEGATIVE, POSITIVE
from nlp.reading.lexicon import Lexicon, longest, rules_of
from nlp.words import Folded, fold

ENOUGH: Final = 0.7
"""Weight from which a hit counts by itself, as it does for the reader's urgency."""
FELT_ENOUGH: Final = 0.4
"""The same for words that carry a feeling."""
SAID_GOOD, SAID_BAD = "felt:good", "felt:bad"
_SESSION, _URGENCY, _EMOTION = "session", "urgency", "emotion"
_NO_MATTER: Final = frozenset({"calm", "low", "hurry", "deadline"})  # say how soon, not what has happened


class Cue(NamedTuple):
    """Words of the given text (`start`, `end`) that a list knows; `kind` is the list's, `rule` the line's id."""

    kind: str
    start: int
    end: int
    words: str
    rule: str


def cues_in(text: str, folded: Folded | None = None) -> tuple[Cue, ...]:
    """The cues of one message (`folded`, where at hand) in the order of the text; those of one list never overlap."""
    folded = folded or fold(text)
    found = []
    for part, hits in _lexicon().scan(folded.text).items():
        for hit in longest(hits):
            kind = _felt(hit.rule.kind) if part == _EMOTION else hit.rule.kind
            enough = FELT_ENOUGH if part == _EMOTION else ENOUGH
            if kind and hit.rule.weight >= enough and kind not in _NO_MATTER:
                start, end = folded.span(hit.start, hit.end)
                found.append(Cue(kind, start, end, text[start:end], hit.rule.id))
    return tuple(sorted(found, key=lambda cue: (cue.start, cue.end)))


def _felt(kind: str) -> str:
    """Whether a feeling is good or bad; "" for what is neither (a word that strengthens, irony)."""
    return SAID_GOOD if kind in POSITIVE else SAID_BAD if kind in NEGATIVE else ""


@cache
def _lexicon() -> Lexicon:
    return Lexicon([rule for part in (_SESSION, _URGENCY, _EMOTION) for rule in rules_of(part)])
