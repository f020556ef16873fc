"""What will bite in the knowledge before a shopper meets it: answers that contradict, and rules that run out.

Two articles contradict when they answer the same question for the same shoppers at the same time with other figures or
with a denial on one side only. An article runs out when it ends soon and nothing takes its place, and leaves a hole
when what takes its place begins later. Questions are the same when they say the same words, courtesies aside: nearness
in meaning cannot tell 西藏包邮吗 from 包邮吗, and a false alarm costs more trust than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Literal

from knowledge_base.articles import Article, Scope
from knowledge_base.ingestion.validity import SHOP_ZONE
from nlp.words import fold, segment

HORIZON = timedelta(days=14)
"""How far ahead an end is told."""

Kind = Literal["contradiction", "expiry", "hole"]

_COURTESIES = frozenset(
    [
        "吗",
        "呢",
        "啊",
        "呀",
        "吧",
        "么",
        "嘛",
        "哦",
        "请问",
        "你们",
        "你",
        "您",
        "亲",
        "我",
        "想",
        "问",
        "下",
        "一下",
        "的",
        "了",
        "可以",
        "能",
        "是",
        "有",
        "在",
        "这",
        "这个",
        "那",
        "就",
        "都",
    ]
)
_MOST_TOGETHER = 50
_FIRST_WORDS = 20  # an answer begins with its yes or no; denials further on speak of exceptions
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(元|%|折|天|小时|日|个月|年|次|件|分钟|克|毫升)")
_DENIAL = re.compile(r"不(?:能|可以?|支持|会|行|需要?|用|收|退|换|提供|包)|无法|没有|谢绝|暂无")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A finding: which articles it concerns, when it begins to matter, and what is wrong in one Chinese sentence."""

    kind: Kind
    articles: tuple[Article, ...]
    at: datetime | None
    reason: str


def conflicts(articles: Iterable[Article], *, now: datetime, horizon: timedelta = HORIZON) -> list[Conflict]:
    """All findings among the questions and answers of a shop, those that matter first at the top.

    Passages of documents are left out: whether two of them speak of the same thing cannot be said from their headings.
    """
    faq = [
        one for one in articles if one.kind == "article" and (one.scope.valid_to is None or one.scope.valid_to > now)
    ]
    pairs = _same_questions(faq)
    found = [
        Conflict("contradiction", (faq[a], faq[b]), _since(faq[a].scope, faq[b].scope), reason)
        for a, b in pairs
        if _meet(faq[a].scope, faq[b].scope) and (reason := _disagreement(faq[a], faq[b]))
    ]
    partners: dict[int, list[Article]] = {}
    for a, b in pairs:
        partners.setdefault(a, []).append(faq[b])
        partners.setdefault(b, []).append(faq[a])
    for number, article in enumerate(faq):
        end = article.scope.valid_to
        if end is not None and end <= now + horizon:
            finding = _ending(article, end, partners.get(number, ()))
            if finding is not None:
                found.append(finding)
    found.sort(key=lambda one: (one.at or now, one.kind, one.articles[0].id))
    return found


def _same_questions(faq: Sequence[Article]) -> list[tuple[int, int]]:
    """Pairs of articles of which some question is the same; among many with one question, each with its neighbour."""
    askers: dict[frozenset[str], list[int]] = {}
    for number, article in enumerate(faq):
        for words in {_words(question) for question in (article.title, *article.similar)}:
            if words:
                askers.setdefault(words, []).append(number)
    pairs: set[tuple[int, int]] = set()
    for numbers in askers.values():
        if len(numbers) <= _MOST_TOGETHER:
            pairs.update(combinations(numbers, 2))
        else:
            pairs.update(pairwise(numbers))
    return sorted(pairs)


def _words(question: str) -> frozenset[str]:
    """The words of a question, courtesies aside; empty when there are no others."""
    return frozenset(segment(question)) - _COURTESIES


def _meet(one: Scope, other: Scope) -> bool:
    """Whether some shopper can meet both at one time; a product's rule beside a general one is meant to differ."""
    starts = [moment for moment in (one.valid_from, other.valid_from) if moment is not None]
    ends = [moment for moment in (one.valid_to, other.valid_to) if moment is not None]
    if starts and ends and max(starts) >= min(ends):
        return False
    return _for_the_same(one, other)


def _for_the_same(one: Scope, other: Scope) -> bool:
    """Whether both are for the same products, platform and members, or share some of each."""
    return _common(one.skus, other.skus) and _common(one.platforms, other.platforms) and _common(one.tiers, other.tiers)


def _common(one: Sequence[str], other: Sequence[str]) -> bool:
    return (not one and not other) or bool({name.casefold() for name in one} & {name.casefold() for name in other})


def _since(one: Scope, other: Scope) -> datetime | None:
    """When both hold for the first time; None when they always have."""
    return max((moment for moment in (one.valid_from, other.valid_from) if moment is not None), default=None)


def _disagreement(one: Article, other: Article) -> str | None:
    """Why two answers to one question cannot both be right, as far as figures and denials show it."""
    left, right = fold(one.text).text, fold(other.text).text
    if left == right:
        return None
    ours, theirs = _amounts(left), _amounts(right)
    for unit in ours.keys() & theirs.keys():
        if not ours[unit] & theirs[unit]:
            return (
                f"「{one.title}」与「{other.title}」问的是一件事，"
                f"一处写 {'、'.join(sorted(ours[unit]))}{unit}，另一处写 {'、'.join(sorted(theirs[unit]))}{unit}"
            )
    if bool(_DENIAL.search(left[:_FIRST_WORDS])) != bool(_DENIAL.search(right[:_FIRST_WORDS])):
        return f"「{one.title}」与「{other.title}」问的是一件事，一处说可以，另一处说不可以"
    return None


def _amounts(plain: str) -> dict[str, set[str]]:
    """The figures of a text by their unit."""
    found: dict[str, set[str]] = {}
    for figure, unit in _AMOUNT.findall(plain):
        found.setdefault(unit, set()).add(figure)
    return found


def _ending(article: Article, end: datetime, partners: Sequence[Article]) -> Conflict | None:
    """What happens to a question when its article ends: nothing when another goes on without a gap."""
    heirs = [
        one
        for one in partners
        if _for_the_same(article.scope, one.scope) and (one.scope.valid_to is None or one.scope.valid_to > end)
    ]
    if any(one.scope.valid_from is None or one.scope.valid_from <= end for one in heirs):
        return None
    if heirs:
        heir = min(heirs, key=lambda one: one.scope.valid_from or end)
        begins = heir.scope.valid_from or end
        return Conflict(
            "hole", (article, heir), end, f"「{article.title}」{_day(end)} 失效，接替它的 {_day(begins)} 才生效"
        )
    return Conflict("expiry", (article,), end, f"「{article.title}」{_day(end)} 失效，没有接替的答案")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}"
