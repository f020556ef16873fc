"""What the shop is to do for a shopper: proposed, confirmed by the shopper, then written down once for a person to do."""

import re
from collections.abc import Callable
from typing import NamedTuple

from assistant import phrases
from assistant.skills import own_orders
from assistant.skills.meant import meant
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import order_card, order_source, product_card, product_source
from crm_core.commerce.orders import Order
from crm_core.conversations.events import Choice, Errand
from crm_core.database import Tx
from crm_core.desk import past_tickets

INTENTS = frozenset({"cancel_order", "change_recipient", "delay_dispatch", "give_invoice_details"})


class _Kind(NamedTuple):
    """One thing that can be asked for: how it is worded, for which orders, and what becomes of it."""

    name: str
    wording: re.Pattern[str]
    intents: frozenset[str]
    fits: Callable[[Order], bool]
    ticket: str
    propose: str
    done: str
    else_say: str  # where no order fits


def _unsent(order: Order) -> bool:
    return order.status in ("pending", "paid")


def _paid(order: Order) -> bool:
    return order.status == "paid"


def _refunding(order: Order) -> bool:
    return any(line.status == "refunding" for line in order.lines)


def _travelling(order: Order) -> bool:
    return any(line.status == "shipped" for line in order.lines)


def _received(order: Order) -> bool:
    return any(line.status in ("delivered", "finished") for line in order.lines)


def _bought(order: Order) -> bool:
    return order.status not in ("pending", "cancelled")


_KINDS = (
    _Kind("cancel", re.compile(r"取消(?:这个|那个|我的)?(?:订单|这单|那单)|(?:订单|这单|那单)[^，。]{0,6}取消|不要了.{0,4}取消"), frozenset({"cancel_order"}),
          _unsent, "refund", "要我为您提交「取消订单」吗？由客服核对后处理。", "已提交取消订单的申请，客服核对后处理，结果会在这里告诉您。",
          "没有查到还能取消的订单：已经发出的只能拒收或收到后退货。"),
    _Kind("address", re.compile(r"(?:改|换|写错|填错|修改)[^，。]{0,6}(?:地址|收货人|收件|电话|手机号)|(?:地址|收货人|收件人?|电话)[^，。]{0,8}(?:改|换|错了|不对)"), frozenset({"change_recipient"}),
          _unsent, "other", "要我为您提交「修改收货信息」吗？请把新的收货信息一起发给客服核对。", "已提交修改收货信息的申请，请在这里发新的收货人、电话和地址，客服核对后修改。",
          "没有查到还没发出的订单：已经发出的改不了地址，可以回复「转人工」请客服联系快递改派。"),
    _Kind("urge_refund", re.compile(r"催.{0,6}退款|退款.{0,8}催|催.{0,4}(?:退钱|打款)"), frozenset(),
          _refunding, "refund", "要我为您催退款吗？", "已替您登记催退款，负责退款的客服会跟进，结果在这里告诉您。", "没有查到您名下正在退款的订单。"),
    _Kind("lost", re.compile(r"(?:登记|帮我|申请|替我|要).{0,6}(?:查件|核查|找件|丢件)|报.{0,2}丢件"), frozenset(),
          _travelling, "lost_parcel", "要我为您登记「物流核查」吗？客服会向快递公司核实。", "已登记物流核查，客服向快递公司核实后在这里告诉您。", "没有查到您名下正在路上的订单。"),
    _Kind("urge", re.compile(r"催(?!.{0,6}退)|尽快发|快点发|早点发|赶紧发"), frozenset(),
          _paid, "logistics", "要我替您催仓库发货吗？", "已替您登记催发货，仓库会优先处理，结果在这里告诉您。", "没有查到您名下等着发货的订单。"),
    _Kind("return", re.compile(r"^(?:我要)?申请(?:退货|退款)|帮我(?:申请)?退|给我退了吧|确定退"), frozenset(),
          _received, "return", "要我为您提交退货申请吗？由客服核对后处理。", "已提交退货申请，客服核对后把退货地址和步骤发给您。", "没有查到您名下收到了的订单。"),
    _Kind("exchange", re.compile(r"^(?:我要)?申请换货|帮我(?:申请)?换"), frozenset(),
          _received, "exchange", "要我为您提交换货申请吗？由客服核对后处理。", "已提交换货申请，客服核对后把寄回地址和步骤发给您。", "没有查到您名下收到了的订单。"),
    _Kind("invoice", re.compile(r"(?:帮我|给我|麻烦|我要|我想)[^，。]{0,6}开[^，。]{0,4}(?:发票|票)|补开|抬头"), frozenset({"give_invoice_details"}),
          _bought, "other", "要我为您登记开发票吗？", "已登记开票，请把抬头和税号发在这里，客服开好后告诉您。", "没有查到您名下可以开票的订单。"),
)  # fmt: skip
_NOTIFY = re.compile(
    r"(?:到货|补货|有货|上架|来货)[^，。]{0,8}(?:通知|告诉|喊|叫|提醒|说一声|吱)|(?:通知|提醒|告诉)我?.{0,6}(?:到货|补货|有货)|预约到货"
)
ABOUT = re.compile("|".join(pattern.pattern for pattern in (*(kind.wording for kind in _KINDS), _NOTIFY)))
_CALLED = {
    "cancel": "取消订单",
    "address": "修改收货信息",
    "urge_refund": "催退款",
    "lost": "物流核查",
    "urge": "催发货",
    "return": "退货申请",
    "exchange": "换货申请",
    "invoice": "开发票",
}


def errand(tx: Tx, question: Question) -> Finding | None:
    """The proposal, or what was done about it once it is confirmed; None when nothing of the kind is asked."""
    if _NOTIFY.search(question.said):
        return _notify(tx, question)
    kind = next((kind for kind in _KINDS if kind.wording.search(question.said)), None)
    kind = kind or next((kind for kind in _KINDS if question.wants(*kind.intents, from_p=0.6)), None)
    if kind is None or (question.how_to and not question.confirmed):
        return None
    order = own_orders.find(tx, question, f"您要{_CALLED[kind.name]}的是哪一个订单？", kind.fits)
    if not isinstance(order, Order):
        return order
    if not kind.fits(order):
        sentence = Sentence(kind.else_say, (order_source(order),))
        return Finding((sentence,), cards=(order_card(order, question.zone),), focus_order=order.number, general=True)
    key = f"{kind.name}:{order.number}:{question.now.astimezone(question.zone):%Y%m%d}"
    if past_tickets.asked_for(tx, key):
        text = f"订单 {order.number} 的{_CALLED[kind.name]}今天已经登记过了，客服在处理，结果会在这里告诉您。"
        return Finding((Sentence(text, (order_source(order),), (order.number,)),), focus_order=order.number)
    if not question.confirmed:
        called = _CALLED[kind.name]
        choices = (Choice(f"确认{called}", phrases.YES, order=order.number), Choice(phrases.NO, phrases.NO))
        about = f"「{order.title}」"
        return Finding((Sentence(f"您说的是订单 {order.number} {about}。", (order_source(order),), (order.number, order.title)),),
                       ask=kind.propose, cards=(order_card(order, question.zone),), choices=choices, focus_order=order.number)  # fmt: skip
    todo = Errand(
        kind.ticket,
        f"{_CALLED[kind.name]}：{order.title}（买家在对话中确认）",
        key,
        order=order.number,
    )
    sentence = Sentence(f"好的，订单 {order.number} {kind.done}", (order_source(order),), (order.number,))
    return Finding((sentence,), focus_order=order.number, errand=todo)


def _notify(tx: Tx, question: Question) -> Finding | None:
    """Tell me when it can be had again."""
    which = meant(tx, question)
    if which is None:
        return None
    wanted = [product for product in which.products if not product.stock] or list(which.products)
    product = wanted[0]
    source = (product_source(product),)
    if product.stock:
        stock = str(product.stock)
        return Finding((Sentence(f"{product.name} 现在就有货，库存 {stock} 件。", source, (product.name, stock)),),
                       cards=(product_card(product),), focus_sku=product.sku)  # fmt: skip
    if not question.confirmed:
        choices = (Choice("确认登记到货提醒", phrases.YES, sku=product.sku), Choice(phrases.NO, phrases.NO))
        sentence = Sentence(f"{product.name} 现在缺货。", source, (product.name,))
        return Finding(
            (sentence,), ask="要我登记到货提醒吗？到货后在这里告诉您。", choices=choices, focus_sku=product.sku
        )
    todo = Errand("callback", f"到货提醒：{product.name}", f"restock:{product.sku}", sku=product.sku)
    text = f"好的，已登记 {product.name} 的到货提醒，补货后在这里告诉您。"
    return Finding((Sentence(text, source, (product.name,)),), focus_sku=product.sku, errand=todo)
