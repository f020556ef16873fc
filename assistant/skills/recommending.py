"""Something to buy: products of the kind that was asked for, that can be had, each with the record's own reason."""

import re
from collections import Counter
from itertools import pairwise

from assistant.money import yuan
from assistant.skills import attributes
from assistant.skills.meant import everything
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.commerce import products
from crm_core.commerce.products import Product
from crm_core.conversations.events import Choice
from crm_core.database import Tx

ABOUT = re.compile(
    r"推荐|推个|推一[个款]|介绍|想买|要买|买哪|选哪|哪款好|哪个好|挑|有什么.{0,6}(?:卖|好|款)|有[哪些啥].{0,6}(?:款|种)|求推"
)
INTENTS = frozenset({"ask_recommendation", "ask_which_better"})
_ASKED = re.compile(r"推荐|推个|推一[个款]|求推|介绍一?下")
_KIND = re.compile(
    r"(?:买|推荐|看看|选|挑|要)(?:一?[个口只台把款双条件])?([\u4e00-\u9fff]{1,4}?)(?:呢|吗|吧|有|怎么|$|[，。？?! ])"
)
_MOST = 4
_KINDS = 40


def recommendation(tx: Tx, question: Question) -> Finding | None:
    """Up to four products of the kind that the message names, those in stock first; None when it names no kind."""
    found: list[Product] = []
    for place in everything(tx, question):
        found += [one for one in place.products if one.sku not in {other.sku for other in found}]
    if not found:
        return _kinds(question)
    head = question.names.by_sku[found[0].sku]
    kin = [name.sku for name in question.names.by_sku.values() if name.category == head.category][:_KINDS]
    known = products.products_by_sku(tx, kin)
    narrow = [one for one in found if one.stock] or found
    if len(narrow) < 2 and not _narrow(question, narrow[0]):
        narrow += [known[sku] for sku in kin if sku in known and known[sku].stock and known[sku] not in narrow]
    narrow.sort(key=lambda product: -_suits(question, product))
    shown = narrow[:_MOST]
    said = [_reason(product) for product in shown]
    choices = tuple(Choice(one.name, f"{one.name} 怎么样", sku=one.sku) for one in shown) if len(shown) > 1 else ()
    return Finding(
        tuple(said),
        cards=tuple(map(product_card, shown)),
        choices=choices,
        focus_sku=shown[0].sku,
        last_resort=not _ASKED.search(question.said),
    )


def _suits(question: Question, product: Product) -> int:
    """How many pairs of letters of the wish stand in what the record says of the product: 打混凝土的."""
    said = f"{product.description or ''} {' '.join(map(attributes.shown, product.attributes.values()))}"
    return sum("".join(pair) in said for pair in pairwise(question.plain))


def _kinds(question: Question) -> Finding | None:
    """我想买锅: which of the kinds that the shop has; None where it has none of that name."""
    wanted = _KIND.search(question.plain)
    if wanted is None:
        return None
    kinds = Counter(name.category for name in question.names.by_sku.values() if name.category.endswith(wanted[1]))
    if not kinds:
        return None
    shown = [kind for kind, _ in kinds.most_common(_MOST + 1)]
    choices = tuple(Choice(kind, f"{kind}有什么推荐", sku=None) for kind in shown)
    return Finding(ask=f"我们有这几类：{'、'.join(shown)}。您想看哪一类？", choices=choices)


def _narrow(question: Question, product: Product) -> bool:
    """Does the message name more of this product than its kind?"""
    name = question.names.by_sku[product.sku]
    said = sum(len(mention.covered) for mention in question.mentions if product.sku in mention.skus)
    return said > len(name.head)


def _reason(product: Product) -> Sentence:
    price = yuan(product.price)
    facts = [price] if price else []
    if product.description:
        facts.append(product.description.rstrip("。"))
    if product.stock is not None:
        facts.append("有货" if product.stock > 0 else "现在缺货")
    text = f"{product.name}：{'，'.join(facts)}。"
    return Sentence(text, (product_source(product),), (product.name, *facts))
