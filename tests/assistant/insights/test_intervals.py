"""Wilson intervals."""

import pytest

from assistant.insights.intervals import share


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe 1998, table I, method 3 (Wilson score without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_intervals_of_a_published_table(k: int, n: int, low: float, high: float) -> None:
    found = share(k, n)
    assert (found.low, found.high) == (low, high)


def test_no_cases_say_nothing() -> None:
    assert share(0, 0) == (0, 0, 0.0, 0.0, 1.0, False)
    assert not share(3, 29).enough
    assert share(3, 30).enough
