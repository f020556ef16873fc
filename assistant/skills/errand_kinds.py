"""What a shopper may ask the shop to do, in one table: how it is worded, for which orders, and what becomes of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crm_core.commerce.orders import Order


@dataclass(frozen=True)
class Kind:
    """One thing that can be asked for; `called` is its name to the shopper, `otherwise` is said where no order fits."""

    name: str
    called: str
    wording: re.Pattern[str]
    fits: Callable[[Order], bool]
    ticket: str
    propose: str
    done: str
    otherwise: str
    intents: frozenset[str] = frozenset()


def _in(*statuses: str) -> Callable[[Order], bool]:
    return lambda order: any(line.status in statuses for line in order.lines)


def _unsent(order: Order) -> bool:
    return order.status in ("pending", "paid")


# The order settles what two wordings claim: the narrower stands first.
KINDS = (
    Kind(
        "cancel",
        "取消订单",
        re.compile(r"取消(?:这个|那个|我的)?(?:订单|这单|那单)|(?:订单|这单|那单)[^，。]{0,6}取消|不要了.{0,4}取消"),
        _unsent,
        "refund",
        "要我为您提交「取消订单」吗？由客服核对后处理。",
        "已提交取消订单的申请，客服核对后处理，结果会在这里告诉您。",
        "没有查到还能取消的订单：已经发出的只能拒收或收到后退货。",
        frozenset({"cancel_order"}),
    ),
    Kind(
        "address",
        "修改收货信息",
        re.compile(
            r"(?:改|换|写错|填错|修改)[^，。]{0,6}(?:地址|收货人|收件|电话|手机号)"
            r"|(?:地址|收货人|收件人?|电话)[^，。]{0,8}(?:改|换|错了|不对)"
        ),
        _unsent,
        "other",
        "要我为您提交「修改收货信息」吗？请把新的收货信息一起发给客服核对。",
        "已提交修改收货信息的申请，请在这里发新的收货人、电话和地址，客服核对后修改。",
        "没有查到还没发出的订单：已经发出的改不了地址，可以回复「转人工」请客服联系快递改派。",
        frozenset({"change_recipient"}),
    ),
    Kind(
        "urge_refund",
        "催退款",
        re.compile(r"催.{0,6}退款|退款.{0,8}催|催.{0,4}(?:退钱|打款)"),
        _in("refunding"),
        "refund",
        "要我为您催退款吗？",
        "已替您登记催退款，负责退款的客服会跟进，结果在这里告诉您。",
        "没有查到您名下正在退款的订单。",
    ),
    Kind(
        "lost",
        "物流核查",
        re.compile(r"(?:登记|帮我|申请|替我|要).{0,6}(?:查件|核查|找件|丢件)|报.{0,2}丢件"),
        _in("shipped"),
        "lost_parcel",
        "要我为您登记「物流核查」吗？客服会向快递公司核实。",
        "已登记物流核查，客服向快递公司核实后在这里告诉您。",
        "没有查到您名下正在路上的订单。",
    ),
    Kind(
        "urge",
        "催发货",
        re.compile(r"催(?!.{0,6}退)|尽快发|快点发|早点发|赶紧发"),
        lambda order: order.status == "paid",
        "logistics",
        "要我替您催仓库发货吗？",
        "已替您登记催发货，仓库会优先处理，结果在这里告诉您。",
        "没有查到您名下等着发货的订单。",
    ),
    Kind(
        "return",
        "退货申请",
        re.compile(r"申请(?:退货|退款)|帮我(?:申请)?退|给我退了吧|确定退"),
        _in("delivered", "finished"),
        "return",
        "要我为您提交退货申请吗？由客服核对后处理。",
        "已提交退货申请，客服核对后把退货地址和步骤发给您。",
        "没有查到您名下收到了的订单。",
    ),
    Kind(
        "exchange",
        "换货申请",
        re.compile(r"申请换货|帮我(?:申请)?换"),
        _in("delivered", "finished"),
        "exchange",
        "要我为您提交换货申请吗？由客服核对后处理。",
        "已提交换货申请，客服核对后把寄回地址和步骤发给您。",
        "没有查到您名下收到了的订单。",
    ),
    Kind(
        "invoice",
        "开发票",
        re.compile(r"(?:帮我|给我|麻烦|我要|我想)[^，。]{0,6}开[^，。]{0,4}(?:发票|票)|补开|抬头"),
        lambda order: order.status not in ("pending", "cancelled"),
        "other",
        "要我为您登记开发票吗？",
        "已登记开票，请把抬头和税号发在这里，客服开好后告诉您。",
        "没有查到您名下可以开票的订单。",
        frozenset({"give_invoice_details"}),
    ),
)
