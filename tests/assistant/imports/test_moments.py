"""Times and days as shops' files have them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.imports.cells import WrongCell
from assistant.imports.moments import SHANGHAI, day, moment, until


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-01-02", at(2026, 1, 2)),
        ("2026-01-02 15:04", at(2026, 1, 2, 15, 4)),
        ("2026/1/2 3:04:05", at(2026, 1, 2, 3, 4, 5)),
        ("2026.1.2", at(2026, 1, 2)),
        ("2026年1月2日", at(2026, 1, 2)),
        ("2026年1月2日 下午3时4分5秒", at(2026, 1, 2, 15, 4, 5)),
        ("2026年1月2日 星期五 15:04", at(2026, 1, 2, 15, 4)),
        ("2026/1/2 3:04 PM", at(2026, 1, 2, 15, 4)),
        ("2026/1/2 12:00 AM", at(2026, 1, 2)),
        ("２０２６－０１－０２", at(2026, 1, 2)),
        ("20260102", at(2026, 1, 2)),
        ("20260102150405", at(2026, 1, 2, 15, 4, 5)),
        ("46024", at(2026, 1, 2)),
        ("46024.5", at(2026, 1, 2, 12)),
        (46024.5, at(2026, 1, 2, 12)),
        (1767337445, at(2026, 1, 2, 15, 4, 5)),
        ("1767337445000", at(2026, 1, 2, 15, 4, 5)),
        ("2026-01-02T07:04:05Z", at(2026, 1, 2, 15, 4, 5)),
        ("2026-01-02T15:04:05.123456+08:00", at(2026, 1, 2, 15, 4, 5, 123000)),
        ("2026-01-02 07:04:05 +0000", at(2026, 1, 2, 15, 4, 5)),
    ],
)
def test_a_time_without_a_zone_is_shanghais(cell: Any, expected: datetime) -> None:
    assert moment(cell) == expected


@pytest.mark.parametrize(
    "cell",
    ["2026-02-30", "1/2/2026", "26/1/2", "2026-01-02 25:00", "昨天", "9999-12-31", "1900-01-00", True, [], "123"],
)
def test_what_is_no_time_is_refused(cell: Any) -> None:
    with pytest.raises(WrongCell):
        moment(cell)


def test_a_database_zero_is_no_time() -> None:
    assert moment("0000-00-00 00:00:00") is None
    assert moment("无") is None


def test_something_valid_until_a_day_holds_to_its_end() -> None:
    assert until("2026-11-11") == at(2026, 11, 11, 23, 59, 59, 999000)
    assert until("2026-11-11 00:00") == at(2026, 11, 11)
    assert until("2026-11-11 20:00") == at(2026, 11, 11, 20)
    assert until("9999-12-31") is None


def test_birthdays_come_with_and_without_a_year() -> None:
    assert day("1990年5月17日") == "1990-05-17"
    assert day("33010") == "1990-05-17"
    assert day("5月17日") == day("05-17") == "05-17"
    with pytest.raises(WrongCell):
        day("13-40")


def test_times_read_are_stored_as_utc() -> None:
    found = moment("2026-01-02 08:00")
    assert found is not None
    assert found.astimezone(UTC).hour == 0
