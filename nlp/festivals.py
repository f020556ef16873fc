"""The days that shops and shoppers name instead of dating them: 双11, 中秋, 母亲节."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

_FIXED: Final[Mapping[str, tuple[int, int]]] = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "女神节": (3, 8),
    "三八": (3, 8),
    "38节": (3, 8),
    "妇女节": (3, 8),
    "315": (3, 15),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "520": (5, 20),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "618": (6, 18),
    "六一八": (6, 18),
    "教师节": (9, 10),
    "十一": (10, 1),
    "国庆": (10, 1),
    "双11": (11, 11),
    "双十一": (11, 11),
    "双12": (12, 12),
    "双十二": (12, 12),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
    "跨年": (12, 31),
}
# By the lunar calendar, which no rule short of an almanac gives: the days of 2020 to 2030.
_LUNAR: Final[Mapping[str, tuple[str, ...]]] = {
    "春节": ("0125", "0212", "0201", "0122", "0210", "0129", "0217", "0206", "0126", "0213", "0203"),
    "端午": ("0625", "0614", "0603", "0622", "0610", "0531", "0619", "0609", "0528", "0616", "0605"),
    "七夕": ("0825", "0814", "0804", "0822", "0810", "0829", "0819", "0808", "0826", "0816", "0805"),
    "中秋": ("1001", "0921", "0910", "0929", "0917", "1006", "0925", "0915", "1003", "0922", "0912"),
}
_FIRST_LUNAR_YEAR: Final = 2020
_SAME: Final[Mapping[str, str]] = {"过年": "春节", "大年初一": "春节", "新年": "春节", "年货节": "春节"}
_SUNDAYS: Final[Mapping[str, tuple[int, int]]] = {"母亲节": (5, 2), "父亲节": (6, 3)}  # month, which Sunday

NAMES: Final = (*_FIXED, *_LUNAR, *_SAME, *_SUNDAYS, "除夕")


def day_of(name: str, year: int) -> date | None:
    """Return a festival's day in a year; nothing for a lunar one outside the years that are listed."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _SUNDAYS:
        month, which = _SUNDAYS[name]
        first = date(year, month, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))
    if name == "除夕":
        spring = day_of("春节", year)
        return spring and spring - timedelta(days=1)
    days = _LUNAR.get(_SAME.get(name, name), ())
    place = year - _FIRST_LUNAR_YEAR
    if not 0 <= place < len(days):
        return None
    return date(year, int(days[place][:2]), int(days[place][2:]))
