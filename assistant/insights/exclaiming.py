"""Three exclamation marks in a row, whatever their width, with blanks and emoji between them; told by their place."""

from __future__ import annotations

import re
from typing import Final

ENOUGH: Final = 3

_MARK: Final = "[!！﹗❗❕‼]"
_BETWEEN: Final = (
    r"(?:[\s\ufe0f\u200d~～]|[\u2600-\u2754\u2758-\u27bf\u2b50\U0001f000-\U0001faff]|\[[\w\u4e00-\u9fff]{1,6}\])*"
)
_RUN: Final = re.compile(rf"{_MARK}(?:{_BETWEEN}{_MARK})*")
_END: Final = re.compile(rf"({_MARK}(?:{_BETWEEN}{_MARK})*){_BETWEEN}$")


def run_in(text: str) -> str | None:
    """The first run of at least three marks, as it stands in the text."""
    for run in _RUN.finditer(text):
        if marks_in(run[0]) >= ENOUGH:
            return run[0]
    return None


def mark_at_end(text: str) -> str | None:
    """The mark or marks that end the text, emoji and blanks after them aside."""
    found = _END.search(text)
    return found[1] if found else None


def marks_in(text: str) -> int:
    """How many marks there are; ‼ is two."""
    return sum(2 if character == "‼" else character in "!！﹗❗❕" for character in text)
