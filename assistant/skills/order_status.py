"""What has happened to the order."""

import re

from assistant.money import yuan
from assistant.skills import own_orders, parcels
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import STATUS, day, minute, order_card, order_source
from crm_core.commerce.orders import Line, Order
from crm_core.conversations.events import Choice
from crm_core.database import Tx

OPEN = {"pending", "paid", "shipped", "refunding"}
_SHORT = 5  # characters of a message that asks for no rule
LATE_AFTER = 2  # whole days since payment after which nobody is told to wait without a word of regret
URGE = "催一下发货"
ABOUT = re.compile(
    r"(?:查|看).{0,3}订单|订单(?:呢|状态|到哪|怎么样|咋样|还在)|下单成功|(?:哪天|几号|什么时候|啥时候|几时|哪一?天)[^，。]{0,6}(?:买|下单|拍|签收|收到|到的|发的|付的?款)"
    r"|(?:买|下单|拍|签收)[^，。]{0,6}(?:哪天|几号|什么时候|啥时候|多久了)|(?:花|付|实付|付了|一共|总共)[^，。]{0,4}多少|(?:发|寄)(?:了|出)?(?:没|吗|么|货没)|还没发|不发货|没动静"
    r"|付款?成功|那单"
)
_STATES = ("ask_order_status", "urge_dispatch", "ask_dispatch_date", "verify_order")
_AGAIN = re.compile(r"再(?:来|买|拍|下|要)|回购|复购|补货")
_AMOUNT = re.compile(r"多少钱|花了?多少|付了?多少|实付|一共|总共|金额")
_CITY = re.compile(r"寄到|发到|送到|地址|哪个城市|收货地")
_NUMBER = re.compile(r"单号|运单|快递号")


def order_status(tx: Tx, question: Question) -> Finding | None:
    """The state of one order with the times the record holds."""
    if _AGAIN.search(question.said) or (_only_past(question) and not ABOUT.search(question.said)):
        return None  # what it costs today, not what became of it
    order = own_orders.find(
        tx, question, "您想查哪一个订单？", is_open, own_only=question.personal or own_orders.asks_own(question)
    )
    if not isinstance(order, Order):
        return order
    said = [state_of(order, question), *_beside(order, question)]
    if order.status == "shipped":
        said += parcels.news(tx, question, order)
    waiting = late(order, question)
    choices = urging(order) if waiting else ()
    return Finding(
        tuple(said + waiting),
        cards=(order_card(order, question.zone),),
        choices=choices,
        focus_order=order.number,
        focus_sku=order.lines[0].sku,
        general=order.status == "paid"
        and not (question.named or question.corrects or waiting)
        and len(question.plain) > _SHORT,
        as_of=order.ordered_at,
    )


def urging(order: Order) -> tuple[Choice, ...]:
    """The offer to press the warehouse."""
    return (Choice(URGE, URGE, order=order.number),)


def _only_past(question: Question) -> bool:
    """Does nothing but having bought it speak for an order? Then it is the product that is asked about."""
    return not question.wants(*_STATES, from_p=0.3) and question.order is None


def is_open(order: Order) -> bool:
    """Is something of the order still to come?"""
    return order.status in OPEN


def state_of(order: Order, question: Question) -> Sentence:
    """One sentence about where an order stands; what its card shows anyway is left to the card."""
    ordered = day(order.ordered_at, question.zone)
    text = f"您 {ordered} 买的「{order.title}」现在是「{STATUS[order.status]}」"
    values = [ordered, order.title]
    if len({line.status for line in order.lines}) > 1:
        text += "，其中 " + "、".join(f"{line.title}「{STATUS[line.status]}」" for line in order.lines)
        values += [line.title for line in order.lines]
    line = order.lines[0]
    for moment, what in ((line.shipped_at, "发货"), (line.delivered_at, "签收")):
        if moment is not None and order.status not in ("pending", "paid", "cancelled"):
            said = minute(moment, question.zone)
            text += f"，{said} {what}"
            values.append(said)
    return Sentence(text + "。", (order_source(order),), tuple(values))


def late(order: Order, question: Question) -> list[Sentence]:
    """A word of regret where an order was paid days ago and has not left."""
    waiting = [line for line in order.lines if line.status == "paid" and (line.paid_at or order.ordered_at)]
    if not waiting or order.status != "paid":
        return []
    paid = min(line.paid_at or order.ordered_at for line in waiting)
    days = (question.now - paid).days
    if days < LATE_AFTER:
        return []
    text = f"付款已经 {days} 天还没有发出，抱歉让您久等了。需要的话我可以替您催仓库发货。"
    return [Sentence(text, (order_source(order),), (str(days),))]


def _beside(order: Order, question: Question) -> list[Sentence]:
    """What was asked for beside the state: what was paid, where it goes, under which number."""
    sources = (order_source(order),)
    said = []
    paid = yuan(order.paid_amount)
    if _AMOUNT.search(question.said) and paid is not None:
        said.append(Sentence(f"这个订单实付 {paid}。", sources, (paid,)))
    if _CITY.search(question.said) and order.receiver_city:
        said.append(Sentence(f"收货城市是 {order.receiver_city}。", sources, (order.receiver_city,)))
    line: Line = order.lines[0]
    if _NUMBER.search(question.said):
        if line.tracking_no:
            carrier = line.carrier or "快递"
            said.append(Sentence(f"{carrier} {line.tracking_no}。", sources, (carrier, line.tracking_no)))
        else:
            said.append(Sentence("还没有快递单号，发货后会有。", sources))
    return said
