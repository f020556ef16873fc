"""Which characters of a text are spoken for, when several findings lay claim to them."""

from __future__ import annotations

from bisect import bisect_left


class Taken:
    """Which characters of a text are spoken for already; each look costs a logarithm, however many spans there are."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take a span, and tell whether it was free; one that touches a taken character is not taken."""
        if not self.is_free(start, end):
            return False
        place = bisect_left(self._starts, start)
        self._starts.insert(place, start)
        self._ends.insert(place, end)
        return True

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether no character of a span is taken."""
        place = bisect_left(self._starts, end)  # spans from here on begin behind it
        return not place or self._ends[place - 1] <= start
