"""What the shop is to do for a shopper: proposed, confirmed by the shopper, then written down once for a person."""

import re

from assistant import phrases
from assistant.skills import own_orders
from assistant.skills.errand_kinds import KINDS, Kind
from assistant.skills.meant import meant
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import order_card, order_source, product_card, product_source
from crm_core.commerce.orders import Order
from crm_core.conversations.events import Choice, Errand
from crm_core.database import Tx
from crm_core.desk import past_tickets

SURELY = 0.6
_NOTIFY = re.compile(
    r"(?:到货|补货|有货|上架|来货)[^，。]{0,8}(?:通知|告诉|喊|叫|提醒|说一声|吱)"
    r"|(?:通知|提醒|告诉)我?.{0,6}(?:到货|补货|有货)|预约到货"
)
ABOUT = re.compile("|".join(pattern.pattern for pattern in (*(kind.wording for kind in KINDS), _NOTIFY)))
INTENTS = frozenset(intent for kind in KINDS for intent in kind.intents)


def errand(tx: Tx, question: Question) -> Finding | None:
    """The proposal, or what was done about it once it is confirmed; None when nothing of the kind is asked."""
    if _NOTIFY.search(question.said):
        return _notify(tx, question)
    kind = next((kind for kind in KINDS if kind.wording.search(question.said)), None)
    kind = kind or next((kind for kind in KINDS if question.wants(*kind.intents, from_p=SURELY)), None)
    if kind is None or (question.how_to and not question.confirmed):
        return None
    order = own_orders.find(tx, question, f"您要{kind.called}的是哪一个订单？", kind.fits)
    return _for_order(tx, question, kind, order) if isinstance(order, Order) else order


def _for_order(tx: Tx, question: Question, kind: Kind, order: Order) -> Finding:
    source, card = (order_source(order),), order_card(order, question.zone)
    if not kind.fits(order):
        return Finding((Sentence(kind.otherwise, source),), cards=(card,), focus_order=order.number, general=True)
    key = f"{kind.name}:{order.number}:{question.now.astimezone(question.zone):%Y%m%d}"
    if past_tickets.asked_for(tx, key):
        text = f"订单 {order.number} 的{kind.called}今天已经登记过了，客服在处理，结果会在这里告诉您。"
        return Finding((Sentence(text, source, (order.number,)),), focus_order=order.number)
    if not question.confirmed:
        yes = Choice(f"确认{kind.called}", phrases.YES, order=order.number)
        about = Sentence(f"您说的是订单 {order.number}「{order.title}」。", source, (order.number, order.title))
        choices = (yes, Choice(phrases.NO, phrases.NO))
        return Finding((about,), ask=kind.propose, cards=(card,), choices=choices, focus_order=order.number)
    todo = Errand(kind.ticket, f"{kind.called}：{order.title}（买家在对话中确认）", key, order=order.number)
    done = Sentence(f"好的，订单 {order.number} {kind.done}", source, (order.number,))
    return Finding((done,), focus_order=order.number, errand=todo)


def _notify(tx: Tx, question: Question) -> Finding | None:
    """Tell me when it can be had again."""
    which = meant(tx, question)
    if which is None:
        return None
    product = next((product for product in which.products if not product.stock), which.one)
    source, name = (product_source(product),), product.name
    if product.stock:
        stock = str(product.stock)
        there = Sentence(f"{name} 现在就有货，库存 {stock} 件。", source, (name, stock))
        return Finding((there,), cards=(product_card(product),), focus_sku=product.sku)
    if not question.confirmed:
        choices = (Choice("确认登记到货提醒", phrases.YES, sku=product.sku), Choice(phrases.NO, phrases.NO))
        gone = Sentence(f"{name} 现在缺货。", source, (name,))
        ask = "要我登记到货提醒吗？到货后在这里告诉您。"
        return Finding((gone,), ask=ask, choices=choices, focus_sku=product.sku)
    todo = Errand("callback", f"到货提醒：{name}", f"restock:{product.sku}", sku=product.sku)
    done = Sentence(f"好的，已登记 {name} 的到货提醒，补货后在这里告诉您。", source, (name,))
    return Finding((done,), focus_sku=product.sku, errand=todo)
