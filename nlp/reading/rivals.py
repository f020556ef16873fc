"""The shop's own word on who competes with it: a text file that the shop edits, one brand a line.

    溪谷小屋 xigu 西谷小屋
    Under Armour = UA；安德玛
    - 苹果

The first name is the brand's, the others are further spellings of it. Where `=` stands, names may hold spaces. A line
after `-` names brands of the shipped list that are no competitors here; `#` begins a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from nlp.words import fold

MOST_BRANDS: Final = 5_000
LONGEST_NAME: Final = 30
SHORTEST_NAME: Final = 2

_BETWEEN: Final = re.compile(r"[;；,，、|\t]+")
_SPACED: Final = re.compile(r"[\s;；,，、|]+")


class UnusableRivals(ValueError):
    """The file of competitors cannot be used; the message is a Chinese sentence that names the line."""


class Rivals(NamedTuple):
    """Brands with their further spellings, and the names that are no competitors."""

    brands: tuple[tuple[str, tuple[str, ...]], ...] = ()
    no_rivals: tuple[str, ...] = ()


def read_rivals(path: Path) -> Rivals:
    """Read a file of competitors; a missing one names none. Raises `UnusableRivals`."""
    if not path.exists():
        return Rivals()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UnusableRivals(f"{path.name} 不是 UTF-8 文本，请另存为 UTF-8") from error
    except OSError as error:
        raise UnusableRivals(f"{path.name} 读不了（{error.strerror}）") from error
    return rivals_of(lines, path.name)


def rivals_of(lines: Iterable[str], source: str = "") -> Rivals:
    """Read the lines of such a file; `source` stands in the errors. Raises `UnusableRivals`."""
    brands: list[tuple[str, tuple[str, ...]]] = []
    left_out: list[str] = []
    owner: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        said = line.split("#")[0].strip()
        names = _names(said.removeprefix("-"))
        for name in names:
            plain = fold(name).text
            if not SHORTEST_NAME <= len(plain) <= LONGEST_NAME:
                reason = f"应为 {SHORTEST_NAME} 到 {LONGEST_NAME} 个字"
                raise UnusableRivals(f"{source} 第 {number} 行的「{name[:10]}」{reason}")
            if owner.setdefault(plain, number) != number:
                raise UnusableRivals(f"{source} 第 {number} 行的「{name}」在第 {owner[plain]} 行已经有了")
        if said.startswith("-"):
            left_out += names
        elif names:
            brands.append((names[0], tuple(names[1:])))
    if len(brands) > MOST_BRANDS:
        raise UnusableRivals(f"{source} 一共 {len(brands)} 个品牌，超过 {MOST_BRANDS} 个")
    return Rivals(tuple(brands), tuple(left_out))


def _names(said: str) -> list[str]:
    """Split a line into names, each once; around `=` names may hold spaces."""
    first, equals, others = said.replace("＝", "=").partition("=")
    pieces = [first, *_BETWEEN.split(others)] if equals else _SPACED.split(said)
    return list(dict.fromkeys(name for piece in pieces if (name := piece.strip())))
