"""Products: one row a SKU; every column nobody knows is an attribute.

The sheet is the shop's own word: a column that is there and empty clears what was known, a column that is not there
leaves it alone.
"""

import re
from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import WrongCell, folded, identifier, json_object, money, text, whole
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from crm_core.commerce import products
from crm_core.database import Tx

_STATUSES = {
    "on_sale": "在售 上架 已上架 上架中 销售中 出售中 在售中 正常 正常销售 有货 是 onsale active available published 1",
    "off_shelf": "下架 已下架 停售 停产 已停产 仓库中 否 offshelf inactive discontinued unpublished 0",
    "presale": "预售 预售中 预定 预订 presale preorder",
    "out_of_stock": "缺货 无货 售罄 已售罄 断货 补货中 outofstock soldout",
}
_STATUS_OF = {folded(word): status for status, words in _STATUSES.items() for word in words.split()}
_LIST_BREAK = re.compile(r"\s*[;；]\s*")
LONGEST_ATTRIBUTE = 100
"""Characters of an attribute's name."""
SKU_NAMES = (
    "商品编码 商品编号 货号 SKU编码 SKU编号 商家编码 商品代码 商品SKU 规格编码 商品货号 skuid "
    "skucode productid itemid 商品ID 编码"
)
"""What shops call a SKU."""


def status(cell: Any) -> str:
    """The state of a product; the shop's own word where it is none of the usual ones."""
    said = text(cell)
    return _STATUS_OF.get(folded(said), said)


def attribute(value: Any) -> str | list[str] | None:
    """An attribute's value: text, or a list where `;` divides it or JSON has several."""
    if value is None:
        return None
    if isinstance(value, dict):
        value = [f"{name}：{text(one)}" for name, one in value.items()]
    parts = [text(one) for one in value] if isinstance(value, list) else _LIST_BREAK.split(text(value))
    parts = [part for part in parts if part]
    return parts[0] if len(parts) == 1 else parts or None


class Products(Kind):
    """Rows of `products`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column("sku", identifier, SKU_NAMES, needed=True),
                column(
                    "name",
                    text,
                    "商品名称 商品名 名称 品名 商品标题 宝贝标题 宝贝名称 标题 productname title",
                    needed=True,
                ),
                column("category", text, "分类 类目 商品分类 商品类目 品类 类别 所属分类 productcategory"),
                column("brand", text, "品牌 品牌名称 brandname"),
                column(
                    "price", money, "价格 售价 单价 现价 销售价 销售价格 零售价 一口价 商品价格 saleprice sellingprice"
                ),
                column("stock", whole(), "库存 库存数量 库存量 现货库存 可售库存 可用库存 剩余库存 总库存 inventory"),
                column("status", status, "状态 商品状态 上下架状态 上架状态 上下架 销售状态 是否上架 是否在售"),
                column("description", text, "描述 商品描述 详情 商品详情 简介 商品简介 介绍 商品介绍 desc detail"),
                column("image_url", text, "图片 主图 商品图片 商品主图 图片链接 图片地址 主图链接 image img picture"),
                column("url", text, "链接 商品链接 网址 详情页 详情链接 商品地址 link producturl"),
                column("attributes", json_object, "属性 商品属性"),
            ),
            empties=True,
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of a product."""
        row = draft.values
        attributes = {**(row.pop("attributes", None) or {}), **draft.extra}
        row["attributes"] = {}
        for name, value in attributes.items():
            try:
                row["attributes"][name[:LONGEST_ATTRIBUTE]] = attribute(value)
            except WrongCell as error:
                raise WrongRow(f"「{name}」应为{error.expected}，或者它们的列表") from None
        self.note_repeat(row["sku"], draft.line, f"「{draft.named('sku')}」与前面的行重复，以后面的为准")
        return row

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        return Written(sum(products.describe(tx, [one.value for one in taken])))
