"""No figure without a source: a sentence whose numbers stand in none of its grounds is not said."""

import re
import unicodedata
from collections.abc import Iterable

# Runs of digits with what glues them into one figure: 1,299.00 or 12:30 or 2026-11-24.
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.:\-/]\d+)*")


def figures(text: str) -> set[str]:
    """Every figure of a text, full-width digits folded, thousands separators dropped."""
    # A full-width comma parts two figures, it never groups the digits of one.
    folded = unicodedata.normalize("NFKC", text.replace("，", " "))
    return {match.replace(",", "") for match in _FIGURE.findall(folded)}


def unsupported(text: str, grounds: Iterable[str]) -> set[str]:
    """The figures of `text` that none of the grounds holds."""
    held: set[str] = set()
    for ground in grounds:
        held |= figures(ground)
    return figures(text) - held
