"""Long sections become passages short enough to be quoted and cited, cut where a sentence ends."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

LONGEST = 350
"""Characters of a passage: about what a chat bubble holds, and one thought of a policy text."""

_SENTENCE = re.compile(r"[^。！？!?；;…\n]*?(?:[。！？!?；;…]+[”’\"』」）)]*|\.(?=\s)|\n|\Z)")
_CLAUSE = re.compile(r"[^，,、：:\s]*[，,、：:\s]?")
_WORDY = re.compile(r"[0-9A-Za-z]")


def split(paragraphs: Sequence[str], longest: int = LONGEST) -> list[str]:
    """The passages of one section, in order, without overlap: together they are its text.

    Paragraphs stay whole where they fit and are separated by a line break; a longer one is cut after a sentence,
    failing that after a clause, and only then within one (not within a number or a Latin word). Passages of one section
    are about equally long, so that none is a scrap.
    """
    pieces: list[str] = []
    for paragraph in paragraphs:
        paragraph = paragraph.strip()
        if paragraph:
            pieces += _pieces(paragraph, longest)
            pieces[-1] += "\n"
    total = sum(map(len, pieces))
    goal = total / max(1, math.ceil(total / longest))
    passages: list[str] = []
    current = ""
    for piece in pieces:
        if current and (len(current) >= goal or len(current) + len(piece.rstrip()) > longest):
            passages.append(current.strip())
            current = ""
        current += piece
    if current.strip():
        passages.append(current.strip())
    return passages


def _pieces(paragraph: str, longest: int) -> list[str]:
    """A paragraph as pieces of at most `longest` characters that join to it again."""
    if len(paragraph) <= longest:
        return [paragraph]
    pieces: list[str] = []
    for sentence in filter(None, _SENTENCE.findall(paragraph)):
        if len(sentence) <= longest:
            pieces.append(sentence)
            continue
        for clause in filter(None, _CLAUSE.findall(sentence)):
            pieces += _cut(clause, longest)
    return pieces


def _cut(clause: str, longest: int) -> list[str]:
    """A clause without any border inside, cut by length."""
    parts = []
    while len(clause) > longest:
        end = longest
        while end > longest - 40 and _WORDY.match(clause[end - 1]) and _WORDY.match(clause[end]):
            end -= 1
        parts.append(clause[:end])
        clause = clause[end:]
    return [*parts, clause]
