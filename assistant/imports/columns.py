"""Which header of a file is which column, and what a row says under them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.imports.cells import WrongCell, is_empty, kept
from knowledge_base.ingestion.sheets import Row

MOST_SHAPES = 64
"""Different sets of keys that are remembered for a JSON-lines file; beyond them each row is looked at anew."""
MOST_EXTRA = 200
"""Unknown columns kept of one row."""
SHOWN = 40
"""Characters of a wrong cell that its reason repeats."""
OURS = ("line", "reason", "raw")
"""The columns a file of rejected rows begins with; they are left out when it is imported again."""

_BRACKETS = re.compile(r"[(\[【<「{].*?[)\]】>」}]")
_BLANK = re.compile(r"[\s_\-*:：'\"“”/\\.,、·#\ufeff\u200b]+")
_TOTAL = re.compile(r"\s*(?:合计|总计|小计|共计|汇总|累计|本页合计|total|sum)\s*[:：]?.{0,12}", re.IGNORECASE)


class WrongRow(Exception):
    """A row that cannot be taken; `str(error)` is the reason, in Chinese, naming the columns."""


@dataclass(frozen=True)
class Column:
    """A column of the contract: its name, the headers it goes by, and how its cells are read."""

    name: str
    read: Callable[[Any], Any]
    aliases: tuple[str, ...] = ()
    needed: bool = False

    @property
    def label(self) -> str:
        """The column as messages name it: sku（商品编码）."""
        return f"{self.name}（{self.aliases[0]}）" if self.aliases else self.name


def column(name: str, read: Callable[[Any], Any], aliases: str = "", *, needed: bool = False) -> Column:
    """A column whose aliases are written as one text, divided by blanks."""
    return Column(name, read, tuple(aliases.split()), needed)


@dataclass(slots=True)
class Draft:
    """What a row says: values by column name (None where the cell is empty), and the columns nobody knows."""

    line: int
    values: dict[str, Any]
    extra: dict[str, Any]
    headers: Mapping[str, str]  # column name → the header it has in this file

    def named(self, name: str) -> str:
        """The column as the file calls it."""
        return self.headers.get(name, name)


@dataclass(slots=True)
class _Shape:
    known: list[tuple[Column, str, tuple[str, ...]]]
    unknown: list[str]
    missing: list[Column]
    headers: dict[str, str]


@dataclass
class Layout:
    """The columns of a kind, found under whatever headers a file has.

    `one_of` names groups of columns of which a file needs at least one. `dropped` are headers that are never kept.
    `empties` keeps empty unknown cells as None, for kinds where an emptied cell clears what was known.
    """

    columns: Sequence[Column]
    one_of: Sequence[tuple[str, ...]] = ()
    dropped: Sequence[str] = ()
    empties: bool = False
    _names: dict[str, tuple[int, Column]] = field(default_factory=dict, init=False, repr=False)
    _shapes: dict[tuple[str, ...], _Shape] = field(default_factory=dict, init=False, repr=False)
    _dropped: frozenset[str] = field(default=frozenset(), init=False, repr=False)

    def __post_init__(self) -> None:
        for one in self.columns:
            for rank, alias in enumerate((one.name, *one.aliases)):
                self._names.setdefault(folded_header(alias), (rank, one))
        self._dropped = frozenset(map(folded_header, self.dropped))

    def find(self, header: str) -> tuple[int, Column] | None:
        """(rank, column) of a header; the lower rank wins where two headers mean one column."""
        found = self._names.get(folded_header(header))
        if found is None:
            bare = self._names.get(folded_header(_BRACKETS.sub("", unicodedata.normalize("NFKC", header))))
            found = None if bare is None else (bare[0] + 100, bare[1])
        return found

    def is_dropped(self, header: str) -> bool:
        """Is this a column that is never kept?"""
        return folded_header(header) in self._dropped

    def mapping(self, headers: Iterable[str]) -> dict[str, str]:
        """Column name → header, as rows with these headers are read."""
        return self._shape(tuple(headers)).headers

    def unknown(self, headers: Iterable[str]) -> list[str]:
        """The headers that no column goes by."""
        return self._shape(tuple(headers)).unknown

    def lacking(self, headers: Sequence[str]) -> list[str]:
        """The needed columns that no header stands for, as messages name them."""
        shape = self._shape(tuple(headers))
        by_name = {one.name: one for one in self.columns}
        groups = [group for group in self.one_of if not any(name in shape.headers for name in group)]
        return [
            *(one.label for one in shape.missing),
            *(" 或 ".join(by_name[name].label for name in group) for group in groups),
        ]

    def read(self, row: Row) -> Draft:
        """What the row says. Raises `WrongRow` naming every cell that is wrong."""
        shape = self._shape(tuple(row.values))
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        wrong = [f"缺少「{one.label}」" for one in shape.missing]
        for one, header, others in shape.known:
            cell = row.values[header]
            if others:
                header, cell = _first_filled(row.values, header, others)
                self._keep_others(row, header, others, extra)
            if is_empty(cell):
                values[one.name] = None
            else:
                try:
                    values[one.name] = one.read(cell)
                except WrongCell as error:
                    wrong.append(f"「{header}」是「{_shown(cell)}」，应为{error.expected}")
                    continue
            if one.needed and values[one.name] is None:
                wrong.append(f"「{header}」是空的，这一列每行都要填")
        self._read_unknown(row, shape.unknown, extra, wrong)
        if wrong:
            raise WrongRow("；".join(wrong[:5]))
        return Draft(row.line, values, extra, shape.headers)

    def is_total(self, row: Row) -> bool:
        """Is this the sum that some exports write under their rows, rather than a row?"""
        filled = [str(cell) for cell in row.values.values() if not is_empty(cell)]
        if not filled or not any(_TOTAL.fullmatch(cell) for cell in filled[:2]):
            return False
        needed = [header for one, header, _ in self._shape(tuple(row.values)).known if one.needed]
        return any(is_empty(row.values[header]) or _TOTAL.fullmatch(str(row.values[header])) for header in needed)

    def _shape(self, headers: tuple[str, ...]) -> _Shape:
        shape = self._shapes.get(headers)
        if shape is None:
            shape = self._shape_of(headers)
            if len(self._shapes) < MOST_SHAPES:
                self._shapes[headers] = shape
        return shape

    def _shape_of(self, headers: tuple[str, ...]) -> _Shape:
        ours = headers[:2] == OURS[:2]
        meant: dict[str, list[tuple[int, int, str, Column]]] = {}
        unknown = []
        for place, header in enumerate(headers):
            if (ours and header in OURS) or self.is_dropped(header):
                continue
            found = self.find(header)
            if found is None:
                unknown.append(header)
            else:
                meant.setdefault(found[1].name, []).append((found[0], place, header, found[1]))
        known = []
        names = {}
        for candidates in meant.values():
            ordered = sorted(candidates, key=lambda one: one[:2])
            names[ordered[0][3].name] = ordered[0][2]
            known.append((ordered[0][3], ordered[0][2], tuple(one[2] for one in ordered[1:])))
        missing = [one for one in self.columns if one.needed and one.name not in names]
        return _Shape(known, unknown, missing, names)

    def _keep_others(self, row: Row, header: str, others: tuple[str, ...], extra: dict[str, Any]) -> None:
        """Where two headers mean one column and differ, the one not taken is kept beside it."""
        for other in others:
            cell = row.values[other]
            if other != header and not is_empty(cell) and cell != row.values[header]:
                extra[other] = cell if isinstance(cell, str) else str(cell)

    def _read_unknown(self, row: Row, unknown: Sequence[str], extra: dict[str, Any], wrong: list[str]) -> None:
        for header in unknown[:MOST_EXTRA]:
            cell = row.values[header]
            if is_empty(cell):
                if self.empties:
                    extra[header] = None
                continue
            try:
                extra[header] = kept(cell)
            except WrongCell as error:
                wrong.append(f"「{header}」应为{error.expected}")


def folded_header(header: str) -> str:
    """A header for comparing: half-width, lower case, without blanks, brackets, underscores and marks."""
    return _BLANK.sub("", re.sub(r"[()\[\]【】<>「」{}]", "", unicodedata.normalize("NFKC", header).lower()))


def _first_filled(values: Mapping[str, Any], header: str, others: Sequence[str]) -> tuple[str, Any]:
    for one in (header, *others):
        if not is_empty(values[one]):
            return one, values[one]
    return header, values[header]


def _shown(cell: Any) -> str:
    said = cell if isinstance(cell, str) else str(cell)
    said = " ".join(said.split())
    return said if len(said) <= SHOWN else said[:SHOWN] + "…"
