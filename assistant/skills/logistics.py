"""Where the parcel is, and whether it has stopped moving."""

from assistant.skills import own_orders, parcels
from assistant.skills.order_status import is_open, late, state_of, urging
from assistant.skills.skill import Finding, Question
from assistant.skills.wording import order_card
from crm_core.commerce.orders import Order
from crm_core.conversations.events import Choice
from crm_core.database import Tx

ON_THE_WAY = {"shipped"}


def where_is_it(tx: Tx, question: Question) -> Finding | None:
    """The last reports of the carrier about the parcels of one order."""
    when = question.reading.intents[0].name == "ask_arrival_date" if question.reading.intents else False
    fits = (is_open,) if when else (_is_on_its_way, is_open)
    order = own_orders.find(tx, question, "您想查哪一个订单的物流？", *fits)
    if not isinstance(order, Order):
        return order
    said = [state_of(order, question), *parcels.news(tx, question, order)]
    waiting = late(order, question)
    choices = urging(order) if waiting else ()
    if parcels.stalled(tx, question, order):
        choices = (Choice(parcels.CHECK, parcels.CHECK, order=order.number),)
    return Finding(
        tuple(said + waiting),
        cards=(order_card(order, question.zone),),
        choices=choices,
        focus_order=order.number,
        focus_sku=order.lines[0].sku,
        general=not any(line.tracking_no for line in order.lines) and not question.named and not waiting,
        as_of=order.ordered_at,
    )


def _is_on_its_way(order: Order) -> bool:
    return any(line.status in ON_THE_WAY for line in order.lines)
