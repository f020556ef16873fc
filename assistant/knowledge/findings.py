"""What bites or will: contradictions, rules that run out, answers asked for after their end, goods that are gone."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from assistant import library
from assistant.parts import Assistant
from crm_core.commerce import products
from crm_core.knowledge import articles, gaps
from crm_core.knowledge.gaps import OpenQuestion
from knowledge_base import conflicts
from knowledge_base.articles import Article

# A word of letters and digits both: 2026 or a whole English word is no number of a product.
_SPELT = re.compile(
    r"(?<![0-9A-Za-z_-])(?=[0-9A-Za-z_-]*\d)(?=[0-9A-Za-z_-]*[A-Za-z])[0-9A-Za-z_-]{4,}(?![0-9A-Za-z_-])"
)
Kind = Literal["contradiction", "expiry", "hole", "asked_after_end", "unknown_product"]


@dataclass(frozen=True)
class Finding:
    """What is wrong, since or from when it matters, with whom, in a Chinese sentence; `asked` are shoppers' words."""

    kind: Kind
    articles: tuple[Article, ...]
    at: datetime | None
    reason: str
    asked: tuple[str, ...] = ()


def findings(a: Assistant, horizon: timedelta = conflicts.HORIZON) -> list[Finding]:
    """Everything found in the knowledge as it is now, the most pressing kinds first."""
    now = a.clock()
    with a.record.reading() as tx:
        shelved = [library.article_of(one) for one in articles.all_articles(tx)]
        questions = gaps.all_questions(tx)
        known = {product.sku for product in products.all_products(tx)}
    found = [
        Finding(one.kind, one.articles, one.at, one.reason)
        for one in conflicts.conflicts(shelved, now=now, horizon=horizon)
    ]
    found += _asked_after_end(a, shelved, questions, now)
    found += _unknown_products(shelved, known)
    order = ("contradiction", "asked_after_end", "hole", "expiry", "unknown_product")
    found.sort(key=lambda one: order.index(one.kind))
    return found


def _unknown_products(shelved: Sequence[Article], known: Set[str]) -> list[Finding]:
    """Articles that hold for a product which the shop does not have, or name one by a number of the shop's own make."""
    folded = {sku.casefold() for sku in known}
    shapes = {_shape(sku) for sku in known if _SPELT.fullmatch(sku)}
    found = []
    for article in shelved:
        gone = [sku for sku in article.scope.skus if sku.casefold() not in folded]
        told = [word for word in _SPELT.findall(article.text) if _shape(word) in shapes]
        told = [word for word in dict.fromkeys(told) if word.casefold() not in folded and word not in gone]
        if gone:
            reason = f"「{article.title}」只对商品 {'、'.join(gone)} 生效，商品表里没有"
            found.append(Finding("unknown_product", (article,), None, reason))
        if told:
            reason = f"「{article.title}」的答案里提到 {'、'.join(told)}，商品表里没有"
            found.append(Finding("unknown_product", (article,), None, reason))
    return found


def _shape(sku: str) -> str:
    """How a number of a product is made: KT-102 is AA-999."""
    return re.sub("[a-z]", "A", re.sub(r"\d", "9", sku.casefold()))


def _asked_after_end(
    a: Assistant, shelved: Sequence[Article], questions: Sequence[OpenQuestion], now: datetime
) -> list[Finding]:
    """Articles that have ended and would have answered questions asked since."""
    ended = {one.id: one for one in shelved if one.scope.valid_to is not None and one.scope.valid_to <= now}
    if not ended or not questions:
        return []
    timeless = [replace(one, scope=replace(one.scope, valid_to=None)) for one in ended.values()]
    others = [one for one in shelved if one.id not in ended]
    shelf = a.shelf.beside([*others, *timeless])
    asked: dict[str, list[str]] = {}
    for one in questions:
        found = shelf.search(one.text, k=1, at=now)
        first = found.hits[0].article.id if found.verdict == "answer" else ""
        if first in ended and one.at >= (ended[first].scope.valid_to or now):
            asked.setdefault(first, []).append(one.text)
    return [
        Finding(
            "asked_after_end",
            (ended[id_],),
            ended[id_].scope.valid_to,
            f"「{ended[id_].title}」已经失效，之后还有 {len(texts)} 次问到，没有别的答案",
            tuple(dict.fromkeys(texts)),
        )
        for id_, texts in asked.items()
    ]
