"""What the shop's goods are called, and where a message names one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import ahocorasick

from nlp.reading.taken import Taken
from nlp.words import fold, segment

_SHORTEST: Final = 3  # characters of a part of a name that may stand for the whole
_LONGEST_RUN: Final = 4  # words of such a part


class ProductNames:
    """The shop's products by what people write: SKU, full name, and every part of a name that no other product has."""

    def __init__(self, catalogue: Iterable[tuple[str, str]]) -> None:
        """Take (SKU, name) pairs; of two products with the same name neither is found by it."""
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for sku, name in catalogue:
            plain = fold(name).text
            for part in {plain, fold(sku).text, *_parts(plain)}:
                owners[part].add(sku)
        self._automaton = ahocorasick.Automaton()
        self._filled = False
        for part, skus in owners.items():
            if len(skus) == 1 and len(part) >= _SHORTEST:
                self._automaton.add_word(part, (len(part), *skus))
                self._filled = True
        self._automaton.make_automaton()

    def found_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, SKU) of the products that a folded text names, longest names first, none overlapping."""
        if not self._filled:
            return
        hits = [(last + 1 - length, last + 1, sku) for last, (length, sku) in self._automaton.iter(text)]
        taken = Taken()
        for start, end, sku in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if _is_whole(text, start, end) and taken.take(start, end):
                yield start, end, sku


def _parts(name: str) -> Iterator[str]:
    """Yield the runs of neighbouring words of a name that are long enough to mean it."""
    for piece in name.split():
        words = segment(piece)
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + _LONGEST_RUN) + 1):
                part = "".join(words[first:last])
                if len(part) >= _SHORTEST and not part.isdigit() and part in piece:
                    yield part


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a hit does not cut a Latin word or a number in two."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (before.isascii() and before.isalnum() and text[start].isascii() and text[start].isalnum())
        or (after.isascii() and after.isalnum() and text[end - 1].isascii() and text[end - 1].isalnum())
    )
