"""A row of a sales platform's order export, read as an order.

None of these formats is documented by its platform; columns come and go, so everything but the number, the time and
the goods may be missing. Cells may join several sub-orders with `;`.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from assistant.imports.buyers import Buyer
from assistant.imports.cells import Masked, WrongCell, identifier, is_empty, is_masked, money, phone, text, whole
from assistant.imports.columns import Draft, WrongRow
from assistant.imports.moments import SHANGHAI
from assistant.imports.order_rows import Bought, Line, check_steps, concluded_status
from assistant.imports.statuses import after_sales, order_status

ACCOUNTS = {"taobao": "taobao_nick", "jd": "jd_account"}
"""Kinds of identity under which a platform's buyers are known."""
MAY_REPEAT = frozenset({"taobao", "douyin"})
"""Platforms whose sheets have, by their kind, an amount of each row's own or the order's total in every row."""
TITLE_DIGITS = 12
"""Characters of the hash in a code made of a title."""

_JOINED = re.compile(r"\s*[;；]\s*")
_TITLES = re.compile(r"\s*[,，]\s*")
_PARCEL = re.compile(r"[A-Za-z]{0,4}\d{8,20}")
_CARRIER = re.compile(r"[\u4e00-\u9fff]{2,10}")
_DATED_NUMBER = re.compile(r"(\d\d)(\d\d)(\d\d)-\d{10,}")  # 拼多多 numbers begin with the day of the order


def lenient_phone(cell: Any) -> str | None:
    """A clear phone number; None for masks, ciphertext and whatever else platforms write there."""
    try:
        found = phone(cell)
    except WrongCell:
        return None
    return None if found is None or isinstance(found, Masked) else found


def account(cell: Any) -> str | None:
    """A buyer's account in the clear; None for a mask."""
    said = text(cell)
    return None if is_masked(said) or len(said) > 100 else said


def parcel_number(cell: Any) -> str:
    """A tracking number without the mark that some exports put before it."""
    return identifier(re.sub(r"^(?:No|NO|no)\s*[:：.]\s*", "", cell) if isinstance(cell, str) else cell)


def bought(platform: str, draft: Draft, now: datetime) -> Bought:
    """The order, or the part of it, that a row tells. Raises `WrongRow`."""
    row = draft.values
    times = {
        "ordered_at": _ordered_at(draft),
        "paid_at": row.get("paid_at"),
        "shipped_at": row.get("shipped_at"),
        "delivered_at": row.get("delivered_at"),
    }
    check_steps(times, dict(draft.headers), now)
    lines, weights, total = _lines(platform, draft)
    paid = total if total is not None else lines[0]["paid_amount"]
    status = _status(draft)
    carrier, parcel = _parcel(draft)
    for line in lines:
        line |= {
            "status": status or concluded_status(times, paid),
            "paid_at": times["paid_at"],
            "shipped_at": times["shipped_at"],
            "delivered_at": times["delivered_at"],
            "carrier": carrier,
            "tracking_no": parcel,
        }
    name = row.get("buyer")
    buyer = Buyer(
        None,
        (ACCOUNTS[platform], name) if name and platform in ACCOUNTS else None,
        row.get("phone"),
        (platform, row["order_id"]),
    )
    return Bought(
        platform,
        row["order_id"],
        buyer,
        times["ordered_at"],  # type: ignore[arg-type]  # _ordered_at raises where there is none
        row.get("receiver_city") or row.get("address"),
        lines,
        weights,
        total,
        frozenset() if status else frozenset(range(len(lines))),
        may_repeat=platform in MAY_REPEAT,
        freight=row.get("freight") or 0,
    )


def _ordered_at(draft: Draft) -> datetime:
    row = draft.values
    told = row.get("ordered_at") or row.get("paid_at")
    dated = _DATED_NUMBER.fullmatch(row["order_id"])
    if told is None and dated is not None:
        try:
            told = datetime(2000 + int(dated[1]), int(dated[2]), int(dated[3]), tzinfo=SHANGHAI)
        except ValueError:
            told = None
    told = told or row.get("shipped_at") or row.get("delivered_at")
    if told is None:
        raise WrongRow(f"没有下单时间，「{draft.named('ordered_at')}」应为时间，例如 2026-01-02 15:04")
    return told  # type: ignore[no-any-return]


def _lines(platform: str, draft: Draft) -> tuple[list[Line], list[int], int | None]:
    """(lines, what each weighs in money, what was paid for the whole order where that is all the row says)."""
    row = draft.values
    titles = _titles(draft)
    count = len(titles)
    quantities = _numbers(draft, "quantity", count, whole(1))
    units = _numbers(draft, "unit_price", count, money)
    goods = _numbers(draft, "goods_amount", count, money)
    paid = _numbers(draft, "paid", count, money)
    skus, ids = _parts(row.get("sku"), count), _parts(row.get("goods_id"), count)
    specs = _parts(row.get("spec"), count)
    lines: list[Line] = []
    for at, title in enumerate(titles):
        sku = skus[at] or ids[at]
        line: Line = {
            "sku": _code(sku, draft) if sku else _title_code(title, specs[at], draft),
            "title": title or None,
            "quantity": quantities[at],
            "paid_amount": paid[at],
            "extra": {**draft.extra, **({"规格": specs[at]} if specs[at] else {})},
        }
        if title and not skus[at]:
            line["by_title"] = True
        lines.append(line)
    if platform == "taobao":
        _share_quantity(lines, row.get("quantity"), row.get("kinds"))
    weights = [
        (units[at] or 0) * (quantities[at] or 1) if units[at] is not None else goods[at] or 0 for at in range(count)
    ]
    total = _total(platform, draft, count)
    return lines, weights, total


def _titles(draft: Draft) -> list[str]:
    """The titles of the goods in a row: one, or one a sub-order."""
    row = draft.values
    title = row.get("title") or ""
    joined = _JOINED.split(row["sub_ids"]) if row.get("sub_ids") else _JOINED.split(row.get("quantity") or "")
    count = len([part for part in joined if part])
    if count > 1:
        parts = _JOINED.split(title)
        return parts if len(parts) == count else [title] * count
    kinds = row.get("kinds")
    if kinds is not None and kinds > 1:
        parts = [part for part in _TITLES.split(title) if part]
        if len(parts) == kinds:
            return parts
    return [title]


def _parts(cell: str | None, count: int) -> list[str]:
    """A cell's parts, one a sub-order; the whole cell for each where it is not joined."""
    if not cell or is_empty(cell):
        return [""] * count
    parts = _JOINED.split(cell)
    if len(parts) == count:
        return ["" if is_empty(part) else part for part in parts]
    return [cell] * count


def _numbers(draft: Draft, name: str, count: int, read: Callable[[Any], int | None]) -> list[int | None]:
    """A column's numbers, one a sub-order; nothing where a row of several gives but one."""
    cell = draft.values.get(name)
    if cell is None:
        return [None] * count
    parts = _JOINED.split(cell) if count > 1 else [cell]
    if len(parts) != count:
        return [None] * count
    try:
        return [None if is_empty(part) else read(part) for part in parts]
    except WrongCell as error:
        raise WrongRow(f"「{draft.named(name)}」是「{cell[:40]}」，应为{error.expected}") from None


def _share_quantity(lines: list[Line], quantity: str | None, kinds: int | None) -> None:
    """Of several goods in one row only the number of all is told: it can be shared out when each was bought once."""
    if len(lines) > 1:
        for line in lines:
            line["quantity"] = 1
            if kinds is not None and quantity is not None and quantity != str(kinds):
                line["extra"] = {**line["extra"], "宝贝总数量": quantity}


def _total(platform: str, draft: Draft, count: int) -> int | None:
    """What was paid for the whole order, where the row says it of the order."""
    try:
        if platform == "jd":
            # 应付金额 is what remained to pay after the balance, 结算金额 is 0 until the order is settled.
            told = [money(cell) for cell in (draft.values.get("paid"), draft.values.get("settled")) if cell is not None]
            known = [amount for amount in told if amount is not None]
            if any(known) or draft.values.get("order_amount") is None:
                return max(known, default=None)
            return money(draft.values["order_amount"])
        cell = draft.values.get("paid")
        if count > 1 and cell is not None and len(_JOINED.split(cell)) == 1:
            return money(cell)
    except WrongCell as error:
        raise WrongRow(f"「{draft.named('paid')}」应为{error.expected}") from None
    return None


def _code(sku: str, draft: Draft) -> str:
    try:
        return identifier(sku)
    except WrongCell as error:
        named = draft.named("sku" if "sku" in draft.headers else "goods_id")
        raise WrongRow(f"「{named}」是「{sku[:40]}」，应为{error.expected}") from None


def _title_code(title: str, spec: str, draft: Draft) -> str:
    """A lasting code for goods that are known by their title alone."""
    if not title:
        raise WrongRow(f"「{draft.named('sku')}」和「{draft.named('title')}」都是空的，应当至少有一个")
    digest = hashlib.sha256(f"{title}\0{spec}".encode()).hexdigest()
    return f"title:{digest[:TITLE_DIGITS]}"


def _status(draft: Draft) -> str | None:
    row = draft.values
    told = row.get("status")
    status = None
    if told is not None:
        try:
            # A row of several sub-orders stands where its first one does.
            status = order_status(_JOINED.split(told)[0] or told)
        except WrongCell as error:
            raise WrongRow(f"「{draft.named('status')}」是「{told[:40]}」，应为{error.expected}") from None
    sales = after_sales(row["after_sales"]) if row.get("after_sales") else None
    if sales is None and status == "cancelled" and "退款" in (row.get("close_reason") or ""):
        sales = "refunded"
    return sales or status


def _parcel(draft: Draft) -> tuple[str | None, str | None]:
    """(carrier, tracking number), from columns of their own or from one that holds both."""
    row = draft.values
    carrier, number = row.get("carrier"), row.get("tracking_no")
    both = row.get("express")
    if both and not number:
        found = _PARCEL.search(both)
        number = found[0] if found else None
        name = _CARRIER.search(both)
        carrier = carrier or (name[0] if name else None)
    return carrier, number
