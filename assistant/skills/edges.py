"""Edges of the product graph in words: what the shop stated, in the direction it stated it, with its note."""

from collections.abc import Mapping

from assistant.money import yuan
from assistant.skills.skill import Sentence
from assistant.skills.wording import product_source
from crm_core.commerce.products import Product
from crm_core.commerce.relations import Relation

_SAID = {
    "goes_with": "{0} 可以搭配 {1}",
    "not_with": "{0} 不能和 {1} 搭配使用",
    "replaces": "{0} 是 {1} 的升级款",
    "bundle_of": "{0} 里有 {1}",
    "refill_of": "{0} 是 {1} 的替换件",
}
_EITHER_WAY = {"goes_with", "not_with"}


def said(edge: Relation, known: Mapping[str, Product], ordered: tuple[Product, Product] | None = None) -> Sentence:
    """One edge as a sentence; `ordered` is how the shopper put the two, where the edge holds either way."""
    subject, other = known.get(edge.subject), known.get(edge.object)
    names = (subject.name if subject else edge.subject, other.name if other else edge.object)
    if ordered is not None and edge.predicate in _EITHER_WAY:
        names = (ordered[0].name, ordered[1].name)
    note = f"：{edge.note.rstrip('。')}" if edge.note else ""
    text = _SAID[edge.predicate].format(*names) + note + "。"
    sources = tuple(product_source(product) for product in (subject, other) if product is not None)
    return Sentence(text, sources, (*names, edge.note or ""))


def offered(product: Product) -> str:
    """A product with what it costs and whether it can be had, in brackets."""
    price = yuan(product.price)
    stock = None if product.stock is None else ("有货" if product.stock > 0 else "缺货")
    beside = "，".join(one for one in (price, stock) if one)
    return f"{product.name}（{beside}）" if beside else product.name
