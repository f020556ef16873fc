"""Times as people write them: 明天下班前, 上周三, 48小时内, 双11 become intervals, given now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final, NamedTuple

from nlp.named_days import DAY, days_of, number_of

CLOSING: Final = time(18)  # 下班
OPENING: Final = time(9)  # 上班
BEDTIME: Final = time(22)

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time(0)
# Parts of a day, from hour to hour.
_PARTS: Final = {
    "凌晨": (0, 6),
    "早上": (6, 12),
    "早晨": (6, 12),
    "上午": (6, 12),
    "早": (6, 12),
    "中午": (11, 14),
    "下午": (12, 18),
    "午后": (12, 18),
    "傍晚": (17, 20),
    "晚上": (18, 24),
    "晚": (18, 24),
    "夜里": (20, 24),
    "半夜": (0, 6),
}
_NOON_LATER: Final = frozenset({"下午", "午后", "傍晚", "晚上", "晚", "夜里", "中午"})
_LENGTHS: Final = {
    "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "刻钟": timedelta(minutes=15),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "h": timedelta(hours=1),
    "天": _DAY,
    "日": _DAY,
    "周": 7 * _DAY,
    "星期": 7 * _DAY,
    "礼拜": 7 * _DAY,
    "月": 30 * _DAY,
    "年": 365 * _DAY,
}

# Words without which no time is named; most messages have none and are not looked at further.
_SIGN = re.compile(
    r"[天日周月年号节晚早午点时分:]|星期|礼拜|[下上]班|双1|双十|618|520|元旦|[五十]一|六一|三八|圣诞|中秋|端午|七夕|国庆|\dh|\d-\d"
)
_BOUGHT = re.compile(r"[^,。!?;]{0,3}(?:买|拍|下单|下的单|订|付|收到|收的|发的|退|寄|签)[^,。!?;]{0,3}(?:的|了|过|$|,)")


class Moment(NamedTuple):
    """A time that a text names: where (offsets in folded text) and from when until when, end not included.

    Before a deadline (明天下班前) `since` is the present.
    """

    start: int
    end: int
    since: datetime
    until: datetime

    def as_text(self) -> str:
        """Return the ISO 8601 form: a date for a whole day, else the interval in minutes."""
        if self.until - self.since == _DAY and self.since.time() == _MIDNIGHT:
            return self.since.date().isoformat()
        return f"{self.since.isoformat(timespec='minutes')}/{self.until.isoformat(timespec='minutes')}"


def when(text: str, now: datetime) -> tuple[Moment, ...]:
    """Return the times that a folded text names, in its order, as seen at `now` in `now`'s zone.

    Months and years that are counted (三个月内) are of 30 and 365 days. Working days leave out Saturday and Sunday;
    holidays are the shop's affair. A weekday, a day of the month or a festival without more is the next one, or the
    last one where the words after it say that something was bought or sent then.
    """
    return tuple(_moments(text, now)) if _SIGN.search(text) else ()


def _moments(text: str, now: datetime) -> Iterator[Moment]:
    """Yield the moments of a text that shows signs of naming one."""
    for match in _pattern().finditer(text):
        if match["length"]:
            bounds = _counted(match, now)
        elif match["day"] or match["part"] or (match["before"] and (match["hour"] or match["shift"])):
            past = _BOUGHT.match(text, match.end()) is not None
            bounds = _dated(match, now, past=past)
        else:
            continue
        if bounds is not None:
            yield Moment(match.start(), match.end(), *bounds)


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the grammar: a counted length; or a day, a part of it, an hour, 前, each of which may be missing."""
    part = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|午后|傍晚|晚上|夜里|半夜)"
    hour = (
        r"(?<![\d.:])(?P<hour>\d{1,2}|[零一二两三四五六七八九十]{1,3})(?:点钟?|:|时(?![候间常尚刻]))"
        r"(?:(?P<minute>\d{1,2}|[零一二三四五六七八九十]{1,3})分?|(?P<half>半)|(?P<quarter>一刻|三刻))?"
    )
    counted = (
        r"(?P<count>\d{1,4}|[零一二两三四五六七八九十百半]{1,4})多?(?:[-~到]\d{1,3})?"
        r"(?P<unit>个?工作[日天]|个半小时|个?小时|个?钟头|分钟|刻钟|天|日(?!志)|周|个?星期|个?礼拜|个月|年|h)"
        r"(?P<length>之?以?内|以?后|之后|之?以?前|左右)(?![台面排置盖轮背端])"
    )
    return re.compile(
        rf"{counted}|(?=[\d零一二两三四五六七八九十前昨今明后当次大上这本下周星礼去月年凌早中午傍晚夜半{_first_signs()}])"
        rf"(?P<day>{DAY})?的?{part}?(?:{hour}|(?P<shift>下班|上班|打烊|关门|睡觉))?(?P<before>之?以?前(?![台面天年]))?"
    )


def _first_signs() -> str:
    """Return the characters with which a festival's name may begin."""
    return "元情女三妇五劳六儿教国双平圣跨春端七过新母父除"


def _counted(match: re.Match[str], now: datetime) -> tuple[datetime, datetime] | None:
    """Return the interval of a counted length: 48小时内, 三天前, 两个工作日后."""
    count, unit, relation = number_of(match["count"]), match["unit"], match["length"]
    ranged = re.search(r"[-~到](\d+)", match[0])
    if ranged:
        count = int(ranged[1])
    if not 0 < count <= 1000:
        return None
    if "工作" in unit:
        if relation.endswith("前"):
            return None
        return now, _workdays_after(now, max(1, round(count)))
    if unit == "个半小时":
        count, unit = count + 0.5, "小时"
    span = count * _LENGTHS[unit.removeprefix("个")]
    if relation.endswith("内"):
        return now, now + span
    then = now - span if relation.endswith("前") else now + span
    return _whole_day(then) if span >= _DAY else (then, then + timedelta(minutes=1))


def _whole_day(moment: datetime) -> tuple[datetime, datetime]:
    """Return the bounds of the day that a moment lies in."""
    first = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return first, first + _DAY


def _workdays_after(now: datetime, count: int) -> datetime:
    """Return closing time of the count-th working day after today."""
    day = now.date()
    while count:
        day += _DAY
        count -= day.weekday() < 5
    return datetime.combine(day, CLOSING, now.tzinfo)


def _dated(match: re.Match[str], now: datetime, *, past: bool) -> tuple[datetime, datetime] | None:
    """Return the interval of a named day, part of a day or hour."""
    days = days_of(match, now.date(), past=past) if match["day"] else (now.date(), now.date() + _DAY)
    if days is None:
        return None
    since = datetime.combine(days[0], _MIDNIGHT, now.tzinfo)
    until = datetime.combine(days[1], _MIDNIGHT, now.tzinfo)
    part = match["part"] or {"晚": "晚", "早": "早"}.get(match["near_unit"] or "", "")
    at = _clock(match, part)
    if at is not None:
        since, until = since + at, since + at + timedelta(hours=1)
    elif part:
        since, until = (since + timedelta(hours=hours) for hours in _PARTS[part])
    if not match["before"]:
        return since, until
    # 今天前 leaves all of today, 周五前 ends as Friday begins, 上午前 with the morning.
    deadline = since if at is not None or (not part and match["near"] not in ("今", "当")) else until
    if deadline <= now and not match["day"]:
        deadline += _DAY
    return (now, deadline) if deadline > now else (deadline - _DAY, deadline)


def _clock(match: re.Match[str], part: str) -> timedelta | None:
    """Return the hour named, as the time since midnight."""
    if match["shift"]:
        at = {"上班": OPENING, "下班": CLOSING}.get(match["shift"], BEDTIME)
        return timedelta(hours=at.hour)
    if not match["hour"]:
        return None
    hour = number_of(match["hour"])
    if hour > 24:
        return None
    if hour < 12 and part in _NOON_LATER and not (part == "中午" and hour >= 11):
        hour += 12
    elif hour < 7 and not part:
        hour += 12  # who writes 三点 to a shop means the afternoon
    minutes = number_of(match["minute"]) if match["minute"] else 30 if match["half"] else 0
    if match["quarter"]:
        minutes = 15 if match["quarter"] == "一刻" else 45
    return timedelta(hours=hour, minutes=minutes)
