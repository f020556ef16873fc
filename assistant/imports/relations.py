"""How products belong together: one row an edge. The sheet is the shop's own word: an emptied note is cleared."""

from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import choice, folded, identifier, text
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from crm_core.commerce import products, relations
from crm_core.database import Tx

_WORDS = {
    "goes_with": "搭配 适合搭配 推荐搭配 可搭配 配套 配合使用 搭配使用 goeswith",
    "not_with": "不能搭配 不可搭配 不宜搭配 不建议搭配 不能同用 不宜同用 不可同时使用 避免同用 慎搭 冲突 notwith",
    "replaces": "替代 取代 替换 升级替代 升级款 升级自 新款替代 replaces",
    "bundle_of": "套装 套装包含 组合包含 包含 套餐包含 组合 bundleof",
    "refill_of": "补充装 替换装 替换芯 替芯 耗材 补充 配件 refillof",
}
PREDICATES = {folded(word): predicate for predicate, words in _WORDS.items() for word in words.split()}


class Relations(Kind):
    """Rows of `relations`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column(
                    "subject_sku",
                    identifier,
                    "主商品 主商品编码 商品编码 商品 sku 主体 源商品 主sku subject",
                    needed=True,
                ),
                column(
                    "predicate",
                    choice(
                        PREDICATES,
                        (
                            "关系 "
                            "goes_with（搭配）、not_with（不能同用）、replaces（替代）、bundle_of（套装包含）、refill_of（补充装）之一"
                        ),
                    ),
                    "关系 关系类型 类型 relation type",
                    needed=True,
                ),
                column(
                    "object_sku",
                    identifier,
                    "关联商品 关联商品编码 目标商品 相关商品 客体 关联sku 对象 object",
                    needed=True,
                ),
                column("note", text, "备注 说明 原因 理由 remark reason comment"),
            )
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of an edge."""
        row = draft.values
        if row["subject_sku"] == row["object_sku"]:
            raise WrongRow(f"「{draft.named('object_sku')}」应为另一件商品，这里与「{draft.named('subject_sku')}」相同")
        row["extra"] = draft.extra
        return row

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk; an edge to a product the shop does not have is refused."""
        ends = {one.value[end] for one in taken for end in ("subject_sku", "object_sku")}
        known = products.known_skus(tx, sorted(ends))
        written = Written()
        rows = []
        for place, one in enumerate(taken):
            unknown = [one.value[end] for end in ("subject_sku", "object_sku") if one.value[end] not in known]
            if unknown:
                written.refused[place] = f"商品表里没有 {'、'.join(unknown)}，应为已导入的商品编码；请先导入商品"
            else:
                rows.append(one.value)
        written.changed = sum(relations.relate(tx, rows))
        return written
