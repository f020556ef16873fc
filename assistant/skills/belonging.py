"""What belongs to one product: its refill, its newer version, what goes with it, what a set holds; each as stated."""

import re
from collections.abc import Sequence

from assistant.skills import edges
from assistant.skills.comparing import ABOUT as COMPARES
from assistant.skills.meant import Meant, bought_one, everything, meant
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, order_source, product_card, product_source
from crm_core.commerce import products, relations
from crm_core.commerce.products import Product
from crm_core.commerce.relations import Relation
from crm_core.conversations.events import Choice
from crm_core.database import Tx

_MOST = 5
# What a question has to speak of before an edge of this kind answers it; it must exist as well.
_ABOUT = (
    (
        "replaces",
        re.compile(
            r"新款|新版|升级|[二三四2-4]代|换代|替代|代替|用什么替|取代|改良|改进|后续款|接替|下架|停产|没了|绝版|不卖了|还出|新出"
        ),
    ),
    (
        "refill_of",
        re.compile(r"滤芯|换芯|替换|耗材|换.{0,4}[芯头网袋盒片]|补充|配件|备用|零件|芯$|替芯|换哪|换什么|换个"),
    ),
    (
        "bundle_of",
        re.compile(
            r"里面|里头|里有|包含|包括|都有[什啥哪]|有哪|有什么|有啥|几件|内含|含什么|组成|单独买|套装|礼盒|组合|一套"
        ),
    ),
    ("not_with", re.compile(r"不能和|不能跟|别和|不能同|忌|冲突|不能一起|不要和|避开")),
    (
        "goes_with",
        re.compile(
            r"搭配|配(?!送|料)|(?:怎么|能|可以)搭|搭(?:什么|啥|哪|个|件|着)|一起|(?:用|接|装|套|垫)(?:什么|啥|哪)|还要买|还需要|凑单|一块"
        ),
    ),
)
_CALLS = re.compile(r"哪|什么|啥|用|配|搭|能|换|买|推|里|装|接|几[包个盒支瓶袋片]")
_WHICH = re.compile(r"哪|什么|啥")
_EVERYTHING = re.compile(r"(?:里面?|里头|包含|包括|都?有)(?:都?有)?(?:什么|啥|哪)")
_CONTENTS_ONLY = "里面有什么"
_INSIDE = re.compile(r"里面|里头|里的|里有|其中|包含|包括")
_ASKS = re.compile(r"[吗么嘛?？呢]|[不没]$|什么|啥|哪|怎么|推|买|有|换|要|几|多少")


def belonging(tx: Tx, question: Question) -> Finding | None:
    """The stated edges of the product in question that the message asks for; None when it asks for none."""
    compares = COMPARES.search(question.said) and len(question.mentions) > 1
    if compares or not _ASKS.search(question.plain):
        return None
    inside = _INSIDE.search(question.plain) and question.sku is not None
    if _INSIDE.search(question.plain) and (whole := _set_named(tx, question)) is not None:
        return _of(tx, question, whole)
    which = bought_one(tx, question) or (inside and _in_focus(tx, question)) or meant(tx, question)
    if which is None or (which.how == "context" and question.personal and not question.picked):
        return _of_a_purchase(tx, question) or (None if which is None else _of(tx, question, which))
    return _of(tx, question, _owner(tx, question, which) or which)


def _owner(tx: Tx, question: Question, which: Meant) -> Meant | None:
    """锯片换哪种, of a saw that was spoken of: asked of the saw, not of the blade."""
    if question.sku is None or which.how != "named" or not _WHICH.search(question.said):
        return None
    others = {sku for edge in relations.related(tx, question.sku) for sku in (edge.subject, edge.object)}
    focus = products.product(tx, question.sku)
    if focus is None or not others & {product.sku for product in which.products} - {focus.sku}:
        return None
    return Meant((focus,), question.plain, "context")


def _set_named(tx: Tx, question: Question) -> Meant | None:
    """Of what the message names the set whose inside is asked about: 口红礼盒里有啥."""
    if len(question.mentions) < 2:
        return None
    for place in everything(tx, question):
        edges_of = relations.related(tx, place.one.sku)
        if any(edge.predicate == "bundle_of" and edge.subject == place.one.sku for edge in edges_of):
            return Meant(place.products[:1], _CONTENTS_ONLY, place.how) if _EVERYTHING.search(question.plain) else place
    return None


def _in_focus(tx: Tx, question: Question) -> Meant | None:
    """The set that was spoken of, where its inside is asked about."""
    product = products.product(tx, question.sku or "")
    edges_of = relations.related(tx, product.sku) if product is not None else []
    if product is None or not any(one.predicate == "bundle_of" and one.subject == product.sku for one in edges_of):
        return None
    return Meant((product,), question.plain, "context")


def _of_a_purchase(tx: Tx, question: Question) -> Finding | None:
    """我买的那个能换零件吗: which of the purchases that have what is asked for; the only one needs no asking."""
    if question.customer is None or not question.personal:
        return None
    own = question.own(tx)
    bought = products.products_by_sku(tx, list(dict.fromkeys(line.sku for order in own for line in order.lines)))
    fitting = [
        product
        for product in bought.values()
        if _spoken(question.plain, product.sku, relations.related(tx, product.sku))
    ]
    if not fitting:
        return None
    if len(fitting) == 1:
        return _of(tx, question, Meant((fitting[0],), question.plain, "bought"))
    choices = tuple(Choice(product.name, product.name, sku=product.sku) for product in fitting[:_MOST])
    return Finding(ask="您说的是买过的哪一件？", cards=tuple(map(product_card, fitting[:_MOST])), choices=choices)


def _of(tx: Tx, question: Question, which: Meant) -> Finding | None:
    for product in which.products[:_MOST]:
        found = _asked(tx, question, product, which.rest)
        if found:
            path, edge_list = found
            return _told(tx, question, which, product, path, edge_list)
    return None


def _asked(tx: Tx, question: Question, product: Product, rest: str) -> tuple[list[Relation], list[Relation]] | None:
    """The edges asked for, after those that lead to them."""
    own = relations.related(tx, product.sku)
    if not own:
        return None
    parts = [edge for edge in own if edge.predicate == "bundle_of" and edge.subject == product.sku]
    part = _one_named(question, rest, [edge.object for edge in parts], own=product)
    if part is not None:
        inside = [edge for edge in relations.related(tx, part) if edge not in parts]
        named = _named(question, rest, part, inside) or _spoken(rest, part, inside)
        if named:
            return [edge for edge in parts if edge.object == part], named
    named = _named(question, rest, product.sku, own)
    if named:
        return [], named
    spoken = _spoken(rest, product.sku, own)
    return ([], spoken) if spoken else None


def _one_named(question: Question, rest: str, among: Sequence[str], own: Product) -> str | None:
    found = question.names.found_in(rest, among=among) if among else []
    found = [one for one in found if one.headed]
    return found[0].skus[0] if found and len(found[0].skus) == 1 and found[0].skus[0] != own.sku else None


def _named(question: Question, rest: str, sku: str, own: Sequence[Relation]) -> list[Relation]:
    """The edges to what the message names by its kind: 用什么气罐."""
    if not _CALLS.search(rest):
        return []
    by_other: dict[str, list[Relation]] = {}
    for edge in own:
        if edge.predicate == "replaces":
            continue  # the newer one bears the same name
        by_other.setdefault(edge.object if edge.subject == sku else edge.subject, []).append(edge)
    found = [one for one in question.names.found_in(rest, among=list(by_other)) if one.headed]
    if not found:
        return []
    best = max(found, key=lambda one: one.score)
    kind = {question.names.by_sku[one].category for one in best.skus}
    kin = [other for other in by_other if question.names.by_sku[other].category in kind]
    edges_of = [edge for other in kin for edge in by_other[other]]
    good = [edge for edge in edges_of if edge.predicate != "not_with"]
    return good if good and _WHICH.search(question.said) else edges_of


def _spoken(rest: str, sku: str, own: Sequence[Relation]) -> list[Relation]:
    for predicate, about in _ABOUT:
        if about.search(rest):
            found = [edge for edge in own if edge.predicate == predicate and _answers(edge, sku)]
            if found:
                return found
    return []


def _answers(edge: Relation, sku: str) -> bool:
    """Is this the end from which the edge is asked: who asks for a newer version holds the old one."""
    return (
        edge.subject == sku
        if edge.predicate == "bundle_of"
        else edge.predicate not in ("replaces", "refill_of") or edge.object == sku
    )


def _told(
    tx: Tx, question: Question, which: Meant, product: Product, path: Sequence[Relation], found: Sequence[Relation]
) -> Finding:
    known = products.products_by_sku(tx, [sku for edge in (*path, *found) for sku in (edge.subject, edge.object)])
    said = [edges.said(edge, known) for edge in path]
    start = path[-1].object if path else product.sku
    here = known.get(start, product)
    others: list[Product] = []
    for predicate in dict.fromkeys(edge.predicate for edge in found):
        same = [edge for edge in found if edge.predicate == predicate]
        ends = [(edge, edge.object if edge.subject == start else edge.subject) for edge in same]
        pairs = [(edge, known[other]) for edge, other in ends if other in known][:_MOST]
        if predicate != "not_with":
            others += [other for _, other in pairs]
        said.append(_listed(predicate, here, pairs))
    if which.order is not None:
        when = day(which.order.ordered_at, question.zone)
        text = f"（{product.name} 来自您 {when} 的订单 {which.order.number}）"
        said.append(Sentence(text, (order_source(which.order),), (product.name, when, which.order.number)))
    choices = tuple(Choice(one.name, f"{one.name} 怎么样", sku=one.sku) for one in others[:_MOST])
    whole = any(edge.predicate == "bundle_of" for edge in found) and not path
    focus = others[0].sku if others and not whole else here.sku
    return Finding(tuple(said), cards=tuple(map(product_card, others[:_MOST])), choices=choices, focus_sku=focus)


_OPENING = {
    "goes_with": "{0} 可以搭配：",
    "not_with": "{0} 不能和它们搭配使用：",
    "replaces": "{0} 的升级款是：",
    "refill_of": "{0} 用的替换件是：",
    "bundle_of": "{0} 里有：",
}


def _listed(predicate: str, here: Product, pairs: Sequence[tuple[Relation, Product]]) -> Sentence:
    forward = predicate not in ("replaces", "refill_of") or all(edge.object == here.sku for edge, _ in pairs)
    if not forward or (predicate == "bundle_of" and any(edge.subject != here.sku for edge, _ in pairs)):
        return edges.said(pairs[0][0], {here.sku: here, pairs[0][1].sku: pairs[0][1]})
    items = []
    for edge, other in pairs:
        offer = other.name if predicate in ("not_with", "bundle_of") else edges.offered(other)
        items.append(offer + (f"，{edge.note.rstrip('。')}" if edge.note else ""))
    text = _OPENING[predicate].format(here.name) + "；".join(items) + "。"
    sources = tuple(product_source(one) for one in (here, *(other for _, other in pairs)))
    return Sentence(text, sources, (here.name, *items))
