"""Which facts of a product a question asks for: by the name of the attribute, its unit, its value, or what it means."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.skills.naming import measures
from crm_core.commerce.products import Product
from nlp.embedding.embedder import Embedder
from nlp.words import fold, segment

STRONG = 0.9  # and from here on whatever the knowledge says beside it
SURE = 0.6  # from here on an attribute answers by itself
LIKELY = 0.47  # and from here on where nothing else does
_CLOSE = 0.06  # a second attribute this near to the first is told too
_BY_NAME = 0.6  # what the share of an attribute's name that is said adds
_BY_UNIT = 0.3
_BY_VALUE = 0.7
_BY_MEASURE = 0.4  # 睡得下三个人吗 and 2人
_ALONE = 0.2
_LEFT_OVER = 0.55  # what each word leaves of it that neither the product nor the attribute knows
_MOST_KEPT = 4096
_kept: Final[dict[int, dict[str, NDArray[np.float32]]]] = {}  # names of attributes as vectors: they recur in every turn
_LONGEST = 24  # characters of a question that is set against attributes

# What a question is made of whatever it asks; none of it tells one attribute from another.
_PLAIN = frozenset(
    "的了吗呢啊呀吧么嘛哦是有没不能会和跟就都也还再这那它个款请问我你您们想要给多少什几怎样哪可以用做一下到在"
)
# What names of measures end with: 销量 is not known because 重量 is.
_KINDS = frozenset("量度率价数色性力感型值比差")
_COUNTED = re.compile(r"(?:多少|几|好多)\s*个?([a-z]{1,4}|[\u4e00-\u9fff]{1,2})")
# Spellings of one unit, and what it measures: who asks for centimetres is not told watts.
_UNITS = (
    ("volume", ("毫升", "ml")),
    ("volume", ("升", "l")),
    ("mass", ("公斤", "kg", "千克", "斤")),
    ("mass", ("克", "g")),
    ("length", ("毫米", "mm")),
    ("length", ("厘米", "cm", "公分")),
    ("energy", ("度电", "kwh")),
    ("heat", ("大卡", "千卡", "卡", "kcal", "千焦")),
    ("power", ("千瓦", "kw")),
    ("power", ("瓦", "w")),
    ("charge", ("毫安", "mah")),
    ("noise", ("分贝", "db")),
    ("degrees", ("度", "℃", "°c", "°")),
    ("light", ("流明", "lm")),
    ("voltage", ("伏", "v")),
    ("length", ("米", "m")),
    ("time", ("小时", "分钟", "天", "年", "个月", "月", "h", "min")),
)
# Words that ask for a measure without naming its unit.
_MEASURED_BY = (
    ("time", re.compile(r"多久|多长时间|几个?(?:月|小时|钟头)|几[年天]|多少(?:天|年|个?月|小时)")),
    ("mass", re.compile(r"多重|多沉|重不重|沉不沉|[几多少]斤")),
    ("length", re.compile(r"多长(?!时间)|多[高宽厚深粗]")),
    ("degrees", re.compile(r"多少度(?!电)|几度(?!电)|零下|零上")),
)
_DIGIT = re.compile(r"\d")
_OF_WHAT = re.compile(r"(?:什么|啥|哪种)([\u4e00-\u9fff])的?(?:呢|呀|啊|[?？]|$)")
_CLAUSES = re.compile(r"[^，。；！？,;!?\n]+")
_HAS = re.compile(r"(?:有没有|有|是|分)\s*(.{1,6}?)[的款]*(?:吗|么|嘛|不|没|呢|吧|[?？]|$)")
_WORDS_OF_ASKING = re.compile(
    r"([\u4e00-\u9fff])[不没]\1|多少|多[大长重高宽厚久深远快]|好多|几|什么|啥|哪|怎么|咋|如何|大概|一般|具体|左右|多长时间|时间|是否|情况|可以|适合|合适|范围|标准|最[大小多少高低长]?"
)


@dataclass(frozen=True)
class Fact:
    """One attribute of a product, as the record words it, and how surely it is what was asked."""

    name: str
    value: str
    score: float


def shown(value: str | Sequence[str]) -> str:
    """An attribute's value as a person reads it."""
    return value if isinstance(value, str) else "、".join(value)


def asked_for(product: Product, rest: str, embedder: Embedder, vocabulary: Iterable[str] = ()) -> list[Fact]:
    """The facts that `rest` asks for, the surest first; `rest` is the question without the product's name."""
    plain = _content(rest)
    attributes = {name: shown(value) for name, value in product.attributes.items() if shown(value).strip()}
    if product.brand:
        attributes.setdefault("品牌", product.brand)
    if not plain or not attributes or absent(product, rest, vocabulary) is not None:
        return []
    near = _nearness(embedder, rest, attributes)
    counted = {name: _counts(rest, name, value) for name, value in attributes.items()}
    if sum(gain > 0 for gain in counted.values()) == 1:
        # Nothing else of the product is counted like this.
        counted = {name: gain + _ALONE if gain > 0 else gain for name, gain in counted.items()}
    units = {unit for unit, _ in measures(fold(rest).text)}
    measured = [name for name, value in attributes.items() if units & {unit for unit, _ in measures(fold(value).text)}]
    facts = []
    for place, (name, value) in enumerate(attributes.items()):
        score = float(near[place]) + _BY_NAME * _said(name, plain) + counted[name]
        if name in measured:
            score += _BY_MEASURE + (_ALONE if len(measured) == 1 else 0.0)
        kind = _OF_WHAT.search(fold(rest).text)
        if kind is not None and kind[1] in fold(value).text:
            score += _BY_MEASURE
        if _names_value(plain, value):
            score += _BY_VALUE
        strangers = _strangers(rest, f"{name}{value}{product.name}{product.description or ''}")
        if any(
            f"{fold(name).text}{one}" in fold(rest).text or f"{one}{fold(name).text}" in fold(rest).text
            for one in strangers
        ):
            continue  # 重量误差 is not the weight
        score *= _LEFT_OVER ** len(strangers) if score > 0 else 1.0
        facts.append(Fact(name, value, score))
    if not facts:
        return []
    facts.sort(key=lambda fact: -fact.score)
    best = facts[0].score
    return [fact for fact in facts if fact.score >= LIKELY and best - fact.score <= _CLOSE][:3]


def absent(product: Product, rest: str, vocabulary: Iterable[str]) -> str | None:
    """The attribute that the question names, that other goods of the shop have and this one has not."""
    plain = fold(rest).text
    own = [fold(name).text for name in product.attributes]
    named = [name for name in vocabulary if name in plain]
    longest = max(named, key=len, default=None)
    if longest is None or any(longest in name or name in longest for name in own):
        return None
    return longest


def not_listed(rest: str, fact: Fact) -> str | None:
    """What the question asks to be among the values and is not: 有白色吗 where black and khaki are listed."""
    match = _HAS.search(rest)
    wanted = match[1].strip() if match is not None else ""
    if not wanted or _WORDS_OF_ASKING.search(wanted) or wanted in fold(fact.name).text or fact.name in wanted:
        return None
    listed = "、" in fact.value or len(fact.value) <= len("一种颜色的值")
    bare = wanted.removesuffix("色") or wanted
    return None if bare in fold(fact.value).text or not listed else wanted


def _strangers(rest: str, known: str) -> list[str]:
    """Words of the question that name something of which neither product nor attribute speaks: 保温层 of a tent."""
    held = fold(known).text
    wanted = _HAS.search(rest)
    plain = rest if wanted is None else rest.replace(wanted[1], " ")  # 有白色吗 names a value, not another thing
    words = segment(_WORDS_OF_ASKING.sub(" ", fold(plain).text))
    return [word for word in words if len(word) >= 2 and not word.isascii() and not _known(word, held)]


def _known(word: str, held: str) -> bool:
    if len(word) == 2:
        return any(letter in held for letter in word if letter not in _PLAIN | _KINDS) or word[0] in _PLAIN
    return any("".join(pair) in held for pair in pairwise(word))


def clause_about(product: Product, rest: str, least: float = 0.6) -> str | None:
    """The clause of the description that shares the most with the question, if it shares enough to answer it."""
    wanted = set(_content(rest))
    pairs = {"".join(pair) for pair in pairwise(_content(rest))}
    if len(wanted) < 2 or not product.description:
        return None
    best: tuple[float, str] | None = None
    for clause in _CLAUSES.findall(product.description):
        folded = fold(clause).text
        shared = sum(pair in folded for pair in pairs) * 2 + len(wanted & set(folded))
        share = len(wanted & set(folded)) / len(wanted)
        if shared >= 2 and share >= least and (best is None or shared > best[0]):
            best = shared, clause.strip()
    return best[1] if best else None


def _content(text: str) -> str:
    return "".join(character for character in fold(text).text if character.isalnum() and character not in _PLAIN)


def _nearness(embedder: Embedder, rest: str, attributes: Mapping[str, str]) -> NDArray[np.float32]:
    asked: NDArray[np.float32] = embedder.encode_queries([fold(rest).text[-_LONGEST:]])[0]
    return np.stack([_vector(embedder, name) for name in attributes]) @ asked


def _vector(embedder: Embedder, name: str) -> NDArray[np.float32]:
    kept = _kept.setdefault(id(embedder), {})
    vector = kept.get(name)
    if vector is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        vector = kept[name] = embedder.encode([name])[0]
    return vector


def _said(name: str, plain: str) -> float:
    """How much of the attribute's name the question says, whatever the order: 线…长 is 线长."""
    letters = [character for character in fold(name).text if character.isalnum() and character not in _PLAIN]
    if not letters:
        return 0.0
    share = sum(character in plain for character in letters) / len(letters)
    return share if share > 0.5 or fold(name).text in plain else share / 2


def _counts(rest: str, name: str, value: str) -> float:
    """What it says for a value that it counts as the question does: 多少瓦 and 1500W; much against 几毫米 and 锥刀."""
    plain, held = fold(rest).text, fold(value).text
    for kind, words in _MEASURED_BY:
        if words.search(plain):
            return _BY_UNIT if _holds(held, _spellings(kind)) else -1.0
    for unit in _COUNTED.findall(plain):
        known = next(((kind, one) for kind, one in _UNITS if unit.startswith(one)), None)
        if known is None:
            if unit[0] not in _PLAIN:
                return _BY_UNIT if _holds(held, (unit[0],)) or (unit[0] in name and _DIGIT.search(held)) else -_BY_UNIT
            continue
        kind, spellings = known
        if _holds(held, spellings):
            return _BY_UNIT if len(_content(rest)) > len(unit) else 2 * _BY_UNIT
        if not _holds(held, _spellings(kind)):
            return -1.0
    return 0.0


def _holds(held: str, spellings: Iterable[str]) -> bool:
    return re.search(rf"\d[\d.×x*~-]*\s*个?(?:{'|'.join(map(re.escape, spellings))})(?![a-z])", held) is not None


def _spellings(kind: str) -> list[str]:
    return [spelling for other, ones in _UNITS if other == kind for spelling in ones]


def _names_value(plain: str, value: str) -> bool:
    parts = [part for part in re.split(r"[、;；/,，\s]+", fold(value).text) if len(part) >= 2 or part.isalpha()]
    return any(len(part) >= 2 and part in plain for part in parts)
