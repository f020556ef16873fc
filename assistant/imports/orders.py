"""Orders: one row an item, in the shop's own form or as one of four sales platforms exports them.

Sheets are partial views: an empty cell takes nothing away, and a status never moves backwards. Rows of one order that
follow each other are its items, also where two name the same SKU; an order that comes up again later in the file is
the same order told anew.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

from assistant.imports import buyers
from assistant.imports.buyers import Buyer
from assistant.imports.cells import Masked, folded, identifier, money, phone, text, whole
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from assistant.imports.moments import moment
from assistant.imports.order_rows import (
    STEPS,
    Bought,
    Line,
    check_steps,
    concluded_status,
    contradiction,
    repeated_total,
    shared_out,
)
from assistant.imports.places import city
from assistant.imports.platforms import PERSONAL, PLATFORM_OF, Export, recognised
from assistant.imports.products import SKU_NAMES
from assistant.imports.statuses import order_status
from crm_core.commerce import ordering, products
from crm_core.commerce.ordering import Told
from crm_core.database import Tx
from knowledge_base.ingestion import sheets
from knowledge_base.ingestion.sheets import Row

COLUMNS = (
    column(
        "order_id",
        identifier,
        "订单号 订单编号 订单ID 单号 主订单编号 主订单号 订单编码 交易号 orderno ordernumber ordersn",
        needed=True,
    ),
    column(
        "customer_id",
        identifier,
        "顾客编号 客户编号 会员编号 用户编号 顾客ID 客户ID 用户ID 会员ID 买家ID buyerid userid memberid",
    ),
    column(
        "phone",
        phone,
        "手机号 手机 手机号码 买家手机号 顾客手机 下单手机号 会员手机号 联系手机 联系电话 电话 mobile tel",
    ),
    column("sku", identifier, SKU_NAMES, needed=True),
    column("title", text, "商品名称 商品标题 宝贝标题 商品 品名 商品名 名称 productname name"),
    column("quantity", whole(1), "数量 购买数量 商品数量 件数 订购数量 qty num count"),
    column(
        "paid_amount",
        money,
        "实付金额 实付 实付款 支付金额 付款金额 实际支付金额 成交金额 实收金额 金额 paid amount payment",
    ),
    column("status", order_status, "订单状态 状态 交易状态 orderstatus state"),
    column(
        "ordered_at",
        moment,
        "下单时间 下单日期 订单时间 订单日期 创建时间 订单创建时间 提交时间 createdat createtime orderdate ordertime",
        needed=True,
    ),
    column("paid_at", moment, "付款时间 支付时间 订单付款时间 付款日期 paytime paymenttime"),
    column("shipped_at", moment, "发货时间 出库时间 发货日期 shiptime shippedtime"),
    column(
        "delivered_at",
        moment,
        "签收时间 收货时间 送达时间 妥投时间 签收日期 确认收货时间 signedat receivedat deliverytime",
    ),
    column("carrier", text, "快递公司 物流公司 快递 承运商 express shippingcompany"),
    column("tracking_no", identifier, "快递单号 物流单号 运单号 运单编号 快递号 trackingnumber mailno"),
    column("platform", text, "平台 销售平台 来源平台 订单来源 渠道 销售渠道 channel source"),
    column("receiver_city", text, "收货城市 城市 收件城市 收货人城市 city"),
    column("address", city, "收货地址 收件地址 详细地址 地址 收货人地址"),
)
MOST_SKUS = 100_000
"""SKUs of which it is remembered whether the shop has them."""
LINE_COLUMNS = ("title", "quantity", "paid_amount", "paid_at", "shipped_at", "delivered_at", "carrier", "tracking_no")


class Orders(Kind):
    """Rows of `orders` and `order_lines`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(COLUMNS, one_of=(("customer_id", "phone"),), dropped=PERSONAL.split())
        self._export: Export | None = None
        self._skus: dict[str, bool] = {}

    def open(self, path: Path) -> tuple[Sequence[str], Iterator[Row], int]:
        """The file's rows, once it is known whose form it has."""
        headers = sheets.headers(path)
        self._export = recognised(path, headers, self.setting.platform, lacks_own=bool(self.layout.lacking(headers)))
        if self._export is not None:
            self.layout = self._export.layout()
            self.platform = self._export.name
        personal = [header for header in headers if self.layout.is_dropped(header)]
        if personal:
            self.setting.notices.add(f"含个人信息的列没有保存：{'、'.join(personal)}")
        return super().open(path)

    def check(self, draft: Draft) -> Bought:
        """The order, or the part of it, that a row tells."""
        bought = self._own(draft) if self._export is None else self._export.bought(draft, self.setting.now())
        if not bought.buyer.customer_id and not bought.buyer.account and not bought.buyer.phone:
            self.setting.notices.add("买家的账号和电话是掩码、密文或没有给出，这些订单各记一位匿名顾客", draft.line)
        return bought

    def block(self, value: Bought) -> Hashable:
        """Rows of one order belong together."""
        return value.key

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk, order by order."""
        written = Written()
        found = buyers.find(tx, [one.value.buyer for one in taken])
        self._name_by_title(tx, taken)
        self._note_unknown(tx, taken)
        orders: dict[Hashable, list[Bought]] = {}
        of_order: dict[Hashable, list[int]] = {}
        for place, one in enumerate(taken):
            bought: Bought = one.value
            reason = found.unclear.get(bought.buyer)
            known = orders.get(bought.key)
            if reason is None and known and found.customers[known[0].buyer] != found.customers[bought.buyer]:
                reason = f"订单 {bought.order_id} 前面的行是另一位顾客，应为同一位"
            if reason is not None:
                written.refused[place] = reason
                continue
            orders.setdefault(bought.key, []).append(bought)
            of_order.setdefault(bought.key, []).append(place)
        told = [
            self._told(parts, found.customers[parts[0].buyer], of_order[key], taken) for key, parts in orders.items()
        ]
        laid = ordering.lay(tx, told)
        for nth, places in enumerate(of_order.values()):
            self._note(laid, nth, taken[places[0]].line)
            if laid.changed[nth]:
                written.changed += len(places)
        return written

    def _own(self, draft: Draft) -> Bought:
        row = draft.values
        number = row.get("phone")
        if isinstance(number, Masked):
            if row.get("customer_id") is None:
                raise WrongRow(f"「{draft.named('phone')}」是「{number}」，应为完整的手机号，或用 customer_id 指明顾客")
            number = None
        if row.get("customer_id") is None and number is None:
            raise WrongRow("「customer_id」和「phone」都是空的，应当至少有一个")
        times = {step: row.get(step) for step in STEPS}
        check_steps(times, dict(draft.headers), self.setting.now())
        status = row.get("status")
        if status is not None and (step := contradiction(status, times)):
            self.setting.notices.add(f"状态是「{status}」，但「{draft.named(step)}」已有时间，按状态保存", draft.line)
        platform = row.get("platform") or ""
        line: Line = {name: row.get(name) for name in LINE_COLUMNS}
        line |= {
            "sku": row["sku"],
            "status": status or concluded_status(times, row.get("paid_amount")),
            "extra": draft.extra,
        }
        return Bought(
            PLATFORM_OF.get(folded(platform), platform[:40]),
            row["order_id"],
            Buyer(row.get("customer_id"), None, number),
            row["ordered_at"],
            row.get("receiver_city") or row.get("address"),
            [line],
            assumed=frozenset() if status else frozenset({0}),
        )

    def _told(self, parts: Sequence[Bought], customer: str, places: Sequence[int], taken: Sequence[Taken]) -> Told:
        """The rows of an order as one order."""
        lines: list[Line] = []
        assumed: set[int] = set()
        for block in _blocks(places):
            part = [parts[nth] for nth in block]
            told: list[Line] = []
            weights: list[int] = []
            counts: Counter[str] = Counter()
            seen: set[str] = set()
            for nth in block:
                for at, line in enumerate(parts[nth].lines):
                    said = repr(line)
                    if said in seen:
                        self.setting.notices.add("与同一订单前面的行完全相同，只算一次", taken[places[nth]].line)
                        continue
                    seen.add(said)
                    if at in parts[nth].assumed:
                        assumed.add(len(lines) + len(told))
                    told.append({**line, "repeat": counts[line["sku"]]})
                    counts[line["sku"]] += 1
                    weights.append(parts[nth].weights[at] if parts[nth].weights else 0)
            total = next((one.total for one in part if one.total is not None), repeated_total(part))
            lines += _priced(told, total, weights)
        first = parts[0]
        where = next((part.receiver_city for part in parts if part.receiver_city), None)
        return Told(first.platform, first.order_id, customer, first.ordered_at, where, lines, frozenset(assumed))

    def _note(self, laid: ordering.Laid, nth: int, line: int) -> None:
        if nth in laid.older:
            said, kept = laid.older[nth]
            self.setting.notices.add(f"状态「{said}」比已保存的「{kept}」旧，保留「{kept}」", line)
        if nth in laid.moved:
            self.setting.notices.add("订单原来记在另一位顾客名下，现在改为这一位", line)

    def _name_by_title(self, tx: Tx, taken: Sequence[Taken]) -> None:
        """A line known by its title alone gets the SKU of the product of that name, where there is one."""
        nameless = [line for one in taken for line in one.value.lines if line.get("by_title")]
        if nameless:
            skus = products.skus_by_name(tx, sorted({line["title"] for line in nameless}))
            for line in nameless:
                line["sku"] = skus.get(line["title"], line["sku"])
        for one in taken:
            for line in one.value.lines:
                line.pop("by_title", None)

    def _note_unknown(self, tx: Tx, taken: Sequence[Taken]) -> None:
        asked = {line["sku"] for one in taken for line in one.value.lines} - self._skus.keys()
        if asked:
            known = products.known_skus(tx, sorted(asked))
            if len(self._skus) > MOST_SKUS:
                self._skus.clear()
            self._skus |= {sku: sku in known for sku in asked}
        for one in taken:
            if not all(self._skus.get(line["sku"], True) for line in one.value.lines):
                self.setting.notices.add("商品编码不在商品表里，按订单里的名称保存", one.line)


def _blocks(places: Sequence[int]) -> list[list[int]]:
    """The rows of an order in runs that follow each other in the file."""
    runs: list[list[int]] = []
    for nth, place in enumerate(places):
        if nth and place == places[nth - 1] + 1:
            runs[-1].append(nth)
        else:
            runs.append([nth])
    return runs


def _priced(lines: list[Line], total: int | None, weights: Sequence[int]) -> list[Line]:
    """The lines with the order's total shared out over them, where the sheet gives no more than that."""
    if total is None or not lines:
        return lines
    return [{**line, "paid_amount": share} for line, share in zip(lines, shared_out(total, weights), strict=True)]
