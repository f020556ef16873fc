"""Does a sentence say only what the facts say? Its words, its figures and its yes or no are held against them.

Stricter than a judgement of meaning: a model may order and shorten what the facts say, and add the words that hold a
sentence together, but no noun, verb, adjective or figure of its own, and it may not join what two facts say apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Self

from nlp.words import fold, tagged

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CARRIES_MEANING = re.compile(r"^(?:n|v|a|b|z|s|t|f|i|l|j|eng|zg|x)")
_WORD = re.compile(r"\w")
_CLAUSE_ENDS = re.compile(r"[，,；;。！？!?\n]+")
_UNITS_OF = "个天日号月年周时分秒元块角折件单次瓶盒袋箱斤克岁倍成级包只双套条张位"
_FIGURE = re.compile(rf"[\d.:\-/零一二两三四五六七八九十百千万半]+[{_UNITS_OF}]?")
_DIGITS = re.compile(r"\d+(?:[.:\-/]\d+)*")
_SPOKEN = re.compile(rf"[零一二两三四五六七八九十百千万半]+(?=[{_UNITS_OF}])")
_A_NOT_A = re.compile(r"(.)[不没]\1")
_DENIES = re.compile(r"不(?!客气|好意思|过)|没(?!关系|事)|无(?!理由|需|线|糖)|未|别(?=再|用|给|发)|勿|禁")
_DONE = re.compile(r"已经?|完(?=了|成)")
_TURNS = (_DENIES, _DONE)
_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the mark that ends it; an unfinished one stands last."""
    return [found for found in (match[0].strip() for match in _SENTENCE.finditer(text)) if found]


def strays(sentence: str, facts: Sequence[str], asked: str = "") -> list[str]:
    """What a sentence says beyond the facts; empty when it may be said.

    Each clause must be held by one sentence of the facts: its words and figures stand there, its verbs stand beside its
    figures, it denies as often and calls as much done (已). Nouns of what was `asked` may be repeated, its verbs and
    figures may not: who asks 签收了吗 has not been told so.
    """
    told = [piece for fact in facts for piece in sentences(fold(fact).text)]
    named = frozenset(word for word, kind in tagged(fold(asked).text) if kind.startswith("n"))
    return [stray for text in _clauses(fold(sentence).text) for stray in _beyond(_Clause.of(text, named), told)]


@dataclass(frozen=True)
class _Clause:
    """A clause and what of it needs a fact: its words, those that the shopper named, its verbs, its figures."""

    text: str
    words: tuple[str, ...]
    named: frozenset[str]
    verbs: frozenset[str]
    figures: Set[str]

    @classmethod
    def of(cls, text: str, named: Set[str]) -> Self:
        kinds = {
            word: kind
            for word, kind in tagged(text)
            if _WORD.search(word)
            and _CARRIES_MEANING.match(kind)
            and word not in courtesies()
            and not _FIGURE.fullmatch(word)
        }
        verbs = frozenset(word for word, kind in kinds.items() if kind.startswith("v"))
        return cls(text, tuple(kinds), frozenset(named & kinds.keys()), verbs, _figures(text))


def _beyond(clause: _Clause, told: Sequence[str]) -> list[str]:
    """What a clause says beyond the one sentence that holds most of it."""
    turns = [mark.pattern[0] for mark in _TURNS if _count(mark, clause.text)]
    if not clause.words and not clause.figures and not turns:
        return []
    unheld = [word for word in clause.words if word not in clause.named] + sorted(clause.figures)
    attempts = [_against(clause, piece) for piece in told if any(word in piece for word in clause.words)]
    return min(attempts, key=len, default=unheld + turns)


def _against(clause: _Clause, piece: str) -> list[str]:
    """What a clause says beyond one sentence of the facts."""
    beyond = [word for word in clause.words if word not in piece and word not in clause.named]
    beyond += sorted(clause.figures - _figures(piece))
    if beyond:
        return beyond
    parts = _clauses(piece)
    if clause.figures:
        beside = "".join(part for part in parts if clause.figures & _figures(part))
        beyond = sorted(verb for verb in clause.verbs if verb not in beside)

    def likeness(part: str) -> tuple[int, float]:
        shared = len(set(clause.text) & set(part)) / len(set(part)) ** 0.5
        return sum(word in part for word in clause.words), shared

    nearest = max(parts, key=likeness)
    return beyond + [mark.pattern[0] for mark in _TURNS if _count(mark, clause.text) != _count(mark, nearest)]


def _clauses(plain: str) -> list[str]:
    return [clause for clause in _CLAUSE_ENDS.split(plain) if _WORD.search(clause)]


def _count(mark: re.Pattern[str], plain: str) -> int:
    return len(mark.findall(_A_NOT_A.sub("", plain)))


def _figures(plain: str) -> set[str]:
    """Figures in digits, those written out included: 七天 is 7."""
    found = {match[0] for match in _DIGITS.finditer(plain)}
    for match in _SPOKEN.finditer(plain):
        found.add(_value(match[0]))
    return found


def _value(spoken: str) -> str:
    if spoken == "半":
        return "0.5"
    total = current = 0
    for character in spoken:
        if character in _UNITS:
            unit = _UNITS[character]
            total = (total + (current or 1)) * unit if unit == 10_000 else total + (current or 1) * unit
            current = 0
        elif character in _VALUES:
            current = _VALUES[character]
    return str(total + current)


@cache
def courtesies() -> frozenset[str]:
    """The words that may be added to any facts."""
    lines = resources.files("nlp").joinpath("lexicons/courtesies.tsv").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
