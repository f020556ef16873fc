"""One customer as the desk is shown one: names for what happened, money as read, the phone with its middle left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm_core.commerce.logistics import Scan
from crm_core.commerce.orders import Line, Order
from crm_core.privacy import masking
from crm_core.reports.one_customer import OneCustomer, Step
from webchat.frames import iso

DONE = {
    "Product Viewed": "看了商品",
    "Product Added": "加入购物车",
    "Product Removed": "移出购物车",
    "Products Searched": "搜索",
    "Product List Viewed": "看了分类",
    "Checkout Started": "去结算",
    "Order Completed": "下单",
    "Coupon Applied": "用了优惠券",
    "Competitor Viewed": "看了别家",
    "page": "打开页面",
    "identify": "登录",
}
NAMED_BY = ("name", "title", "query", "product", "order_id", "brand", "sku", "path", "url")
"""Where an event says what it was about, the most telling first."""


def shown(one: OneCustomer, now: datetime) -> dict[str, Any]:
    """The 360 as JSON."""
    who, worth = one.customer, one.worth
    return {
        "customer": who.id,
        "name": one.name,
        "phone": masking.phone(one.phone),
        "tier": who.member_level,
        "points": who.points,
        "city": who.city,
        "gender": who.gender,
        "birthday": who.birthday,
        "registered_at": _at(who.registered_at),
        "extra": who.extra,
        "orders": [_order(order, one.parcels) for order in one.orders],
        "orders_total": worth.orders,
        "after_sales": [{"order": order.number, **_item(line)} for order, line in one.after_sales],
        "sessions": [
            {
                "session": episode.id,
                "conversation": episode.conversation,
                "channel": episode.channel,
                "state": episode.state,
                "opened_at": iso(episode.opened_at),
                "closed_at": _at(episode.closed_at),
                "close_reason": episode.close_reason,
            }
            for episode in one.episodes
        ],
        "track": [_step(step) for step in one.track],
        "value": {
            "orders": worth.orders,
            "paid": yuan(worth.paid),
            "last_order_at": _at(worth.last_order_at),
            "r_days": (now - worth.last_order_at).days if worth.last_order_at else None,
        },
        "tags": [],
    }


def yuan(fen: int | None) -> str | None:
    """12900 fen as 129.00."""
    return None if fen is None else f"{fen / 100:.2f}"


def _order(order: Order, parcels: Mapping[str, Scan]) -> dict[str, Any]:
    numbers = {line.tracking_no: line.carrier for line in order.lines if line.tracking_no}
    return {
        "order": order.number,
        "platform": order.platform,
        "at": iso(order.ordered_at),
        "status": order.status,
        "title": order.title,
        "paid": yuan(order.paid_amount),
        "city": order.receiver_city,
        "items": [_item(line) for line in order.lines],
        "parcels": [_parcel(number, carrier, parcels.get(number)) for number, carrier in numbers.items()],
    }


def _item(line: Line) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "paid": yuan(line.paid_amount),
        "status": line.status,
        "carrier": line.carrier,
        "tracking_no": line.tracking_no,
        "shipped_at": _at(line.shipped_at),
        "delivered_at": _at(line.delivered_at),
    }


def _parcel(number: str, carrier: str | None, last: Scan | None) -> dict[str, Any]:
    said = {"status": last.status, "text": last.text, "at": iso(last.at)} if last else {}
    return {"tracking_no": number, "carrier": carrier, "status": None, "text": None, "at": None, **said}


def _step(step: Step) -> dict[str, Any]:
    about = next((str(step.properties[name]) for name in NAMED_BY if step.properties.get(name)), "")
    return {
        "at": iso(step.at),
        "event": step.event,
        "title": f"{DONE.get(step.event, step.event)} {about}".strip(),
        "properties": step.properties,
    }


def _at(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
