"""When work that is counted in the shop's open hours falls due, and how much of them lies between two moments."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from crm_core.desk.hours import Hours

_DAY = timedelta(days=1)
_LONGEST_WAIT = 3_700
"""Days that are looked through for working time: no deadline is further away than ten years."""


def due(hours: Hours, at: datetime, working: timedelta) -> datetime:
    """The moment by which so much working time has passed since `at`."""
    left = working
    for start, end in _windows(hours, at):
        since = max(start, at)
        if end > since:
            if end - since >= left:
                return since + left
            left -= end - since
    raise OverflowError("no deadline is that far away")


def between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The working time from one moment to another; none where the second is earlier."""
    total = timedelta(0)
    for opening, closing in _windows(hours, start):
        if opening >= end:
            break
        total += max(timedelta(0), min(closing, end) - max(opening, start))
    return total


def _windows(hours: Hours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times in which people serve, in UTC, from the day before `at` on."""
    if hours.opens is None or hours.closes is None or hours.opens == hours.closes:
        yield at.astimezone(UTC), at.astimezone(UTC) + _LONGEST_WAIT * _DAY
        return
    first = at.astimezone(hours.zone).date() - _DAY
    for number in range(_LONGEST_WAIT):
        day = first + number * _DAY
        ends = day + _DAY if hours.closes <= hours.opens else day
        # By the clock on the wall: a day on which it is put forward or back has fewer hours, or more.
        opening = datetime.combine(day, hours.opens, hours.zone)
        yield opening.astimezone(UTC), datetime.combine(ends, hours.closes, hours.zone).astimezone(UTC)
