"""The city in a Chinese postal address; nothing else of an address is kept."""

import re
from typing import Any

from assistant.imports.cells import text

_MUNICIPALITY = re.compile(r"(北京|上海|天津|重庆)")
_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区)")
_CITY = re.compile(r"([\u4e00-\u9fff]{1,8}?(?:市|自治州|地区|盟))")


def city(cell: Any) -> str | None:
    """The city an address lies in, as 杭州市; None where it names none."""
    address = text(cell).lstrip("（(中国)） ")
    municipality = _MUNICIPALITY.match(address)
    if municipality is not None:
        return municipality[1] + "市"
    rest = _PROVINCE.sub("", address.replace("*", "")).lstrip(" ,，-/")
    found = _CITY.match(rest) or _CITY.search(rest)
    return found[1] if found else None
