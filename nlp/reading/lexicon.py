"""The word lists of this room, and one scan that finds all of them in a message.

A list is a reviewed `.tsv` file in `nlp/lexicons`, with the columns

    surface   what is written: `(a|b)` alternatives, `[x|y]` may be missing, `%name%` one of a set
    kind      what it means there; in angle brackets an atom, which means something only as part of a frame
    weight    how strongly, 0 to 1; below 0 for a hit that only takes its place from shorter ones
    unless    a regular expression that must not match, `@` standing for the hit
    needs     one that must match; after a leading `~` its match is the evidence, instead of the surface alone
    note      why the line is as it is

A line of two fields, `%name%` and `a|b`, defines a set. A line whose surface is `<a>…<b>` is a frame: atom a, then atom
b in the same sentence with at most `GAP` characters between (`<a><b>`: at most one); `<n>` is any number, `<money>` one
that may be an amount of money. Surfaces and expressions are read in folded form
(`nlp.words.fold`); in the expressions `%name%` is one member, `{n}` a number in digits or characters, `{start}` and
`{end}` the bounds of a clause.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import product
from operator import attrgetter
from typing import Final, NamedTuple

import ahocorasick

from nlp.reading.taken import Taken
from nlp.words import fold

GAP: Final = 14  # characters between two atoms of a frame; about one clause of chat

_MARK: Final = "\x01"  # stands for the hit while a guard is tried; folding removes control characters from texts
_CUT: Final = "\x02"  # stands for what lies beyond a guard's sight: neither a bound of a clause nor a character of one
_SIGHT: Final = 80  # characters that a guard sees on each side of its hit: a long message costs no more a hit than that
_NUMBER: Final = r"(?:\d[\d.,]*|[零一二两三四五六七八九十百千万半几]+)"
_UNITS: Final = "%天年月日号斤克度个件岁平米片瓶包箱码寸小分时点楼期人次倍"  # after a bare number: it is no price
_AMOUNTS: Final = re.compile(
    rf"(?P<money>[¥￥$]\s?\d[\d.,]*|{_NUMBER}\s?(?:块钱|块|元|百块|rmb|百|千|w|万|多块|来块)"
    rf"|(?<![\d.a-z-])[1-9]\d{{2,3}}(?![\d.]*[a-z{_UNITS}/:-]))|(?P<n>{_NUMBER})"
)
_NUMERAL: Final = re.compile(r"[\d零一二两三四五六七八九十百千万半几]")
_MACROS: Final = {
    "{n}": _NUMBER,
    "{start}": r"(?:^|(?<=[,。.!?;:~…、\s]))",
    "{end}": r"(?=$|[,。.!?;:~…、\s])",
}
_SET: Final = re.compile(r"%([a-z_]+)%")
_FRAME: Final = re.compile(r"<(\w+)>(…?)")
_SENTENCE_END: Final = re.compile(r"[。!?;]")
_PIECE: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|([^()\[\]]+)")
_start: Final = attrgetter("start")
_MOST_SURFACES: Final = 4000  # of one line; a line that expands further wants a guard instead


class Rule(NamedTuple):
    """One line of a list: what a surface means, how strongly, and where it does not."""

    part: str
    kind: str
    weight: float
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    widens: bool
    id: str


class Hit(NamedTuple):
    """A rule that holds at a span of the folded text."""

    start: int
    end: int
    rule: Rule


class Frame(NamedTuple):
    """Atoms in their order, how far each may stand from the one before, and what they mean together."""

    atoms: tuple[str, ...]
    gaps: tuple[int, ...]
    rule: Rule


class Lexicon:
    """Every surface and frame of the lists given, in one automaton; reading it is safe from several threads."""

    def __init__(self, rules: Iterable[tuple[str, Rule]]) -> None:
        by_surface: dict[str, list[Rule]] = {}
        self._frames: dict[str, dict[str, list[Frame]]] = {}  # by list, then by their first atom
        for surface, rule in rules:
            if surface.startswith("<"):
                frame = _read_frame(surface, rule)
                self._frames.setdefault(rule.part, {}).setdefault(frame.atoms[0], []).append(frame)
                continue
            shared = by_surface.setdefault(surface, [])
            if rule not in shared:
                shared.append(rule)
        self._automaton = ahocorasick.Automaton()
        for surface, shared in by_surface.items():
            ends = surface[0] if _runs_on(surface[0]) else "", surface[-1] if _runs_on(surface[-1]) else ""
            self._automaton.add_word(surface, (len(surface), *ends, tuple(shared)))
        self._automaton.make_automaton()
        self._filled = bool(by_surface)

    def scan(self, text: str) -> dict[str, list[Hit]]:
        """Find in folded text every rule whose guards hold; by list, in the order in which the surfaces end.

        Overlapping hits are all kept, because a long surface may be barred where a short one inside it is not.
        """
        found: dict[str, list[Hit]] = {}
        if not self._filled:
            return found
        for last, (length, first_sign, last_sign, rules) in self._automaton.iter(text):
            end = last + 1
            start = end - length
            if first_sign and start and _one_run(text[start - 1], first_sign):
                continue
            if last_sign and end < len(text) and _one_run(last_sign, text[end]):
                continue
            for rule in rules:
                hit = _tried(text, start, end, rule)
                if hit is not None:
                    found.setdefault(rule.part, []).append(hit)
        for part, frames in self._frames.items():
            if part in found:
                found[part] = _framed(text, found[part], frames)
        return found


def _tried(text: str, start: int, end: int, rule: Rule) -> Hit | None:
    """Return the hit if the rule's guards hold there."""
    if rule.unless is None and rule.needs is None:
        return Hit(start, end, rule)
    seen = max(0, start - _SIGHT)
    before, after = text[seen:start], text[end : end + _SIGHT]
    if seen:
        before, seen = _CUT + before, seen - 1
    if end + _SIGHT < len(text):
        after += _CUT
    marked = f"{before}{_MARK}{after}"
    if rule.unless is not None and rule.unless.search(marked):
        return None
    if rule.needs is not None:
        match = rule.needs.search(marked)
        if match is None:
            return None
        if rule.widens:
            first, last = match.span()
            start, end = min(seen + first, start), max(end, seen + last + end - start - 1)
    return Hit(start, end, rule)


def _framed(text: str, hits: list[Hit], frames: Mapping[str, list[Frame]]) -> list[Hit]:
    """Put the frames that the atoms among the hits fulfil in the atoms' place."""
    atoms: dict[str, list[Hit]] = {}
    kept: list[Hit] = []
    for hit in hits:
        kind = hit.rule.kind
        if kind[0] != "<":
            kept.append(hit)
        elif kind in atoms:
            atoms[kind].append(hit)
        else:
            atoms[kind] = [hit]
    if not atoms:
        return kept
    _add_amounts(text, atoms, hits[0].rule)
    if len(atoms) > 1 or any(len(same) > 1 for same in atoms.values()):
        for same in atoms.values():
            same.sort(key=_start)
        for first in list(atoms):
            for frame in frames.get(first, ()):
                if all(name in atoms for name in frame.atoms):
                    kept += _fulfilled(text, atoms, frame)
    return kept


def _add_amounts(text: str, atoms: dict[str, list[Hit]], rule: Rule) -> None:
    """Put the numbers of a text among the atoms, and apart those that may be money."""
    if _NUMERAL.search(text):
        for match in _AMOUNTS.finditer(text):
            number = Hit(match.start(), match.end(), rule)
            atoms.setdefault("<n>", []).append(number)
            if match.lastgroup == "money":
                atoms.setdefault("<money>", []).append(number)


def _fulfilled(text: str, atoms: Mapping[str, list[Hit]], frame: Frame) -> Iterator[Hit]:
    """Yield the spans at which a frame's atoms follow each other closely enough within a sentence."""
    for first in atoms[frame.atoms[0]]:
        end = first.end
        for name, gap in zip(frame.atoms[1:], frame.gaps, strict=True):
            same = atoms[name]  # in the order of their starts
            following = [
                atom.end
                for atom in same[bisect_left(same, end, key=_start) : bisect_right(same, end + gap, key=_start)]
                if not _SENTENCE_END.search(text, end, atom.start)
            ]
            if not following:
                break
            end = min(following)
        else:
            yield Hit(first.start, end, frame.rule)


def _read_frame(surface: str, rule: Rule) -> Frame:
    """Read a frame such as `<later>…<deal>`."""
    pieces = _FRAME.findall(surface)
    return Frame(tuple(f"<{name}>" for name, _ in pieces), tuple(GAP if gap else 1 for _, gap in pieces[:-1]), rule)


def _runs_on(character: str) -> bool:
    """Tell whether a surface that ends in a character may be a piece of a longer Latin word or number."""
    return character.isascii() and character.isalnum()


def _one_run(one: str, other: str) -> bool:
    """Tell whether two neighbours belong to one Latin word or one number: 12345 is none inside 2024110312345."""
    if one.isdigit():
        return other.isdigit()
    return one.isascii() and other.isascii() and one.isalpha() and other.isalpha()


def longest(hits: Sequence[Hit]) -> list[Hit]:
    """Keep, of hits that overlap, the longest (the heavier of equals); in order of their start. Drop what only bars."""
    if len(hits) < 2:
        return [hit for hit in hits if hit.rule.weight >= 0]
    taken = Taken()
    best_first = sorted(hits, key=lambda hit: (hit.start - hit.end, -abs(hit.rule.weight)))
    kept = [hit for hit in best_first if taken.take(hit.start, hit.end)]
    return sorted((hit for hit in kept if hit.rule.weight >= 0), key=_start)


def lines_of(name: str) -> Iterator[list[str]]:
    """Return the rows of a shipped list as fields; comments, empty lines and the header are left out."""
    text = resources.files("nlp").joinpath(f"lexicons/{name}.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#"))
    next(rows)
    return rows


def rules_of(part: str) -> list[tuple[str, Rule]]:
    """Read a shipped list as (surface, rule) pairs, every alternative spelt out; `ValueError` names a bad line."""
    sets: dict[str, str] = {}
    rules: list[tuple[str, Rule]] = []
    for number, fields in enumerate(lines_of(part), 1):
        defined = _SET.fullmatch(fields[0])
        if defined and len(fields) == 2:
            sets[defined[1]] = _filled_in(fields[1], sets, "(?:{})")
        else:
            rules += _read_rule(part, number, fields, sets)
    return rules


def new_rule(part: str, kind: str, weight: float, number: int, unless: str = "", needs: str = "") -> Rule:
    """Make the rule of a line; `unless` and `needs` are written as in the lists, without sets."""
    guards = _guard(unless), _guard(needs.removeprefix("~"))
    return Rule(part, kind, weight, *guards, needs.startswith("~"), f"{part}:{number}")


def _read_rule(part: str, number: int, fields: list[str], sets: Mapping[str, str]) -> list[tuple[str, Rule]]:
    """Read one line of a list."""
    surface, kind, weight, unless, needs, *_ = [*fields, "", "", "", "", ""]
    if surface.startswith("<"):
        return [(surface, new_rule(part, kind, float(weight or 1), number))]
    surfaces = {fold(one).text for one in expanded(_filled_in(surface, sets, "({})"))}
    if "" in surfaces or len(surfaces) > _MOST_SURFACES:
        raise ValueError(f"lexicons/{part}.tsv, rule {number}: {surface!r} may be empty or expands too far")
    unless, needs = (_filled_in(guard, sets, "(?:{})") for guard in (unless, needs))
    rule = new_rule(part, kind, float(weight or 1), number, unless, needs)
    return [(one, rule) for one in sorted(surfaces)]


def _filled_in(expression: str, sets: Mapping[str, str], form: str) -> str:
    """Put the members of sets in place of their names; raises `KeyError` for a set that no line above defines."""
    return _SET.sub(lambda name: form.format(sets[name[1]]), expression)


@cache
def _guard(expression: str) -> re.Pattern[str] | None:
    """Compile a guard, `@` becoming the mark of the hit."""
    if not expression:
        return None
    for macro, meaning in _MACROS.items():
        expression = expression.replace(macro, meaning)
    return re.compile(expression.replace("@", _MARK))


def expanded(surface: str) -> list[str]:
    """Spell out a surface's alternatives: `能[不能](少|便宜)点` gives four strings. Brackets do not nest."""
    choices = [
        choice.split("|") if choice else ["", *maybe.split("|")] if maybe else [plain]
        for choice, maybe, plain in _PIECE.findall(surface)
    ]
    return ["".join(pieces) for pieces in product(*choices)]
