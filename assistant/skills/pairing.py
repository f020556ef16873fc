"""Do two products go together? One stated edge of the product graph, or an honest "the shop does not say"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, order_source, product_card, product_source
from crm_core.commerce import orders, products, relations
from crm_core.commerce.orders import Order
from crm_core.commerce.products import Product
from crm_core.conversations.events import Choice, Source
from crm_core.database import Tx
from nlp.words import fold, segment

ABOUT_PAIRS = re.compile(
    r"搭配?|一起(?:用|涂|擦|抹|吃|穿|戴)|混(?:用|着)|同时用|叠加用|能配|配(?:着|得上|不配|吗)|兼容|通用|能装|适配|装得?(?:上|进)"
    r"|(?:搭|配)(?:什么|啥|哪)"
)
_BOUGHT = re.compile(r"我买|我的|上次|之前|以前|上回|买过|刚买|收到的|家里")
_WHAT = re.compile(r"(?:搭配?|配)(?:什么|啥|哪)|(?:什么|啥|哪)[^，。？?]{0,6}(?:搭|配)")
_LOOKED_AT = 12
_SHORTEST = 2  # characters of a mention
_MOST_CHOICES = 4

SAYS = {
    "goes_with": "可以搭配",
    "not_with": "不建议搭配使用",
    "replaces": "是同一用途的升级或替代款",
    "bundle_of": "是套装和其中单品的关系",
    "refill_of": "是配套的替换件",
}


@dataclass(frozen=True)
class _Mention:
    """A piece of the question that names a product: the words before it, and what it may mean, likeliest first."""

    bought: bool
    candidates: tuple[Product, ...]
    order: Order | None = None


def pairing(tx: Tx, question: Question) -> Finding | None:
    """What the shop states about two products, found in the shopper's own orders, on the page or by name."""
    mentions = _mentions(tx, question)
    if len(mentions) < 2 and question.sku is not None and question.leans:
        shown = products.product(tx, question.sku)
        if shown is not None and all(shown.sku != one.candidates[0].sku for one in mentions):
            mentions.append(_Mention(bought=False, candidates=(shown,)))
    if not mentions:
        return None
    if _WHAT.search(question.said):
        return _partners(tx, mentions[0].candidates[0], mentions[1:])
    if len(mentions) == 1:
        return None
    first, second = mentions[:2]
    for left in first.candidates:
        for right in second.candidates:
            edge = relations.between(tx, left.sku, right.sku)
            if edge is not None:
                return _stated(edge, left, right, (first, second), question)
    return _unstated(first, second, question)


def _mentions(tx: Tx, question: Question) -> list[_Mention]:
    own = orders.orders_of(tx, question.customer.id) if question.customer is not None else []
    found: list[_Mention] = []
    taken: set[str] = set()
    words = segment(question.said)
    start = 0
    before = ""
    while start < len(words):
        end, candidates, order = _longest(tx, question, own, words, start, before, taken)
        if end == start:
            before += words[start]
            start += 1
            continue
        found.append(_Mention(bool(_BOUGHT.search(before)), candidates, order))
        taken.add(candidates[0].sku)
        before, start = "", end
    return found


def _longest(
    tx: Tx, question: Question, own: Sequence[Order], words: list[str], start: int, before: str, taken: set[str]
) -> tuple[int, tuple[Product, ...], Order | None]:
    """The longest run of words from `start` that names a product, and where it ends; `start` when none does."""
    for end in range(len(words), start, -1):
        run = "".join(words[start:end])
        if len(run) < _SHORTEST:
            continue
        if _BOUGHT.search(before) or question.customer is not None:
            for order in own:
                lines = [
                    line for line in order.lines if line.sku not in taken and _names(run, line.title, line.category)
                ]
                bought = [products.product(tx, line.sku) for line in lines]
                candidates = tuple(product for product in bought if product is not None)
                if candidates:
                    return end, candidates, order
        if not _BOUGHT.search(before):
            hits = question.catalogue.search(run, k=_LOOKED_AT).hits
            skus = [hit.article.id for hit in hits if _names(run, hit.article.title, None)]
            known = products.products_by_sku(tx, skus)
            candidates = tuple(known[sku] for sku in skus if sku in known and sku not in taken)
            if candidates:
                return end, candidates, None
    return start, (), None


def _names(run: str, title: str, category: str | None) -> bool:
    return run in fold(title).text or (category is not None and run in fold(category).text)


def _stated(
    edge: relations.Relation, left: Product, right: Product, mentions: tuple[_Mention, _Mention], question: Question
) -> Finding:
    note = f"：{edge.note.rstrip('。')}" if edge.note else ""
    text = f"{left.name} 和 {right.name} {SAYS[edge.predicate]}{note}。"
    values = (left.name, right.name, edge.note or "")
    sources: list[Source] = [product_source(left), product_source(right)]
    sentences = [Sentence(text, tuple(sources), values)]
    sentences += _bound(((left, mentions[0]), (right, mentions[1])), question)
    return Finding(tuple(sentences), cards=(product_card(left), product_card(right)), focus_sku=left.sku)


def _bound(pairs: Sequence[tuple[Product, _Mention]], question: Question) -> list[Sentence]:
    """Which purchase each product was taken from, so that a wrong guess can be corrected."""
    said = []
    for product, mention in pairs:
        if mention.order is not None:
            when = day(mention.order.ordered_at, question.zone)
            text = f"（{product.name} 来自您 {when} 的订单 {mention.order.number}）"
            said.append(Sentence(text, (order_source(mention.order),), (product.name, when, mention.order.number)))
    return said


def _unstated(first: _Mention, second: _Mention, question: Question) -> Finding:
    left, right = first.candidates[0], second.candidates[0]
    text = f"店铺资料里没有写明 {left.name} 和 {right.name} 能不能搭配，我不想猜。需要的话请回复「转人工」请客服确认。"
    sentences = [Sentence(text, (product_source(left), product_source(right)), (left.name, right.name))]
    sentences += _bound(((left, first), (right, second)), question)
    return Finding(tuple(sentences), last_resort=True, focus_sku=left.sku)


def _partners(tx: Tx, product: Product, kinds: Sequence[_Mention]) -> Finding | None:
    """What the shop says one product goes with, of the kind that was asked for where one was."""
    partners = products.products_by_sku(tx, relations.goes_with(tx, product.sku))
    categories = {one.category for kind in kinds for one in kind.candidates}
    wanted = [one for one in partners.values() if one.category in categories] or list(partners.values())
    shown = wanted[:_MOST_CHOICES]
    if not shown:
        return None
    names = "、".join(one.name for one in shown)
    sources = tuple(product_source(one) for one in (product, *shown))
    text = f"{product.name} 可以搭配：{names}。"
    choices = tuple(Choice(one.name, f"{one.name} 怎么样", sku=one.sku) for one in shown)
    sentence = Sentence(text, sources, (product.name, names))
    return Finding((sentence,), cards=tuple(map(product_card, shown)), choices=choices, focus_sku=product.sku)
