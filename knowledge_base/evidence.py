"""What speaks for the first hit, and what against it: the numbers from which the verdict is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from knowledge_base.articles import Article
from knowledge_base.keywords import Asked
from knowledge_base.shelf import Shelf
from nlp.words import fold

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_A_NOT_A = re.compile(r"(.)[不没]\1")  # 能不能, 有没有: a question and no negation
_ASKS_AT_THE_END = r"[。？?！!呀啊呢吖哦~ ]*$"  # 要寄回去不, 发货没: a question and no negation either
_NEGATION = re.compile(
    r"(?<!差)不(?!好意思|客气|知道|过敏|错|小心|然|同|少|久|一样|止|仅|但|管|论|过)"
    rf"(?!{_ASKS_AT_THE_END})|没(?!关系|事|{_ASKS_AT_THE_END})|别(?=再|给|发)|无法|未|忘|拒"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first hit of a query, measured; all but `focus` and `length` lie between 0 and 1."""

    margin: float
    """What the second article's score lacks against the first one's."""
    crowd: float
    """The mean score of the second to fifth article, as a share of the first one's."""
    cosine: float
    """Nearness in meaning of its best key."""
    middle: float
    """Nearness in meaning of its questions together."""
    words: float
    """Rarity of the query's words that stand in the article, as a share of all its words."""
    strange: float
    """Rarity of the query's words that stand nowhere on the shelf, as a share of all its words."""
    numbers: float
    """1 when the query names a number that the article does not."""
    negation: float
    """1 when the query denies and the best key does not, or the other way round."""
    focus: float
    """1 when the article was made for the product in focus, -1 when for one that nobody named."""
    text: float
    """1 when the best key is no question: a passage, or part of an answer."""
    length: float
    """Logarithm of the number of the query's terms."""

    def row(self) -> tuple[float, ...]:
        """The numbers in the order of the fields."""
        return _ROW(self)


# a tenth of what dataclasses.astuple takes
_ROW: Callable[[Evidence], tuple[float, ...]] = attrgetter(*(field.name for field in fields(Evidence)))


def evidence_of(
    query: str,
    shelf: Shelf,
    asked: Asked,
    *,
    article: int,
    key: int,
    found: NDArray[np.bool_],
    scores: Sequence[float],
    cosine: float,
    middle: float,
    focus: int,
) -> Evidence:
    """Measure the first hit: its article and best key by number, which known terms it has, and the hits' scores."""
    word_mass = asked.unknown_words + float(asked.rarities[asked.words].sum())
    rest = list(scores[1:5])
    plain = fold(query).text
    return Evidence(
        margin=scores[0] - (scores[1] if rest else 0.0),
        crowd=sum(rest) / 4 / max(scores[0], 1e-6),
        cosine=cosine,
        middle=middle,
        words=float(asked.rarities[found & asked.words].sum()) / word_mass if word_mass else 0.0,
        strange=asked.unknown_words / word_mass if word_mass else 0.0,
        numbers=float(_names_another_number(plain, shelf.articles[article])),
        negation=float(_denies(plain) != _denies(fold(shelf.text_of(key)).text)),
        focus=float(focus),
        text=float(not shelf.questions[key]),
        length=float(np.log1p(len(asked.numbers))),
    )


def _names_another_number(query: str, article: Article) -> bool:
    asked = set(_NUMBER.findall(query))
    if not asked:
        return False
    told = " ".join((article.title, *article.similar, article.text))
    return not asked <= set(_NUMBER.findall(fold(told).text))


def _denies(plain: str) -> bool:
    return _NEGATION.search(_A_NOT_A.sub("", plain)) is not None
