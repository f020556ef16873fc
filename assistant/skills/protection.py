"""Bought dearer than today's price? The shop's rule, with what was paid beside what it costs now."""

from assistant.money import yuan
from assistant.skills import own_orders
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, order_card, order_source, product_source
from crm_core.commerce import products
from crm_core.commerce.orders import Order
from crm_core.database import Tx


def price_protection(tx: Tx, question: Question) -> Finding | None:
    """The rule first; then the asker's own purchase, where it is clear which one is meant."""
    if question.customer is None or not question.personal:
        return None  # the rule is in the knowledge
    order = own_orders.find(
        tx, question, "您说的是哪一个订单？", lambda one: one.paid_amount is not None, own_only=False
    )
    if not isinstance(order, Order):
        return order
    line = order.lines[0]
    product = products.product(tx, line.sku)
    if product is None or product.price is None or line.paid_amount is None:
        return None
    each, price, when = (
        yuan(line.paid_amount // line.quantity),
        yuan(product.price),
        day(order.ordered_at, question.zone),
    )
    text = f"您 {when} 买的「{line.title}」每件实付 {each}，现在的价格是 {price}。能不能补差价以店铺的价保规则为准。"
    sentence = Sentence(
        text, (order_source(order), product_source(product)), (when, line.title, each or "", price or "")
    )
    return Finding(
        (sentence,), cards=(order_card(order, question.zone),), focus_order=order.number, focus_sku=line.sku, aside=True
    )
