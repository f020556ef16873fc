"""Dates as people write them; an end date includes its whole day."""

from datetime import UTC, datetime

import pytest

from knowledge_base.ingestion.validity import SHOP_ZONE, Period, period_of


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHOP_ZONE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-30", _at(2026, 6, 30)),
        ("2026/6/3", _at(2026, 6, 3)),
        ("2026.06.30", _at(2026, 6, 30)),
        ("2026年6月30日", _at(2026, 6, 30)),
        ("20260630", _at(2026, 6, 30)),
        ("2026-06-30 18:05", _at(2026, 6, 30, 18, 5)),
        ("2026年6月30日18点", _at(2026, 6, 30, 18)),
        ("2026-06-30T10:00:00Z", datetime(2026, 6, 30, 10, tzinfo=UTC)),
        ("2026-06-30T18:00:00.123+08:00", _at(2026, 6, 30, 18)),
        ("长期", None),
        ("", None),
    ],
)
def test_ways_to_write_a_beginning(text, expected):
    assert period_of(text, "", "生效时间", "失效时间").start == expected


def test_an_end_date_includes_its_day_and_an_end_time_is_exact():
    assert period_of("", "2026-06-30", "", "失效时间").end == _at(2026, 7, 1)
    assert period_of("", "2026-06-30 23:59:59", "", "失效时间").end == _at(2026, 7, 1)
    assert period_of("", "2026-06-30 18:00", "", "失效时间").end == _at(2026, 6, 30, 18)
    assert period_of("", "2026-06-30 24:00", "", "失效时间").end == _at(2026, 7, 1)


@pytest.mark.parametrize("text", ["2026-01-01至2026-06-30", "2026.1.1 ~ 2026.6.30", "2026-01-01 - 2026-06-30"])
def test_a_range_in_one_cell(text):
    assert period_of(text, "", "有效期", "") == Period(_at(2026, 1, 1), _at(2026, 7, 1))


def test_one_date_as_validity_is_an_end():
    assert period_of("2026-06-30", "", "有效期", "") == Period(None, _at(2026, 7, 1))


@pytest.mark.parametrize("text", ["明天", "2026-13-01", "2026-02-30", "2026-01-01 25:00", "9999-12-31至9999-12-31"])
def test_what_is_no_date_is_told_with_its_column(text):
    with pytest.raises(ValueError, match="失效时间"):
        period_of("", text, "", "失效时间")
