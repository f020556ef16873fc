"""The words that shops and sales platforms have for where an order stands."""

from typing import Any

from assistant.imports.cells import WrongCell, folded, text

_WORDS = {
    "pending": (
        "待付款 待支付 未付款 未支付 等待付款 等待支付 等待买家付款 已下单 待确认 定金已付尾款未付 "
        "pending unpaid created waitbuyerpay"
    ),
    "paid": (
        "已付款 已支付 待发货 未发货 等待发货 等待卖家发货 买家已付款 买家已付款等待卖家发货 备货中 配货中 等待出库 "
        "等待打印 待出库 待揽收 待成团 拼团中 已成团待发货 商家处理中 暂停 "
        "paid processing toship waitsellersend waitsellersendgoods"
    ),
    "shipped": (
        "已发货 部分发货 卖家部分发货 卖家已发货 卖家已发货等待买家确认 待收货 已发货待收货 已发货待签收 等待收货 "
        "等待买家收货 等待确认收货 已出库 正在出库 运输中 派送中 配送中 在途 "
        "shipped shipping intransit delivering waitbuyerconfirm waitbuyerconfirmgoods"
    ),
    # Goods that are being exchanged are in the shopper's hands or on their way back; the order is no refund.
    "delivered": "已签收 已送达 已妥投 已收货 买家已签收 已自提 换货中 delivered signed received",
    "finished": (
        "已完成 完成 交易成功 交易完成 订单完成 已确认收货 确认收货 待评价 已评价 "
        "finished completed complete done success tradefinished"
    ),
    "refunding": (
        "退款中 退货中 退货退款中 售后中 售后处理中 退款处理中 申请退款 退款申请中 待退款 已发货退款中 未发货退款中 "
        "refunding returning"
    ),
    "refunded": (
        "已退款 退款成功 退货退款成功 已退货 已退货退款 退款完成 全额退款 已发货退款成功 未发货退款成功 "
        "已取消退款成功 已收货退款成功 配送退货 refunded returned"
    ),
    "cancelled": (
        "已取消 取消 已关闭 交易关闭 订单关闭 订单取消 已作废 未成团 用户取消 锁定已取消 "
        "cancelled canceled closed tradeclosed"
    ),
}
STATUS_OF = {folded(word): status for status, words in _WORDS.items() for word in words.split()}
EXPECTED = (
    "订单状态 pending（待付款）、paid（待发货）、shipped（已发货）、delivered（已签收）、finished（已完成）、"
    "refunding（退款中）、refunded（已退款）、cancelled（已取消）之一"
)
_NO_REFUND = ("关闭", "取消", "撤销", "拒绝", "无售后", "换货", "补寄", "维修")


def order_status(cell: Any) -> str:
    """The status behind a word; platforms' compound ones (已发货，退款成功) are read by what they say of the refund."""
    said = folded(text(cell))
    found = STATUS_OF.get(said)
    if found is None and "退" in said:
        found = after_sales(said)
    if found is None and said.startswith(("(删除)", "删除")):
        found = "cancelled"
    if found is None:
        raise WrongCell(EXPECTED)
    return found


def after_sales(said: str) -> str | None:
    """What an after-sales state makes of the order: refunded, refunding, or nothing."""
    if any(word in said for word in _NO_REFUND) and "退款成功" not in said:
        return None
    if "退" in said and any(word in said for word in ("成功", "已退款", "已完成", "退款完成", "已全额退款")):
        return "refunded"
    if any(word in said for word in ("退款", "退货", "售后")) and any(
        word in said for word in ("中", "待", "申请", "处理", "审核")
    ):
        return "refunding"
    return None
