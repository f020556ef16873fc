"""What a message names: order and tracking numbers, phones, money."""

import re
from dataclasses import dataclass

from nlp.words import Folded


@dataclass(frozen=True)
class Entity:
    """A named thing; `start` and `end` are offsets in the given text, `value` its plain form."""

    kind: str
    start: int
    end: int
    value: str


# Tried in this order on folded text; what one has taken the next does not see.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("phone", re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")),
    ("tracking_no", re.compile(r"(?<![a-z0-9])(?:sf|yt|jt|jd[vx]?|zt|sto|ems|yd|db|dpk)\d{9,15}(?![a-z0-9])")),
    ("money", re.compile(r"(?:[¥￥]\s?\d+(?:\.\d+)?|\d+(?:\.\d+)?\s?(?:元|块钱?|rmb))")),
    (
        "order_id",
        re.compile(r"(?<![a-z0-9-])(?:[a-z]{1,6}[-_]?)?\d{4,}(?:[-_]\d+)*(?![a-z0-9])(?!\s?[天日月年号元块件个])"),
    ),
)
_SHORTEST_BARE_ORDER = 8  # digits of an order number that has no letters and is not called one
_CALLED_ORDER = re.compile(r"订单号?\s*(?:是|为|[:：])?\s*$|单号\s*(?:是|为|[:：])?\s*$")


def entities_in(folded: Folded, given: str) -> tuple[Entity, ...]:
    """The entities of a message, in the order they stand."""
    taken: list[tuple[int, int]] = []
    found = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(folded.text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            if kind == "order_id" and not _is_order(match, folded.text):
                continue
            taken.append((start, end))
            first, last = folded.span(start, end)
            value = given[first:last].strip()
            found.append(Entity(kind, first, last, value.upper() if kind != "money" else value))
    return tuple(sorted(found, key=lambda entity: entity.start))


def _is_order(match: re.Match[str], text: str) -> bool:
    digits = sum(character.isdigit() for character in match[0])
    if _CALLED_ORDER.search(text[: match.start()]) or digits >= _SHORTEST_BARE_ORDER:
        return True
    return match[0][0].isalpha() and digits >= 4
