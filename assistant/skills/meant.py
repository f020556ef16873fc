"""Which product a question is about: named, on the page, bought before, or spoken of just now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.skills.naming import Mention
from assistant.skills.skill import Question
from crm_core.commerce import products, relations
from crm_core.commerce.orders import Order
from crm_core.commerce.products import Product
from crm_core.database import Tx

_POINTING = re.compile(
    r"(?:刚才|刚说|刚刚|上面)?的?(?:那个|这个|那款|这款|那件|这件|它|那|这)|来着|的(?=呢|嘞|$)|[呢呐嘞咧]$|^(?:换成|换)"
)
_BOUGHT = re.compile(
    r"我买|我的|我那|我这|我家|上次|之前|以前|上回|买过|买了的|刚买|收到的|家里|我(?=[\u4e00-\u9fff]{1,6}(?:该|坏|旧|要))"
)
_DEALS = re.compile(r"钱|价|货|买|换|推荐|券")
_NEAR = 4  # characters between 我买的 and what was bought
_SHORT = 14  # characters of a message that goes on about a sibling of what was spoken of


@dataclass(frozen=True)
class Meant:
    """The products that a place of the message may mean, all equally likely, and what else the message says."""

    products: tuple[Product, ...]
    rest: str  # the message without the words that name the product
    how: str  # named, bought, picked, context
    order: Order | None = None  # the purchase it was taken from

    @property
    def one(self) -> Product:
        """The likeliest of them: what can be bought comes first."""
        return self.products[0]


def meant(tx: Tx, question: Question) -> Meant | None:
    """The product that the question is about; None when nothing points at one."""
    if question.picked and question.sku is not None:
        return _these(tx, (question.sku,), _without(question.plain, frozenset()), "picked")
    bought = bought_one(tx, question)
    if bought is not None:
        return bought
    kin = sibling(tx, question)
    if kin is not None:
        return kin
    headed = [mention for mention in question.mentions if mention.headed or len(mention.covered) > 2]
    if headed and (own := _part_of_focus(tx, question, headed[0])) is not None:
        return own
    if headed:
        return _narrowed(tx, question, headed[0])
    spoken = _spoken_of(tx, question)
    if spoken is not None:
        return spoken
    if question.sku is not None and not question.mentions:
        return _these(tx, (question.sku,), _without(question.plain, frozenset()), "context")
    return _narrowed(tx, question, question.mentions[0]) if question.mentions else None


def _part_of_focus(tx: Tx, question: Question, mention: Mention) -> Meant | None:
    """电池多少安的, of a drill that was spoken of: its own attribute, though the shop sells batteries as well."""
    if (
        question.sku is None
        or question.sku in mention.skus
        or len(question.plain) > _SHORT
        or _DEALS.search(question.said)
    ):
        return None
    focus = products.product(tx, question.sku)
    named = "".join(question.plain[place] for place in sorted(mention.covered))
    if focus is None or not any(named in name.lower() and named != name.lower() for name in focus.attributes):
        return None
    return Meant((focus,), _without(question.plain, frozenset()), "context")


def everything(tx: Tx, question: Question) -> list[Meant]:
    """Every product that the message names, in its order; the one in focus where it names none."""
    named = [_narrowed(tx, question, mention) for mention in question.mentions if mention.headed]
    return [one for one in named if one is not None]


def bought_one(tx: Tx, question: Question) -> Meant | None:
    """The item of the shopper's own orders that the message speaks of, the latest purchase first."""
    if question.customer is None or not _BOUGHT.search(question.said):
        return None
    own = question.own(tx)
    found = question.names.found_in(question.said, among=dict.fromkeys(line.sku for one in own for line in one.lines))
    pointed = [match.end() for match in _BOUGHT.finditer(question.plain)]
    # What stands right after 我买的 is what was bought; of others the fullest name.
    near = {mention: any(0 <= min(mention.covered) - at <= _NEAR for at in pointed) for mention in found}
    for mention in sorted(found, key=lambda one: (not near[one], -one.score)):
        for order in own:
            for line in order.lines:
                if line.sku in mention.skus:
                    product = products.product(tx, line.sku)
                    if product is not None:
                        return Meant((product,), _without(question.plain, mention.covered), "bought", order)
    return None


def sibling(tx: Tx, question: Question, sku: str | None = None) -> Meant | None:
    """Another size, colour or generation of what was spoken of: 8升呢, 那xl呢, 双人的呢."""
    of = sku or question.sku
    if of is None or len(question.plain) > _SHORT:
        return None
    if sku is None and any(mention.headed for mention in question.mentions) and not question.leans:
        return None
    focus = question.names.by_sku.get(of)
    if focus is None:
        return None
    kin = [name.sku for name in question.names.by_sku.values() if name.category == focus.category and name.category]
    closest = [sku for sku in kin if question.names.by_sku[sku].base == focus.base]
    for among in (closest, kin):
        found = [one for one in question.names.found_in(question.said, among=among) if len(among) > 1]
        best = max(found, key=lambda one: one.score, default=None)
        if best is not None and len(best.skus) < len(among) and _tells_apart(question, best, among):
            return _these(tx, best.skus, _without(question.plain, best.covered), "context")
    return None


def _tells_apart(question: Question, mention: Mention, among: Sequence[str]) -> bool:
    """Is one of the covered words a word that the others lack?"""
    said = "".join(question.plain[place] for place in sorted(mention.covered))
    others = [question.names.by_sku[sku].text for sku in among if sku not in mention.skus]
    own = question.names.by_sku[mention.skus[0]].text
    return any(character not in other for other in others for character in said if character in own)


def _spoken_of(tx: Tx, question: Question) -> Meant | None:
    """One of the products of late answers, or what belongs to it: 刚才那个滤芯."""
    if not question.shown:
        return None
    belonging = [
        edge.subject if edge.object == sku else edge.object
        for sku in question.shown[:2]
        for edge in relations.related(tx, sku)
    ]
    for among in (question.shown, tuple(dict.fromkeys(belonging))):
        found = question.names.found_in(question.said, among=among)
        if found and question.leans:
            best = max(found, key=lambda one: one.score)
            return _these(tx, best.skus, _without(question.plain, best.covered), "context")
    return None


def _narrowed(tx: Tx, question: Question, mention: Mention) -> Meant | None:
    """Of equally fitting products the one in focus, one of late answers, or what belongs to them or to a purchase."""
    skus = mention.skus
    how = "named"
    if len(skus) > 1:
        how = "context"
        if question.sku in skus:
            skus = (question.sku or "",)
        elif near := [sku for sku in question.shown if sku in skus]:
            skus = tuple(near[:1])
        elif near := _belonging(tx, question, skus):
            skus = tuple(near)
        else:
            how = "named"
    used = {place for other in question.mentions for place in other.covered if set(other.skus) & set(mention.skus)}
    return _these(tx, skus, _without(question.plain, frozenset(used)), how)


def _belonging(tx: Tx, question: Question, skus: Sequence[str]) -> list[str]:
    mine = set(question.shown[:2]) | ({question.sku} if question.sku else set())
    if question.customer is not None:
        mine |= {line.sku for order in question.own(tx) for line in order.lines}
    if not mine:
        return []
    return [
        sku
        for sku in skus
        if any(
            (edge.subject in mine or edge.object in mine) and edge.predicate != "not_with"
            for edge in relations.related(tx, sku)
        )
    ]


def _these(tx: Tx, skus: Sequence[str], rest: str, how: str) -> Meant | None:
    known = products.products_by_sku(tx, skus)
    found = [known[sku] for sku in skus if sku in known]
    found.sort(key=lambda product: not product.stock)
    return Meant(tuple(found), rest, how) if found else None


def _without(plain: str, covered: frozenset[int]) -> str:
    """The text without the characters that named the product and without the words that only point at it."""
    left = "".join(" " if place in covered else character for place, character in enumerate(plain))
    return " ".join(_POINTING.sub(" ", _BOUGHT.sub(" ", left)).split())
