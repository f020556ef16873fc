"""Coupons: one row a code. The sheet is the shop's own word: a column that is there and empty clears what was known."""

from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import identifier, text, truth, words
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from assistant.imports.moments import moment, until
from crm_core.commerce import coupons
from crm_core.database import Tx


class Coupons(Kind):
    """Rows of `coupons`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column(
                    "code",
                    identifier,
                    "优惠券编码 券码 编码 优惠码 券编号 优惠券编号 活动编码 couponcode couponid",
                    needed=True,
                ),
                column("title", text, "名称 优惠券名称 标题 券名称 活动名称 name"),
                column("rule", text, "规则 优惠规则 使用规则 使用条件 说明 优惠内容 门槛 description"),
                column("valid_from", moment, "生效时间 开始时间 生效日期 开始日期 有效期开始 start starttime"),
                column(
                    "valid_to", until, "失效时间 结束时间 失效日期 结束日期 截止时间 有效期结束 到期时间 end endtime"
                ),
                column("tiers", words, "适用会员 会员等级 适用等级 适用人群 tier memberlevel"),
                column("stackable", truth, "可叠加 是否可叠加 是否叠加 叠加 能否叠加"),
            ),
            empties=True,
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of a coupon."""
        row = draft.values
        start, end = row.get("valid_from"), row.get("valid_to")
        if start is not None and end is not None and end < start:
            raise WrongRow(f"「{draft.named('valid_to')}」早于「{draft.named('valid_from')}」，应当晚于它")
        if "tiers" in row:
            row["tiers"] = row["tiers"] or []
        row["extra"] = draft.extra
        self.note_repeat(row["code"], draft.line, f"「{draft.named('code')}」与前面的行重复，以后面的为准")
        return row

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        return Written(sum(coupons.offer(tx, [one.value for one in taken])))
