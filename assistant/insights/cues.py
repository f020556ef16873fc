"""What a session is read for beside the reader's own findings: hesitation, motive, danger, law, abuse, praise."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from nlp.reading.lexicon import Lexicon, longest, rules_of
from nlp.words import Folded, fold

ENOUGH: Final = 0.7
"""Weight from which a hit counts by itself, as it does for the reader's urgency."""
_SESSION, _URGENCY = "session", "urgency"
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
    for hits in _lexicon().scan(folded.text).values():
        for hit in longest(hits):
            if hit.rule.weight < ENOUGH or hit.rule.kind in _NO_MATTER:
                continue
            start, end = folded.span(hit.start, hit.end)
            found.append(Cue(hit.rule.kind, start, end, text[start:end], hit.rule.id))
    return tuple(sorted(found, key=lambda cue: (cue.start, cue.end)))


@cache
def _lexicon() -> Lexicon:
    return Lexicon([*rules_of(_SESSION), *rules_of(_URGENCY)])
