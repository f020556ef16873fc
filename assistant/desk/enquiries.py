"""A price asked for many pieces or something made to order: a to-do for whoever may quote, with all that is known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant.money import yuan
from crm_core.commerce import orders, products
from crm_core.customers import customers
from crm_core.database import Tx
from crm_core.desk.tickets import NewTicket
from nlp.reading.reading import Reading

MANY: Final = 5
"""Pieces from which a price is no longer the one on the tag."""
_PRICED: Final = frozenset({"ask_price", "ask_bulk_discount", "ask_discount", "bargain", "ask_change_price"})
_CUES: Final = frozenset({"discount", "bargain", "budget"})
_CUSTOM: Final = "ask_customisation"
_SURELY: Final = 0.3
_NAMES_A_PRICE: Final = re.compile(r"价|多少钱|加钱|收费|费用|怎么卖|几折|多少一")
_MAY_BE: Final = re.compile(r"价|钱|卖|折|优惠|便宜|贵|预算|定|订|刻|印|logo", re.IGNORECASE)
_COUNTED: Final = re.compile(r"[\d一二两三四五六七八九十百千]|定|订|刻|印")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_SPECS: Final = frozenset({"size", "colour", "height", "weight"})
LATEST_ORDERS: Final = 5


@dataclass(frozen=True)
class Enquiry:
    """What is asked: how many of what (both perhaps unknown), made to order or not, and which words say so."""

    text: str
    seq: int
    quantity: int | None
    unit: str
    custom: bool
    specs: tuple[tuple[str, str], ...]
    sku: str | None = None


def may_be(text: str) -> bool:
    """Could these words be an enquiry at all? Most are none, and are not read once more for it."""
    return _MAY_BE.search(text) is not None and _COUNTED.search(text) is not None


def enquiry_of(reading: Reading, seq: int) -> Enquiry | None:
    """The enquiry that a shopper's words are, or None: a price, for many or for something made to order."""
    intents = {one.name for one in reading.intents if one.p >= _SURELY}
    quantity, unit = _quantity(reading)
    many = quantity is not None and quantity >= MANY
    custom = _CUSTOM in intents
    priced = (
        bool(intents & _PRICED)
        or any(cue.kind in _CUES for cue in reading.price_cues)
        or _NAMES_A_PRICE.search(reading.text) is not None
    )
    if not ((many and (priced or custom)) or (custom and priced)):
        return None
    specs = tuple((one.kind, one.value) for one in reading.entities if one.kind in _SPECS)
    return Enquiry(reading.text, seq, quantity if many else None, unit if many else "", custom, specs)


def _quantity(reading: Reading) -> tuple[int | None, str]:
    """The largest number of pieces that is named, and of what."""
    found = []
    for one in reading.entities:
        number = _NUMBER.match(one.value) if one.kind == "quantity" else None
        if number is not None:
            found.append((int(float(number[0])), one.value[number.end() :]))
    return max(found, default=(None, ""))


def todo(tx: Tx, asked: Enquiry, *, session: str | None, conversation: str, customer: str | None) -> NewTicket:
    """The to-do: parameters, the product with its stock, and the customer's history; one a session and product."""
    product = products.product(tx, asked.sku) if asked.sku else None
    count = "" if asked.quantity is None else f"{asked.quantity}{asked.unit}"
    what = product.name if product else "商品未确定"
    details: dict[str, Any] = {
        "asked": {"text": asked.text, "seq": asked.seq},
        "quantity": asked.quantity,
        "unit": asked.unit or None,
        "custom": asked.custom,
        "specs": [{"kind": kind, "value": value} for kind, value in asked.specs],
    }
    if product is not None:
        details["product"] = {
            "sku": product.sku,
            "name": product.name,
            "price": None if product.price is None else yuan(product.price),
            "stock": product.stock,
            "enough": None if product.stock is None or asked.quantity is None else product.stock >= asked.quantity,
        }
    if customer is not None:
        details["customer"] = _history(tx, customer)
    return NewTicket(
        "price_enquiry",
        f"询价：{what}{' ' + count if count else ''}{'，定制' if asked.custom else ''}",
        session=session,
        conversation=conversation,
        customer=customer,
        sku=asked.sku,
        details=details,
        key=f"enquiry:{session or conversation}:{asked.sku or '-'}",
    )


def _history(tx: Tx, customer: str) -> dict[str, Any]:
    person = customers.find(tx, customer)
    bought = orders.orders_of(tx, customer)
    paid = [order.paid_amount or 0 for order in bought if order.status not in ("cancelled", "refunded")]
    return {
        "tier": person.member_level if person else None,
        "orders": len(bought),
        "paid": yuan(sum(paid)),
        "latest": [_line(order) for order in bought[:LATEST_ORDERS]],
    }


def _line(order: orders.Order) -> dict[str, Any]:
    return {
        "order": order.number,
        "at": order.ordered_at.date().isoformat(),
        "title": order.title,
        "quantity": sum(line.quantity for line in order.lines),
        "paid": None if order.paid_amount is None else yuan(order.paid_amount),
    }


def sku_named(mentions: Sequence[Sequence[str]], on_page: str | None, in_focus: str | None) -> str | None:
    """Which product is meant: the one that is named without doubt, else the page's, else the one last talked about."""
    named = [skus[0] for skus in mentions if len(skus) == 1]
    return named[0] if named else on_page or in_focus
