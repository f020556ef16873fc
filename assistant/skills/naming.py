"""Which products a message names: the longest shared pieces, the head of the name, no contradicting figure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from crm_core.commerce import products
from crm_core.database import Database
from knowledge_base.articles import Article
from knowledge_base.search import KnowledgeBase
from nlp.words import fold, segment

_ASIDE = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]?")
_TAIL = re.compile(
    r"(?:[\d.×x*~-]+\s*(?:[a-z]{1,3}|[升克斤码号寸元支片张包抽只件米代段瓦毫厘公]+\w{0,2})?|(?<![a-z])[smlx0-9]{1,4})$"
)
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_SPEC = re.compile(r"\d+(?:\.\d+)?|[a-z]+\d*")
_COLOURS = re.compile(r"([\u4e00-\u9fff])色")
_WORD = re.compile(r"[a-z0-9][a-z0-9.-]*")
_MEASURED = re.compile(
    r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)个?(升|l|ml|毫升|cm|厘米|寸|码|号|代|段|人|瓦|w|kg|克|g|斤|片|支|米|m|色|孔|档)"
)
_INSIDE = re.compile(r"\d+(?:\.\d+)?\s*(?:[a-z]{1,3}|[\u4e00-\u9fff])")
_NUMERALS = {**{figure: str(value) for value, figure in enumerate("一二三四五六七八九十", 1)}, "两": "2"}
_UNITS = {"l": "升", "ml": "毫升", "厘米": "cm", "w": "瓦", "g": "克", "m": "米"}
_HEAD_GAIN = 2.0  # characters that a named head is worth
_ENOUGH = 2  # characters of a name that a message must share
_MOST = 24  # products looked at closely
_TIED = 0.1
_SHARED_BY = 3  # names that begin alike: a brand
_LONGEST_BRAND = 5
_APART = 2  # characters between two pieces of one name


@dataclass(frozen=True)
class Name:
    """A product by its name: `base` is the name without sizes and colours at its end, `head` the word it ends with."""

    sku: str
    text: str
    base: str
    head: str
    category: str
    short: tuple[str, ...]  # how people shorten it: 扁罐 for 扁气罐
    measures: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Mention:
    """A place where products are named: which, all equally fitting, and the characters used."""

    skus: tuple[str, ...]
    covered: frozenset[int]
    score: float
    headed: bool  # the kind of thing is named too, and not only its series or its size


class Names:
    """The names of a catalogue, found by the pieces they share with a message."""

    def __init__(self, articles: Iterable[Article], attributes: Iterable[str] = ()) -> None:
        """Take what is sold, and what the shop calls the attributes of its goods, whichever has them."""
        self.attributes = frozenset(word for one in attributes if len(word := fold(one).text) >= _ENOUGH)
        self.by_sku: dict[str, Name] = {}
        self._grams: dict[str, list[str]] = {}
        listed = list(articles)
        starts = Counter(start for article in listed for start in _starts(fold(article.title).text))
        brands = {start for start, count in starts.items() if count >= _SHARED_BY}
        for article in listed:
            name = named(article.id, article.title, article.category, brands)
            self.by_sku[name.sku] = name
            for gram in {*_grams(name.text), *name.short, fold(name.sku).text}:
                self._grams.setdefault(gram, []).append(name.sku)

    def found_in(self, text: str, among: Collection[str] | None = None) -> list[Mention]:
        """The products that a message names, each place once, in the order they are named."""
        plain = fold(text).text
        if among is None:
            counted: Counter[str] = Counter()
            for gram in {
                *_grams(plain),
                *(plain[at : at + 3] for at in range(len(plain) - 2)),
                *re.findall(r"[a-z0-9-]+", plain),
            }:
                counted.update(self._grams.get(gram, ()))
            candidates = [self.by_sku[sku] for sku, _ in counted.most_common(_MOST)]
        else:
            candidates = [self.by_sku[sku] for sku in among if sku in self.by_sku]
        return mentions(plain, candidates, closed=among is not None)


class KeptNames:
    """The names of the catalogue as it is now; read again when the catalogue is filled again."""

    def __init__(self) -> None:
        self._kept: tuple[Sequence[Article], Names] | None = None

    def of(self, catalogue: KnowledgeBase, record: Database) -> Names:
        """The names of everything that is on the catalogue's shelf, and of all attributes in the record."""
        articles = catalogue.articles
        kept = self._kept
        if kept is None or kept[0] is not articles:
            with record.reading() as tx:
                attributes = {name for product in products.all_products(tx) for name in product.attributes}
            self._kept = kept = (articles, Names(articles, attributes))
        return kept[1]


def named(sku: str, title: str, category: str = "", brands: Collection[str] = ()) -> Name:
    """A product's name taken apart; what `brands` holds is whose it is and never what it is."""
    text = fold(title).text
    pieces = _ASIDE.sub(" ", text).split() or [text]
    base = max(pieces, key=lambda piece: len(_IDEOGRAPH.findall(piece)))
    inside = _INSIDE.search(base)
    if (
        inside is not None
        and len(_IDEOGRAPH.findall(start := base[: inside.start()])) >= _ENOUGH
        and start not in brands
    ):
        base = base[: inside.start()].rstrip(" -")
    while (cut := _TAIL.sub("", base).strip()) != base and len(cut) >= _ENOUGH:
        base = cut
    words = segment(base)
    head = words[-1] if words else base
    if len(head) == 1 and len(words) > 1:
        head = words[-2][-1:] + head
    short = (base[0] + base[-1], base[:2] + base[-1]) if len(base) > 2 and not base.isascii() else ()
    return Name(sku, text, base, head, fold(category).text, short, frozenset(measures(text)))


def _starts(text: str) -> Iterable[str]:
    return (text[:length] for length in range(_ENOUGH, _LONGEST_BRAND + 1))


def measures(text: str) -> set[tuple[str, str]]:
    """The figures with a unit of a text, as (unit, figure): 六升 and 6L are the same."""
    found = set()
    for figure, unit in _MEASURED.findall(text):
        plain = _NUMERALS.get(figure, figure)
        found.add((_UNITS.get(unit, unit), plain))
    return found


def mentions(plain: str, candidates: Sequence[Name], *, closed: bool = False) -> list[Mention]:
    """The places of a folded text where one of the candidates is named.

    In a `closed` set, such as what one customer bought, the last character of a name is enough: 炉子 is the stove.
    """
    said = measures(plain)
    scored = []
    for name in candidates:
        covered = _together(plain, name, _covered(plain, name, closed))
        if not covered:
            continue
        headed = _heads(plain, name, covered)
        if not headed and len(covered) < _ENOUGH and not closed:
            continue
        scored.append((_score(name, covered, headed, said), name, covered, headed > 0))
    found: list[Mention] = []
    used: set[int] = set()
    while scored:
        open_to = [
            (score * len(covered - used) / len(covered), score, name, covered, headed)
            for score, name, covered, headed in scored
            if len(covered - used) >= (1 if closed else _ENOUGH)
            and (not found or headed or len(covered - used) > _ENOUGH)
        ]
        if not open_to:
            break
        best, _, _, covered, headed = max(open_to, key=lambda one: (one[0], one[4]))
        if best <= 0:
            break
        tied = [one for one in open_to if best - one[0] < _TIED and one[3] - used == covered - used]
        skus = tuple(one[2].sku for one in tied)
        spot = frozenset(covered - used)
        found.append(Mention(skus, spot, best, headed))
        used |= covered
        scored = [one for one in scored if one[1].sku not in skus]
    return sorted(found, key=lambda one: min(one.covered))


def _covered(plain: str, name: Name, closed: bool) -> set[int]:
    """The characters of the text that stand in runs of two or more of the name, or are a whole figure or size of it."""
    covered = _runs(plain, name) | _tokens(plain, name)
    for short in name.short:
        at = plain.find(short)
        if at >= 0:
            covered.update(range(at, at + len(short)))
    if closed and name.base:
        # 炉子 for a stove, 白的 for the white one.
        for letter in (name.base[-1], *_COLOURS.findall(name.text)):
            at = plain.find(letter)
            if at >= 0:
                covered.add(at)
    return {place for place in covered if not plain[place].isspace()}


def _runs(plain: str, name: Name) -> set[int]:
    covered: set[int] = set()
    start = 0
    while start < len(plain):
        length = 1
        while start + length <= len(plain) and plain[start : start + length] in name.text:
            length += 1
        length -= 1
        if length >= _ENOUGH and not plain[start : start + length].isascii():
            covered.update(range(start, start + length))
            if plain[start + length : start + length + 1] in {*name.head}:
                covered.add(start + length)
        start += max(1, length - 1)
    return covered


def _tokens(plain: str, name: Name) -> set[int]:
    covered: set[int] = set()
    tokens = set(_SPEC.findall(name.text)) | {fold(name.sku).text}
    for match in _WORD.finditer(plain):
        if match[0] in tokens:
            covered.update(range(*match.span()))
            continue
        for part in _SPEC.finditer(match[0]):
            if part[0] in tokens:
                covered.update(range(match.start() + part.start(), match.start() + part.end()))
    return covered


def _together(plain: str, name: Name, covered: set[int]) -> set[int]:
    """The pieces that stand together: a word of the name that the message says elsewhere is about something else."""
    groups: list[set[int]] = []
    last = -1
    for place in sorted(covered):
        between = plain[last + 1 : place] if groups else ""
        again = bool(groups) and sum(plain[other] == plain[place] for other in groups[-1]) >= name.text.count(
            plain[place]
        )
        if groups and not again and len(between.strip()) <= _APART:
            groups[-1].add(place)
        else:
            groups.append({place})
        last = place
    best = max(groups, key=lambda group: len(group) + _HEAD_GAIN * _heads(plain, name, group), default=set())
    return best | {place for place in covered if plain[place].isascii() and plain[place].isalnum()}


def _heads(plain: str, name: Name, covered: set[int]) -> float:
    """How much of the head of the name is said, from 0 to 1."""
    said = {plain[place] for place in covered}
    return sum(character in said for character in name.head) / max(1, len(name.head))


def _score(name: Name, covered: set[int], headed: float, said: set[tuple[str, str]]) -> float:
    score = len(covered) + _HEAD_GAIN * headed
    if not headed:
        score *= 0.6
    for unit, figure in said:
        own = {value for kind, value in name.measures if kind == unit}
        if own and figure not in own:
            score *= 0.4
        elif figure in own:
            score += 1.5
    # Of two that share the same words the plainer name is meant: 马灯 is the lamp, not its battery.
    return score - 0.02 * max(0, len(name.base) - len(covered))


def _grams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if not text[at : at + 2].isspace()} | set(
        _SPEC.findall(text)
    )
