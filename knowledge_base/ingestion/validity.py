"""Dates that people write into tables, as moments of the shop's day; an end date includes its whole day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Asia/Shanghai")
"""Times without a zone are the shop's."""

_FOREVER = frozenset({"", "-", "—", "/", "无", "长期", "长期有效", "永久", "永久有效", "不限", "至今", "现在", "now"})
_DATE = (
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})?(?:[:：分](?P<second>\d{1,2})?(?:\.\d+)?)?\s*秒?分?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_ONE = re.compile(_DATE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RANGE = re.compile(r"\s*(?:至|到|~|～|—+|--|–|\bto\b)\s*|\s+-\s+|(?<=\d)\s*-\s*(?=\d{4}[-/.年])")


class Period(NamedTuple):
    """From a moment, included, to a moment, excluded; None where it has no end."""

    start: datetime | None
    end: datetime | None


def period_of(start: str, end: str, start_column: str, end_column: str) -> Period:
    """The period two cells state; when the second is empty the first may be a range (2026-01-01 至 2026-06-30).

    A single date in a column named 有效期 is an end. Raises `ValueError` with a Chinese sentence naming the column.
    """
    start, end = start.strip(), end.strip()
    if not end and start and not end_column:
        parts = [part for part in _RANGE.split(start) if part]
        if len(parts) == 2:
            return Period(_moment(parts[0], start_column), _moment(parts[1], start_column, closing=True))
        return Period(None, _moment(start, start_column, closing=True))
    return Period(_moment(start, start_column), _moment(end, end_column, closing=True))


def _moment(text: str, column: str, *, closing: bool = False) -> datetime | None:
    """The moment a cell states, None when it means for ever; a closing date lasts until the next midnight."""
    text = text.strip()
    if text.casefold() in _FOREVER:
        return None
    text = _COMPACT.sub(r"\1-\2-\3", text) if _COMPACT.fullmatch(text) else text
    found = _ONE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        part = found.groupdict()
        moment = datetime(int(part["year"]), int(part["month"]), int(part["day"]), tzinfo=SHOP_ZONE)
        if part["hour"] is None:
            return moment + timedelta(days=1) if closing else moment
        clock = timedelta(hours=int(part["hour"]), minutes=int(part["minute"] or 0), seconds=int(part["second"] or 0))
        if clock > timedelta(hours=24):
            raise ValueError
        moment += clock
        if part["zone"]:
            zone = part["zone"].replace("Z", "+0000").replace(":", "")
            moment = datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S}{zone}", "%Y-%m-%d %H:%M:%S%z")
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{column}「{text[:30]}」不是日期，应当写成 2026-06-30 或 2026-06-30 18:00") from error
    # 23:59:59 is how people write the end of a day in a cell that wants a time
    return (
        moment + timedelta(seconds=1)
        if closing and (moment.hour, moment.minute, moment.second) == (23, 59, 59)
        else moment
    )
