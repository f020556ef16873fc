"""Time that is counted in the shop's open hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.desk import sla
from crm_core.desk.hours import Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = Hours(SHANGHAI, time(9), time(18))
NIGHT = Hours(SHANGHAI, time(20), time(2))


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "due"),
    [
        (Hours(SHANGHAI), at(23), 120, at(1, day=5)),
        (DAY, at(10), 60, at(11)),
        (DAY, at(17, 30), 60, at(9, 30, day=5)),
        (DAY, at(3), 60, at(10)),
        (DAY, at(20), 9 * 60 + 30, at(9, 30, day=6)),
        (NIGHT, at(1), 90, at(20, 30)),
        (NIGHT, at(23), 60, at(0, day=5)),
    ],
)
def test_due(hours: Hours, start: datetime, minutes: int, due: datetime) -> None:
    assert sla.due(hours, start, timedelta(minutes=minutes)) == due


def test_a_day_on_which_the_clock_is_put_forward_has_an_hour_less() -> None:
    hours = Hours(BERLIN, time(0), time(12))
    night = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    assert sla.between(hours, night, datetime(2026, 3, 30, 0, 0, tzinfo=BERLIN)) == timedelta(hours=11)


@given(
    st.sampled_from([Hours(SHANGHAI), DAY, NIGHT]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
    st.integers(1, 10_000),
)
def test_as_much_lies_between_as_was_added(hours: Hours, start: datetime, minutes: int) -> None:
    begun = start.replace(tzinfo=UTC)
    due = sla.due(hours, begun, timedelta(minutes=minutes))
    assert sla.between(hours, begun, due) == timedelta(minutes=minutes)
