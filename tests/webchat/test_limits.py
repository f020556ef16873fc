"""A bucket lets a burst through and then the rate."""

from hypothesis import given
from hypothesis import strategies as st

from webchat.limits import Bucket


def test_a_burst_passes_and_the_next_waits_its_time() -> None:
    bucket = Bucket(rate=5, burst=3)
    assert [bucket.take(100.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take(100.0) == 0.2
    assert bucket.take(100.2) == 0.0


@given(st.lists(st.floats(0, 2), max_size=60))
def test_no_more_passes_than_burst_and_rate_allow(gaps: list[float]) -> None:
    bucket, now, passed = Bucket(rate=2, burst=4), 0.0, 0
    for gap in gaps:
        now += gap
        passed += bucket.take(now) == 0.0
    assert passed <= 4 + 2 * now + 1e-6
