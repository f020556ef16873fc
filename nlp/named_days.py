"""The days that people name: 明天, 上周三, 11月5号, 月底, 去年双11 become dates, given today."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlp import festivals

_DAY: Final = timedelta(days=1)
_DIGITS: Final = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "两": 2, "俩": 2, "〇": 0}
_NEAR_DAYS: Final = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "大后": 3, "后": 2}
_WEEKS: Final = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
_MONTHS: Final = {"上": -1, "上个": -1, "这个": 0, "本": 0, "当": 0, "下": 1, "下个": 1, "": 0}
_YEARS: Final = {"前": -2, "去": -1, "今": 0, "明": 1}

_FESTIVALS: Final = "|".join(sorted(map(re.escape, festivals.NAMES), key=len, reverse=True))
# A grammar of named days; each alternative has a group of its own, by which `days_of` knows how to read it.
DAY: Final = (
    r"(?P<near>大前|前|昨|今|当|明|次|大后|后)(?P<near_unit>天|日|儿|晚|早)"
    r"|(?P<week>上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    r"|(?P<whole_week>上上|上|这|本|下下|下)个?(?:周|星期|礼拜)(?![一二三四五六日天末])"
    r"|(?P<full_year>20\d\d)[-/.年](?P<full_month>\d{1,2})[-/.月](?P<full_day>\d{1,2})[日号]?"
    r"|(?:(?P<year>前|去|今|明)年的?)?(?<!\d)(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份的?)?"
    r"(?P<month_day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?"
    r"|(?P<which_month>上个|上|这个|本|当|下个|下)月的?"
    r"(?:(?P<that_day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|(?P<edge>底|初|中旬))?"
    r"|(?<![\d.a-z-])(?P<bare_day>\d{1,2})[号日](?![色码店楼线机链])"
    r"|(?P<bare_edge>月底|月初|年底|年初|年末)"
    r"|(?:(?P<festival_year>前|去|今|明)年的?)?(?<![\d一二三四五六七八九十])"
    rf"(?P<festival>{_FESTIVALS})(?![\d点岁年个件月元块])(?:节|大促|当天|那天)?"
    r"|(?P<whole_year>前|去|明)年"
)


def number_of(signs: str) -> float:
    """Return the value of a number in digits or Chinese numerals up to 百: 48, 两, 十五, 半 (0.5)."""
    if signs.isdecimal():
        return int(signs)
    if signs == "半":
        return 0.5
    total, current = 0.0, 0
    for sign in signs:
        if sign == "百":
            total, current = total + (current or 1) * 100, 0
        elif sign == "十":
            total, current = total + (current or 1) * 10, 0
        elif sign == "半":
            total += 0.5
        else:
            current = _DIGITS[sign]
    return total + current


def days_of(match: re.Match[str], today: date, *, past: bool) -> tuple[date, date] | None:
    """Return the first day of what a match of `DAY` names and the day after its last.

    A weekday, a day of the month or a festival without more is the next one, or with `past` the last one. Nothing is
    returned for a day that does not exist.
    """
    for group, reading in _DAY_READINGS.items():
        if match[group] is not None:
            try:
                return reading(match, today, past)
            except ValueError:  # the 31st of a short month
                return None
    return None


def _near(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    first = today + _NEAR_DAYS[match["near"]] * _DAY
    return first, first + _DAY


def _weekday(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:
    monday = today - today.weekday() * _DAY
    week, name = match["week"] or "", match["weekday"]
    if name == "末":
        first = monday + (7 * _WEEKS[week] + 5) * _DAY
        return first, first + 2 * _DAY
    day = monday + (7 * _WEEKS[week] + ("一二三四五六日".find(name) if name != "天" else 6)) * _DAY
    if not week and past and day > today:
        day -= 7 * _DAY
    elif not week and not past and day < today:
        day += 7 * _DAY
    return day, day + _DAY


def _whole_week(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    monday = today + (7 * _WEEKS[match["whole_week"]] - today.weekday()) * _DAY
    return monday, monday + 7 * _DAY


def _full(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    day = date(int(match["full_year"]), int(match["full_month"]), int(match["full_day"]))
    return day, day + _DAY


def _of_month(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:
    month, number = int(number_of(match["month"])), int(number_of(match["month_day"]))
    if match["year"]:
        day = date(today.year + _YEARS[match["year"]], month, number)
    else:
        day = _nearest(lambda year: date(year, month, number), today, past=past)
    return day, day + _DAY


def _nearest(day_in: Callable[[int], date], today: date, *, past: bool) -> date:
    """Return the last such day up to today, or the next from today on."""
    day = day_in(today.year)
    if past and day > today:
        return day_in(today.year - 1)
    if not past and day < today:
        return day_in(today.year + 1)
    return day


def _month_start(today: date, months: int) -> date:
    """Return the first day of the month that is `months` away."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _which_month(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    away = _MONTHS[match["which_month"]]
    first, last = _month_start(today, away), _month_start(today, away + 1)
    if match["that_day"]:
        day = first.replace(day=int(number_of(match["that_day"])))
        return day, day + _DAY
    return _edge(match["edge"], first, last) if match["edge"] else (first, last)


def _edge(name: str, first: date, last: date) -> tuple[date, date]:
    """Return the days that 月初, 中旬 or 月底 means: the first five, the middle ten, the last five."""
    if name.endswith("初"):
        return first, first + 5 * _DAY
    if name == "中旬":
        return first + 10 * _DAY, first + 20 * _DAY
    return last - 5 * _DAY, last


def _bare_day(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:
    number = int(match["bare_day"])
    day = today.replace(day=number)
    if past and day > today:
        day = _month_start(today, -1).replace(day=number)
    elif not past and day < today:
        day = _month_start(today, 1).replace(day=number)
    return day, day + _DAY


def _bare_edge(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    name = match["bare_edge"]
    if name.startswith("年"):
        first, last = date(today.year, 1, 1), date(today.year + 1, 1, 1)
        return (first, first + 31 * _DAY) if name == "年初" else (last - 31 * _DAY, last)
    return _edge(name, _month_start(today, 0), _month_start(today, 1))


def _festival(match: re.Match[str], today: date, past: bool) -> tuple[date, date] | None:
    name = match["festival"]
    if match["festival_year"]:
        day = festivals.day_of(name, today.year + _YEARS[match["festival_year"]])
    else:
        days = [found for year in (-1, 0, 1) if (found := festivals.day_of(name, today.year + year)) is not None]
        behind, ahead = [one for one in days if one <= today], [one for one in days if one >= today]
        nearest = behind[-1:] if past else ahead[:1]
        day = nearest[0] if nearest else None
    return None if day is None else (day, day + _DAY)


def _whole_year(match: re.Match[str], today: date, past: bool) -> tuple[date, date]:  # noqa: ARG001
    year = today.year + _YEARS[match["whole_year"]]
    return date(year, 1, 1), date(year + 1, 1, 1)


_DAY_READINGS: Final[dict[str, Callable[[re.Match[str], date, bool], tuple[date, date] | None]]] = {
    "near": _near,
    "weekday": _weekday,
    "whole_week": _whole_week,
    "full_year": _full,
    "month": _of_month,
    "which_month": _which_month,
    "bare_day": _bare_day,
    "bare_edge": _bare_edge,
    "festival": _festival,
    "whole_year": _whole_year,
}
