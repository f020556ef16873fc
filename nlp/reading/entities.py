"""What a message names: numbers of orders and parcels, phones, money, times, measures, the shop's products."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nlp.dates import when
from nlp.reading.measures import MEASURES
from nlp.reading.products import ProductNames
from nlp.reading.taken import Taken
from nlp.words import Folded

_SHORTEST_BARE_ORDER: Final = 8  # digits of an order number that has no letters and is not called one
_SHORTEST_ORDER: Final = 4
_CALLED_ORDER = re.compile(r"(?:订单号?|单号)\s*(?:是|为|:)?\s*$")
_CALLED: Final = 24  # characters before a number in which it may be called an order's
_NUMERAL = re.compile(r"[\d元块]")
_CARRIERS = "sf|yt|jt|jd[vx]?|zt|zto|sto|ems|yd|yunda|db|dpk|best|ky|ups|dhl"

_PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_TRACKING = re.compile(
    rf"(?<![a-z0-9])(?:{_CARRIERS})[a-z]{{0,3}}\d{{9,15}}(?![a-z0-9])|(?<![a-z0-9])[a-z]{{2}}\d{{9}}cn(?![a-z0-9])"
)
_MONEY = re.compile(
    r"[¥￥]\s?\d[\d,]*(?:\.\d+)?(?:元|块)?"
    r"|(?<![\d.])\d[\d,]*(?:\.\d+)?\s?(?:元|块钱?(?![表肉糖地布砖板面])|rmb|人民币|毛钱|万元|大洋)"
    r"|(?<![一二三四五六七八九十百千])[一二两三四五六七八九十百千万]{1,6}(?:元|块钱)"
)
_ORDER = re.compile(r"(?<![a-z0-9-])(?:[a-z]{1,6}[-_]?)?\d{4,}(?:[-_]\d+)*(?![a-z0-9])(?!\s?[天日月年号元块件个])")


@dataclass(frozen=True)
class Entity:
    """A named thing; `start` and `end` are offsets in the given text, `value` its plain form.

    Kinds: order_id, tracking_no, phone, money, date (ISO 8601), product (its SKU), size, colour, quantity, height (cm),
    weight (kg).
    """

    kind: str
    start: int
    end: int
    value: str


def entities_in(
    folded: Folded, given: str, now: datetime | None = None, products: ProductNames | None = None
) -> tuple[Entity, ...]:
    """Return the entities of a message, in the order they stand; of two that overlap the surer kind is kept.

    Times are read as seen at `now`, and not without it; `products` knows what the shop's goods are called.
    """
    taken = Taken()
    found: list[Entity] = []
    for kind, start, end, value in _candidates(folded.text, now, products):
        if taken.take(start, end):
            first, last = folded.span(start, end)
            found.append(Entity(kind, first, last, given[first:last].strip() if value is None else value))
    found.sort(key=lambda entity: entity.start)
    return tuple(found)


def _candidates(
    text: str, now: datetime | None, products: ProductNames | None
) -> Iterator[tuple[str, int, int, str | None]]:
    """Yield (kind, start, end, value) by falling certainty; no value stands for the words as given."""
    if products is not None:
        for start, end, sku in products.found_in(text):
            yield "product", start, end, sku
    in_numbers = _NUMERAL.search(text) is not None
    if in_numbers:
        yield from _numbers(text)
    if now is not None:
        for moment in when(text, now):
            yield "date", moment.start, moment.end, moment.as_text()
    yield from _measures(text)
    if in_numbers:
        for match in _ORDER.finditer(text):
            if _is_order(match):
                yield "order_id", *match.span(), match[0].upper()


def _numbers(text: str) -> Iterator[tuple[str, int, int, str | None]]:
    """Yield the numbers whose form says what they are."""
    for match in _PHONE.finditer(text):
        yield "phone", *match.span(), re.sub(r"\D", "", match[0])
    for match in _TRACKING.finditer(text):
        yield "tracking_no", *match.span(), match[0].upper()
    for match in _MONEY.finditer(text):
        yield "money", *match.span(), None


def _measures(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield sizes, colours, quantities, heights and weights."""
    for kind, sign, pattern, value_of in MEASURES:
        if sign.search(text):
            for match in pattern.finditer(text):
                value = value_of(match)
                if value is not None:
                    yield kind, *match.span(), value


def _is_order(match: re.Match[str]) -> bool:
    """Tell whether a number is an order's: called so, long, or with letters before it."""
    digits = sum(character.isdigit() for character in match[0])
    if digits >= _SHORTEST_BARE_ORDER or _CALLED_ORDER.search(
        match.string, max(0, match.start() - _CALLED), match.start()
    ):
        return True
    return match[0][0].isalpha() and digits >= _SHORTEST_ORDER
