"""How far a refund has come."""

from assistant.skills import own_orders
from assistant.skills.order_status import state_of
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import order_card
from crm_core.commerce.orders import Order
from crm_core.database import Tx

REFUNDS = {"refunding", "refunded"}
NONE_FOUND = "没有查到您名下正在退款或已退款的订单。"


def refund_progress(tx: Tx, question: Question) -> Finding | None:
    """The state of the order whose refund is asked about, and the shop's rule beside it."""
    if question.how_to and not question.personal:
        return None
    order = own_orders.find(tx, question, "您想查哪一笔退款？", is_refund, own_only=False)
    if not isinstance(order, Order):
        return order
    if not is_refund(order):
        return Finding((Sentence(NONE_FOUND, ()),), general=True)
    return Finding(
        (state_of(order, question),),
        cards=(order_card(order, question.zone),),
        focus_order=order.number,
        as_of=order.ordered_at,
        focus_sku=order.lines[0].sku,
        general=True,
    )


def is_refund(order: Order) -> bool:
    """Is money of this order on its way back, or back already?"""
    return any(line.status in REFUNDS for line in order.lines)
