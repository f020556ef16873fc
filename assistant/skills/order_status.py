"""What has happened to the order."""

from assistant.money import yuan
from assistant.skills import own_orders
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import STATUS, minute, order_card, order_source
from crm_core.commerce.orders import Order
from crm_core.database import Tx

OPEN = {"pending", "paid", "shipped", "refunding"}


def order_status(tx: Tx, question: Question) -> Finding | None:
    """The state of one order with the times the record holds."""
    order = own_orders.find(tx, question, "您想查哪一个订单？", is_open)
    if not isinstance(order, Order):
        return order
    return Finding(
        (state_of(order, question),),
        cards=(order_card(order, question.zone),),
        focus_order=order.number,
        focus_sku=order.lines[0].sku,
        general=not question.named and order.status == "paid",
    )


def is_open(order: Order) -> bool:
    """Is something of the order still to come?"""
    return order.status in OPEN


def state_of(order: Order, question: Question) -> Sentence:
    """One sentence about where an order stands."""
    ordered = minute(order.ordered_at, question.zone)
    paid = yuan(order.paid_amount)
    text = f"您 {ordered} 下的订单 {order.number}（{order.title}）现在是「{STATUS[order.status]}」"
    values = [ordered, order.number, order.title]
    if paid is not None:
        text += f"，实付 {paid}"
        values.append(paid)
    if len({line.status for line in order.lines}) > 1:
        text += "，其中 " + "、".join(f"{line.title}「{STATUS[line.status]}」" for line in order.lines)
        values += [line.title for line in order.lines]
    line = order.lines[0]
    for moment, what in ((line.shipped_at, "发货"), (line.delivered_at, "签收")):
        if moment is not None and order.status not in ("pending", "paid", "cancelled"):
            said = minute(moment, question.zone)
            text += f"，{said} {what}"
            values.append(said)
    if order.status == "shipped" and line.tracking_no:
        text += f"，{line.carrier or '快递'} {line.tracking_no}"
        values += [line.carrier or "", line.tracking_no]
    return Sentence(text + "。", (order_source(order),), tuple(values))
