"""Do two products go together? A stated edge of the graph with its path, or an honest "the shop does not say"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.skills import edges
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, order_source, product_card, product_source
from crm_core.commerce import products, relations
from crm_core.commerce.orders import Order
from crm_core.commerce.products import Product
from crm_core.commerce.relations import Relation
from crm_core.database import Tx

ABOUT_PAIRS = re.compile(
    r"搭配?|一起|混(?:用|着)|同时用|叠加用|能配|配(?:着|得上|不配|吗|套)|兼容|通用|能装|能接|适配|装得?(?:上|进)|(?:搭|配)(?:什么|啥|哪)"
)
_USED_WITH = re.compile(
    r"能用|可以用|用不用|能不能用|放.{0,8}上|接得?上|能充|充电|能换|换.{0,6}行|用得?了|行不|可不可以|能.{1,8}用[吗么嘛不]"
)
_BOUGHT = re.compile(r"我买|我的|我那|我这|我家|上次|之前|以前|上回|买过|刚买|收到的|家里")
_MOST_INSTEAD = 3
_SHORTEST = 2  # characters of a series that may stand for a product without its kind
_BUYING = re.compile(r"优惠|便宜|打折|包邮|多少钱|满减|券")
_HOW_MUCH = re.compile(r"多久|多长|多少|几[年天个]")
_CONTENTS = re.compile(r"(?:里面?|里头|包含|包括)(?:都?有)?(?:什么|啥|哪)")
_WHICH = re.compile(r"哪|什么|啥")
_COMPARES = re.compile(r"哪个|哪款|比.{0,6}好|区别|差别|不同|差多少|对比|跟.{0,10}比")


@dataclass(frozen=True)
class _Place:
    """A piece of the question that names a product: what it may mean, likeliest first, and of which purchase."""

    start: int
    candidates: tuple[Product, ...]
    order: Order | None = None


def pairing(tx: Tx, question: Question) -> Finding | None:
    """What the shop states about two products, found in the shopper's own orders, on the page or by name."""
    if _COMPARES.search(question.said) or _BUYING.search(question.said):
        return None
    if _CONTENTS.search(question.said):
        return None
    places = _places(tx, question)
    asks_how_much = _HOW_MUCH.search(question.said)
    if (
        len(places) == 1
        and not asks_how_much
        and (ABOUT_PAIRS.search(question.said) or _USED_WITH.search(question.said))
    ):
        places += _spoken_of(tx, question, places[0])
    if len(places) < 2:
        return None
    first, second = places[:2]
    if len(second.candidates) > 1 and _WHICH.search(question.said):
        return None  # 配哪种气罐 asks which of them
    if len(places) > 2 and (found := _through_a_set(tx, places)) is not None:
        path, left, right = found
        return _stated(tx, path, left, right, (places[1], places[2]), question)
    for left in first.candidates:
        for right in second.candidates:
            path = _path(tx, left, right)
            if path:
                return _stated(tx, path, left, right, (first, second), question)
    reached = _through_a_part(tx, question, places)
    if reached is not None:
        path, left, right = reached
        return _stated(tx, path, left, right, (first, second), question)
    if not ABOUT_PAIRS.search(question.said) and not _USED_WITH.search(question.said):
        return None
    return _unstated(first, second, question)


def _places(tx: Tx, question: Question) -> list[_Place]:
    own = question.own(tx)
    bought = {line.sku: order for order in reversed(own) for line in order.lines}
    recent = list(dict.fromkeys(line.sku for order in own for line in order.lines))
    pointed = [match.start() for match in _BOUGHT.finditer(question.plain)]
    found: list[tuple[int, frozenset[int], Sequence[str], bool]] = []
    skus: Sequence[str]
    general = [one for one in question.mentions if one.headed or (len(one.skus) == 1 and len(one.covered) > _SHORTEST)]
    if pointed and recent:
        for mention in question.names.found_in(question.said, among=recent):
            start = min(mention.covered)
            end = min((min(one.covered) for one in general if not one.covered & mention.covered), default=start)
            if any(at <= start and not at < end < start for at in pointed):
                found.append((start, mention.covered, sorted(mention.skus, key=recent.index), True))
    for mention in general:
        if not any(mention.covered & covered for _, covered, _, _ in found):
            skus = sorted(mention.skus, key=lambda sku: (sku not in bought, sku != question.sku))
            found.append((min(mention.covered), mention.covered, skus, False))
    places = []
    for start, _, skus, mine in sorted(found, key=lambda one: one[0]):
        known = products.products_by_sku(tx, skus)
        candidates = tuple(known[sku] for sku in skus if sku in known)
        if candidates:
            places.append(_Place(start, candidates, bought.get(candidates[0].sku) if mine else None))
    return places


def _spoken_of(tx: Tx, question: Question, place: _Place) -> list[_Place]:
    """What the one named thing is to go with: of what was spoken of, that which the shop has put beside it."""
    skus = [sku for sku in (question.sku, *question.shown) if sku]
    # A refill that was spoken of stands for what it is made for.
    skus += [
        edge.object
        for sku in tuple(skus)
        for edge in relations.related(tx, sku)
        if edge.predicate == "refill_of" and edge.subject == sku
    ]
    known = products.products_by_sku(tx, skus)
    spoken = [known[sku] for sku in dict.fromkeys(skus) if sku in known]
    spoken = [one for one in spoken if one.sku not in {other.sku for other in place.candidates}]
    stated = [one for one in spoken if any(_path(tx, one, other) for other in place.candidates)]
    if stated:
        return [_Place(-1, (stated[0],))]
    return [_Place(-1, (spoken[0],))] if spoken and ABOUT_PAIRS.search(question.said) else []


def _path(tx: Tx, left: Product, right: Product) -> list[Relation]:
    """The edge between two products, or the two that lead from one to the other through a set that holds it."""
    if left.sku == right.sku:
        return []
    direct = relations.between(tx, left.sku, right.sku)
    if direct is not None:
        return [direct]
    for whole, other in ((left, right), (right, left)):
        for part in relations.related(tx, whole.sku):
            if part.predicate == "bundle_of" and part.subject == whole.sku:
                edge = relations.between(tx, part.object, other.sku)
                if edge is not None:
                    return [part, edge]
    return []


def _through_a_set(tx: Tx, places: Sequence[_Place]) -> tuple[list[Relation], Product, Product] | None:
    """套装里的奶糕能和猫粮一起喂吗: the part that is named, and what is asked of it."""
    for whole in places[0].candidates:
        for part in places[1].candidates:
            holds = relations.between(tx, whole.sku, part.sku)
            if holds is None or holds.predicate != "bundle_of":
                continue
            for other in places[2].candidates:
                edge = relations.between(tx, part.sku, other.sku)
                if edge is not None:
                    return [holds, edge], part, other
    return None


def _through_a_part(
    tx: Tx, question: Question, places: Sequence[_Place]
) -> tuple[list[Relation], Product, Product] | None:
    """滤水壶的芯 is not the jug but its refill: the edge may lead there."""
    for whole, other in ((places[1], places[0]), (places[0], places[1])):
        for product in whole.candidates:
            belongs = [edge.subject for edge in relations.related(tx, product.sku) if edge.predicate == "refill_of"]
            covered = {place for mention in question.mentions for place in mention.covered}
            rest = "".join(" " if place in covered else letter for place, letter in enumerate(question.plain))
            named = question.names.found_in(rest, among=belongs) if belongs else []
            for part in products.products_by_sku(tx, [sku for one in named for sku in one.skus]).values():
                for candidate in other.candidates:
                    edge = relations.between(tx, candidate.sku, part.sku)
                    if edge is not None:
                        return [edge], candidate, part
    return None


def _stated(
    tx: Tx, path: Sequence[Relation], left: Product, right: Product, places: tuple[_Place, _Place], question: Question
) -> Finding:
    known = products.products_by_sku(tx, [sku for edge in path for sku in (edge.subject, edge.object)])
    ordered = (left, right) if len(path) == 1 else None
    sentences = [edges.said(edge, known, ordered) for edge in path]
    sentences += _bound(((left, places[0]), (right, places[1])), question)
    other = right if right.sku != question.sku else left
    if path[-1].predicate == "not_with":
        instead = _instead(tx, question, path[-1])
        if instead:
            names = "；".join(edges.offered(product) for product in instead)
            sources = tuple(product_source(product) for product in instead)
            sentences.append(Sentence(f"写明可以搭配的是：{names}。", sources, (names,)))
            cards = tuple(product_card(product) for product in instead)
            return Finding(tuple(sentences), cards=cards, focus_sku=instead[0].sku)
    return Finding(tuple(sentences), cards=(product_card(left), product_card(right)), focus_sku=other.sku)


def _instead(tx: Tx, question: Question, edge: Relation) -> list[Product]:
    """What goes with one end and is of the kind of the other."""
    for here, other in ((edge.subject, edge.object), (edge.object, edge.subject)):
        kind = question.names.by_sku[other].category if other in question.names.by_sku else ""
        partners = [sku for sku in relations.goes_with(tx, here) if sku in question.names.by_sku]
        fitting = [sku for sku in partners if kind and question.names.by_sku[sku].category == kind]
        if fitting:
            known = products.products_by_sku(tx, fitting)
            return [known[sku] for sku in fitting if sku in known][:_MOST_INSTEAD]
    return []


def _bound(pairs: Sequence[tuple[Product, _Place]], question: Question) -> list[Sentence]:
    """Which purchase each product was taken from, so that a wrong guess can be corrected."""
    said = []
    for product, place in pairs:
        if place.order is not None:
            when = day(place.order.ordered_at, question.zone)
            text = f"（{product.name} 来自您 {when} 的订单 {place.order.number}）"
            said.append(Sentence(text, (order_source(place.order),), (product.name, when, place.order.number)))
    return said


def _unstated(first: _Place, second: _Place, question: Question) -> Finding:
    left, right = first.candidates[0], second.candidates[0]
    text = f"店铺资料里没有写明 {left.name} 和 {right.name} 能不能搭配，我不想猜。需要的话请回复「转人工」请客服确认。"
    sentences = [Sentence(text, (product_source(left), product_source(right)), (left.name, right.name))]
    sentences += _bound(((left, first), (right, second)), question)
    return Finding(tuple(sentences), last_resort=True, unknown=True, focus_sku=left.sku)
