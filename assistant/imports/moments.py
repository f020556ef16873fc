"""Times and days in shops' files: ISO, slashes, 2026年1月2日, spreadsheet day numbers, seconds since 1970.

A time without a zone is Asia/Shanghai.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistant.imports.cells import UNKNOWN, WrongCell, text

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXPECTED = "时间，例如 2026-01-02 15:04"
EXPECTED_DAY = "日期，例如 1990-05-17"
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Shops' files tell of nothing outside; 1900-01-00 and 9999-12-31 stand for "not known" in them."""

_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")  # days since 1899-12-30: 1954 to 2119
_SECONDS = re.compile(r"1\d{9}(?:\.\d+)?|1\d{12}")  # since 1970, from 2001 to 2033; 13 digits are milliseconds
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
    r"(?:[T\s]*(上午|下午|晚上|凌晨|中午|早上|AM|PM)?\s*(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?秒?|分)?)?"
    r"\s*(AM|PM)?)?\s*(Z|UTC|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE,
)
_EPOCH = datetime(1899, 12, 30)
_AFTERNOON = frozenset({"下午", "晚上", "PM"})
_NOON_IS_EARLY = frozenset({"上午", "凌晨", "早上", "AM"})
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")


def moment(cell: Any) -> datetime | None:
    """A time with its zone, to the millisecond; None where the cell says that nothing is known."""
    said = _said(cell)
    return None if said is None else _moment(said)


def until(cell: Any) -> datetime | None:
    """A time until which something holds: a day without a time of day counts to its end, 9999-12-31 is no end."""
    said = _said(cell)
    if said is None or re.match(r"(?:2[1-9]|[3-9]\d)\d\d[-/.年]", said):
        return None
    found = _moment(said)
    if found.timetz() != time(0, tzinfo=SHANGHAI) or re.search(r"\d[:时点]\d", said):
        return found
    return found + timedelta(days=1) - timedelta(milliseconds=1)


def day(cell: Any) -> str | None:
    """A day as 1990-05-17, or as 05-17 where no year is given."""
    said = _said(cell)
    if said is None:
        return None
    partial = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", said))
    if partial is not None:
        try:
            return date(2000, int(partial[1]), int(partial[2])).isoformat()[5:]  # 2000 has a 29 February
        except ValueError:
            raise WrongCell(EXPECTED_DAY) from None
    try:
        found = _naive(said)
    except ValueError:
        raise WrongCell(EXPECTED_DAY) from None
    if not 1900 <= found.year <= LAST_YEAR:
        raise WrongCell("1900 年以后的日期")
    return found.date().isoformat()


def _said(cell: Any) -> str | None:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise WrongCell(EXPECTED)
    said = cell.strip() if isinstance(cell, str) else text(cell)
    return None if said in UNKNOWN else said[:60]


def _moment(said: str) -> datetime:
    try:
        found = _naive(said)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise WrongCell(f"{FIRST_YEAR} 年到 {LAST_YEAR} 年之间的时间")
        if found.tzinfo is None:
            found = found.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        raise WrongCell(EXPECTED) from None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)  # the record keeps milliseconds


def _naive(said: str) -> datetime:
    """The time as written, with a zone only where one is written; ValueError when it is none."""
    if said[4:5] == "-" and said.isascii():
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            pass
    said = unicodedata.normalize("NFKC", said).strip()
    if _SERIAL.fullmatch(said):
        return _EPOCH + timedelta(seconds=round(float(said) * 86_400))
    if _SECONDS.fullmatch(said):
        return datetime.fromtimestamp(float(said) / (1000 if len(said) == 13 else 1), UTC)
    compact = _COMPACT.fullmatch(said)
    if compact is not None:
        return datetime(*(int(part or 0) for part in compact.groups()))  # type: ignore[arg-type]
    written = _WRITTEN.fullmatch(said)
    if written is None:
        raise ValueError(said)
    return _assembled(written)


def _assembled(written: re.Match[str]) -> datetime:
    year, month, day_, early, hour, minute, second, fraction, late, zone = written.groups()
    half = (early or late or "").upper()
    o_clock = int(hour or 0)
    if half and o_clock <= 12:
        if half in _AFTERNOON and o_clock < 12:
            o_clock += 12
        elif half in _NOON_IS_EARLY and o_clock == 12:
            o_clock = 0
    micro = int((fraction or "").ljust(6, "0")[:6] or 0)
    found = datetime(int(year), int(month), int(day_), o_clock, int(minute or 0), int(second or 0), micro)
    return found if zone is None else datetime.fromisoformat(found.isoformat() + _offset(zone))


def _offset(zone: str) -> str:
    digits = re.sub(r"^(?:GMT|UTC|Z)", "", zone.upper())
    if not digits:
        return "+00:00"
    sign, numbers = digits[0], digits[1:].replace(":", "")
    hours, minutes = (numbers, "00") if len(numbers) <= 2 else (numbers[:-2], numbers[-2:])
    return f"{sign}{int(hours):02d}:{minutes}"
