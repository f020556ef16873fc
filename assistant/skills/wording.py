"""Records as words: dates, states and sources, the same in every skill."""

from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.money import yuan
from crm_core.commerce.orders import Line, Order
from crm_core.commerce.products import Product
from crm_core.conversations.events import Card, Choice, Source

STATUS = {
    "pending": "待付款",
    "paid": "已付款，待发货",
    "shipped": "已发货，运输中",
    "delivered": "已签收",
    "finished": "交易完成",
    "refunding": "退款处理中",
    "refunded": "已退款",
    "cancelled": "已取消",
}


def day(moment: datetime, zone: ZoneInfo) -> str:
    """2026-11-24 as 11月24日, in the shop's zone."""
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日"


def minute(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as 11月24日 15:04."""
    return f"{day(moment, zone)} {moment.astimezone(zone):%H:%M}"


def order_source(order: Order) -> Source:
    """The citation of an order."""
    return Source("order", order.number, f"订单 {order.number}")


def parcel_source(line: Line) -> Source:
    """The citation of a parcel."""
    return Source("logistics", line.tracking_no or "", f"{line.carrier or '快递'} {line.tracking_no or ''}".strip())


def product_source(product: Product) -> Source:
    """The citation of a product."""
    return Source("product", product.sku, product.name)


def order_card(order: Order, zone: ZoneInfo) -> Card:
    """An order as a card."""
    return Card(
        "order",
        order.title,
        order=order.number,
        sku=order.lines[0].sku,
        status=STATUS[order.status],
        price=yuan(order.paid_amount),
        at=minute(order.ordered_at, zone),
        items=sum(line.quantity for line in order.lines),
    )


def product_card(product: Product) -> Card:
    """A product as a card."""
    return Card(
        "product",
        product.name,
        sku=product.sku,
        price=yuan(product.price),
        image=product.image_url,
        url=product.url,
        note=product.category,
    )


def order_choice(order: Order, zone: ZoneInfo) -> Choice:
    """An order as a quick reply."""
    text = f"{day(order.ordered_at, zone)} {order.title}（{STATUS[order.status]}）"
    return Choice(text, f"订单 {order.number}", order=order.number)
