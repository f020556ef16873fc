"""Two of the shop's products side by side, by what the record says of each; another shop's goods are never judged."""

import re

from assistant.money import yuan
from assistant.skills import attributes, edges
from assistant.skills.meant import Meant, everything
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.commerce import products, relations
from crm_core.commerce.products import Product
from crm_core.database import Tx

ABOUT = re.compile(
    r"哪个|哪款|哪种|哪一?个|比.{0,8}(?:好|强|贵|重|大)|区别|差别|不同|不一样|差多少|差在|好在|对比|比较|比[呢吧吗一]|[俩两]个|还是|一代.{0,4}二代|都(?:看|说|介绍)"
)
_BOTH = re.compile(r"区别|差|不同|不一样|比|两[个款种]|俩|都|哪[个款](?:好|大|强|贵|更|值|便宜)|怎么选|还是")
_DIFFERENCE = re.compile(r"差多少钱|差价|差几块|贵多少|便宜多少")
_PRICE = re.compile(r"钱|价|贵|便宜|划算")
_MOST_FACTS = 4


def comparison(tx: Tx, question: Question) -> Finding | None:
    """What tells two products apart; None when fewer than two are meant."""
    pair = _pair(tx, question)
    if pair is None:
        return None
    first, second = pair
    rest = _without_names(question)
    said: list[Sentence] = []
    edge = relations.between(tx, first.sku, second.sku)
    if edge is not None and edge.predicate == "replaces":
        said.append(edges.said(edge, {first.sku: first, second.sku: second}))
    asked = [fact.name for product in pair for fact in attributes.asked_for(product, rest, question.catalogue.embedder)]
    by_price = bool(_PRICE.search(rest))
    names = (
        []
        if by_price
        else [name for name in dict.fromkeys(asked) if name in first.attributes or name in second.attributes]
    )
    if not names and not by_price:
        names = [
            name
            for name in dict.fromkeys((*first.attributes, *second.attributes))
            if _value(first, name) != _value(second, name)
        ]
    described = not asked and not by_price
    said += [_facts(product, names[:_MOST_FACTS], described=described) for product in pair]
    if _DIFFERENCE.search(question.said) and first.price is not None and second.price is not None:
        dear, cheap = sorted(pair, key=lambda one: -(one.price or 0))
        gap = yuan((dear.price or 0) - (cheap.price or 0)) or ""
        text = f"{dear.name} 比 {cheap.name} 贵 {gap}。"
        # Worked out from the two prices above.
        said.append(Sentence(text, (product_source(dear), product_source(cheap)), (dear.name, cheap.name, gap)))
    return Finding(tuple(said), cards=tuple(map(product_card, pair)), focus_sku=first.sku)


def _pair(tx: Tx, question: Question) -> tuple[Product, Product] | None:
    places = everything(tx, question)
    if len(places) == 1 and (len(places[0].products) != 2 or not _BOTH.search(question.said)):
        places = [Meant(places[0].products[:1], places[0].rest, places[0].how)]
    found: list[Product] = []
    for place in places:
        found += [
            product
            for product in place.products[: 1 if len(places) > 1 else 2]
            if product.sku not in {one.sku for one in found}
        ]
    if len(found) < 2 and (not found or _BOTH.search(question.said)):
        spoken = [sku for sku in (question.sku, *question.shown) if sku and sku not in {one.sku for one in found}]
        known = products.products_by_sku(tx, spoken)
        found += [known[sku] for sku in dict.fromkeys(spoken) if sku in known]
    return (found[0], found[1]) if len(found) >= 2 else None


def _without_names(question: Question) -> str:
    covered = {place for mention in question.mentions for place in mention.covered}
    left = "".join(" " if place in covered else letter for place, letter in enumerate(question.plain))
    return " ".join(ABOUT.sub(" ", left).split()) or left


def _value(product: Product, name: str) -> str:
    value = product.attributes.get(name)
    return "" if value is None else attributes.shown(value)


def _facts(product: Product, names: list[str], *, described: bool) -> Sentence:
    facts = [f"{name} {_value(product, name) or '没有写'}" for name in names]
    price = yuan(product.price)
    if price is not None:
        facts.append(f"价格 {price}")
    if described and product.description:
        facts.append(product.description.rstrip("。"))
    text = f"{product.name}：{'，'.join(facts)}。"
    return Sentence(text, (product_source(product),), (product.name, *facts))
