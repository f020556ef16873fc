"""The order exports of 淘宝/天猫, 抖店, 京东 and 拼多多: which of their headers is which column.

Collected from public code that reads such files; columns are found by name, never by place, and unknown ones are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.imports.cells import folded, identifier, money, text, whole
from assistant.imports.columns import Column, Draft, Layout, column, folded_header
from assistant.imports.moments import moment
from assistant.imports.order_rows import Bought
from assistant.imports.places import city
from assistant.imports.platform_orders import account, bought, lenient_phone, parcel_number
from knowledge_base.ingestion.unusable import UnusableFile

# Names, addresses, documents: the record has no use for them, so they are not kept. Of an address the city is.
PERSONAL = (
    "收货人 收货人姓名 收件人 收件人姓名 收货人电话 收货人手机 收货人手机号 收件人电话 收件人手机 "
    "客户姓名 买家支付宝账号 支付宝账号 买家姓名 身份证号 身份证姓名 身份证号码 发票抬头 "
    "修改后的收货地址 邮编 收货邮编 详细街道 街道 区 receivername receiverphone receivermobile "
    "receiveraddress receiver address zipcode"
)
SURE_FROM = 3
"""Headers of a platform's own from which a file is its export, even if it would do as the shop's own form."""
LIKELY_FROM = 2
"""The same for a file that would not."""

PLATFORM_OF = {
    folded(word): name
    for name, words in {
        "taobao": "taobao 淘宝 天猫 淘宝天猫 淘宝/天猫 tmall tb 手淘",
        "douyin": "douyin 抖音 抖店 抖音小店 抖音电商 dy",
        "jd": "jd 京东 京东商城 jingdong",
        "pdd": "pdd 拼多多 pinduoduo",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True)
class Export:
    """A platform's export."""

    name: str
    label: str
    columns: tuple[Column, ...]
    signature: frozenset[str]

    def layout(self) -> Layout:
        """Its columns."""
        return Layout(
            (*_SHARED, *self.columns),
            one_of=(("title", "sku", "goods_id"), _TIMES[self.name]),
            dropped=PERSONAL.split(),
        )

    def bought(self, draft: Draft, now: datetime) -> Bought:
        """The order, or the part of it, that a row tells."""
        return bought(self.name, draft, now)


_SHARED = (
    column("status", text, "订单状态 状态 交易状态"),
    column("after_sales", text, "售后状态 退款状态 售后/退款状态"),
    column("carrier", text, "物流公司 快递公司 承运商 快递名称"),
    column("tracking_no", parcel_number, "物流单号 快递单号 运单号 运单编号"),
    column("phone", lenient_phone, "联系手机 收件人手机号 用户购买手机号 买家手机号 手机 手机号 联系电话 电话"),
    column("receiver_city", text, "市 城市 收货城市 收件城市"),
    column("address", city, "收货地址 详细地址 收件地址 客户地址 地址"),
    column("freight", money, "运费 邮费 运费金额 买家应付邮费 快递费"),
)
_TIMES = {
    "taobao": ("ordered_at", "paid_at"),
    "douyin": ("ordered_at", "paid_at"),
    "jd": ("ordered_at", "paid_at"),
    # 拼多多 numbers begin with the day, and the list of its columns that is known names no time of ordering.
    "pdd": ("order_id",),
}


def _signature(headers: str) -> frozenset[str]:
    return frozenset(map(folded_header, headers.split()))


EXPORTS = {
    export.name: export
    for export in (
        Export(
            "taobao",
            "淘宝/天猫",
            (
                column("order_id", identifier, "订单编号 主订单编号 订单号", needed=True),
                column("buyer", account, "买家会员名 买家昵称 买家旺旺 买家账号"),
                column("title", text, "宝贝标题 商品标题 标题 宝贝名称 商品名称"),
                column("sku", text, "商家编码 外部系统编号 货号 SKU编码"),
                column("goods_id", text, "宝贝ID 商品ID"),
                column("spec", text, "商品属性 修改后的sku 宝贝属性 商品规格"),
                column("quantity", text, "宝贝总数量 购买数量 商品数量 数量"),
                column("kinds", whole(), "宝贝种类"),
                column("unit_price", text, "商品价格 价格 单价"),
                column("paid", text, "买家实际支付金额 买家实付金额 实付金额 买家实付 总金额"),
                column("ordered_at", moment, "订单创建时间 创建时间 下单时间"),
                column("paid_at", moment, "订单付款时间 付款时间 支付时间"),
                column("shipped_at", moment, "发货时间"),
                column("delivered_at", moment, "确认收货时间 签收时间"),
                column("close_reason", text, "订单关闭原因 关闭原因"),
            ),
            _signature(
                "买家会员名 买家支付宝账号 买家应付货款 买家应付邮费 买家实际支付金额 买家实际支付积分 "
                "宝贝标题 宝贝种类 宝贝总数量 "
                "订单创建时间 订单付款时间 卖家服务费 买家服务费 返点积分"
            ),
        ),
        Export(
            "douyin",
            "抖店",
            (
                column("order_id", identifier, "主订单编号 主订单号 订单编号 订单号", needed=True),
                column("sub_ids", text, "子订单编号 子订单号"),
                column("title", text, "选购商品 商品名称 商品标题"),
                column("sku", text, "商家编码 货号 SKU编码"),
                column("goods_id", text, "商品ID"),
                column("spec", text, "商品规格 规格"),
                column("quantity", text, "商品数量 数量"),
                column("goods_amount", text, "商品金额"),
                column("paid", text, "订单应付金额 订单实付金额 实付金额 支付金额"),
                column("ordered_at", moment, "订单提交时间 下单时间 提交时间"),
                column("paid_at", moment, "支付完成时间 支付时间 付款时间"),
                column("shipped_at", moment, "发货时间"),
                column("delivered_at", moment, "签收时间 确认收货时间"),
                column("express", text, "快递信息 物流信息"),
                column("close_reason", text, "取消原因"),
            ),
            _signature(
                "主订单编号 子订单编号 选购商品 订单应付金额 订单提交时间 支付完成时间 达人ID 达人昵称 "
                "流量来源 快递信息"
            ),
        ),
        Export(
            "jd",
            "京东",
            (
                column("order_id", identifier, "订单号 订单编号", needed=True),
                column("buyer", account, "下单帐号 下单账号 买家账号"),
                column("title", text, "商品名称 商品标题"),
                column("sku", text, "货号 商家SKUID 商家编码 商家SKU"),
                column("goods_id", text, "商品ID 商品编号 SKUID"),
                column("quantity", text, "订购数量 商品数量 数量"),
                column("unit_price", text, "京东价 单价"),
                column("paid", text, "应付金额 实付金额"),
                column("settled", text, "结算金额"),
                column("order_amount", text, "订单金额"),
                column("ordered_at", moment, "下单时间 订单创建时间"),
                column("paid_at", moment, "付款确认时间 付款时间 支付时间"),
                column("shipped_at", moment, "出库时间 发货时间"),
                column("delivered_at", moment, "订单完成时间 完成时间 妥投时间"),
            ),
            _signature(
                "订购数量 京东价 下单帐号 下单账号 结算金额 余额支付 付款确认时间 客户姓名 客户地址 "
                "商家备注等级 订单渠道"
            ),
        ),
        Export(
            "pdd",
            "拼多多",
            (
                column("order_id", identifier, "订单号 订单编号", needed=True),
                column("title", text, "商品 商品名称 商品标题"),
                column(
                    "sku",
                    text,
                    (
                        "商家编码-规格维度 商家编码规格维度 商家编码 规格编码 SKU编码 商家编码-商品维度 "
                        "商家编码商品维度 货号"
                    ),
                ),
                column("goods_id", text, "商品id"),
                column("spec", text, "商品规格 规格"),
                column("quantity", text, "商品数量(件) 商品数量 数量"),
                column("paid", text, "用户实付金额(元) 用户实付金额 实付金额 商家实收金额(元)"),
                column("ordered_at", moment, "下单时间 订单创建时间 拼单成功时间 成团时间 订单成交时间 支付时间"),
                column("paid_at", moment, "支付时间 付款时间"),
                column("shipped_at", moment, "发货时间"),
                column("delivered_at", moment, "确认收货时间 签收时间"),
            ),
            _signature(
                "商品总价(元) 用户实付金额(元) 商家实收金额(元) 店铺优惠折扣(元) 平台优惠折扣(元) "
                "商品数量(件) 拼单成功时间 订单成交时间 "
                "多多支付立减金额(元) 商家编码-规格维度 用户购买手机号 邮费(元)"
            ),
        ),
    )
}


def recognised(path: Path, headers: Sequence[str], platform: str | None, *, lacks_own: bool) -> Export | None:
    """The platform whose export has these headers; None for the shop's own form, which `lacks_own` says it is not.

    Raises `UnusableFile` when the file is not the export of the `platform` it is said to be.
    """
    if platform is not None:
        export = EXPORTS[platform]
        lacking = export.layout().lacking(headers)
        if lacking:
            shown = "、".join(header for header in headers[:20] if header) or "（没有）"
            raise UnusableFile(
                path, f"不像{export.label}的订单导出，缺少列 {'、'.join(lacking)}；文件里的列是：{shown}"
            )
        return export
    found = frozenset(map(folded_header, headers))
    hits = sorted(((len(found & export.signature), name) for name, export in EXPORTS.items()), reverse=True)
    best, name = hits[0]
    export = EXPORTS[name]
    is_clear = best > hits[1][0] and best >= (LIKELY_FROM if lacks_own else SURE_FROM)
    return export if is_clear and not export.layout().lacking(headers) else None
