"""What carriers report: one row a scan of a parcel. Nothing else is changed by it, not the order's status either."""

from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import identifier, text
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from assistant.imports.moments import moment
from crm_core.commerce import logistics
from crm_core.database import Tx

LONGEST_REPORT = 500
"""Characters of a scan's text; it is part of what tells two scans apart, so an index holds it."""


class Logistics(Kind):
    """Rows of `parcel_events`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column(
                    "tracking_no",
                    identifier,
                    "快递单号 物流单号 运单号 运单编号 快递号 trackingnumber mailno waybillno",
                    needed=True,
                ),
                column(
                    "at",
                    moment,
                    "时间 物流时间 扫描时间 操作时间 更新时间 time timestamp datetime acceptdate",
                    needed=True,
                ),
                column("status", text, "状态 物流状态 快递状态 state"),
                column(
                    "text", text, "轨迹 物流信息 内容 描述 物流详情 轨迹描述 备注 context remark description content"
                ),
            )
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of a scan."""
        row = draft.values
        status, said = row.get("status"), row.get("text")
        if not status and not said:
            raise WrongRow("「status」和「text」都是空的，应当至少有一个")
        if len(said or "") > LONGEST_REPORT:
            raise WrongRow(f"「{draft.named('text')}」应为不超过 {LONGEST_REPORT} 个字的文字")
        return {
            "tracking_no": row["tracking_no"],
            "at": row["at"],
            "text": said or "",
            **({"status": status} if status else {}),
            "extra": draft.extra,
        }

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        known = logistics.sent(tx, sorted({one.value["tracking_no"] for one in taken}))
        for one in taken:
            if one.value["tracking_no"] not in known:
                self.setting.notices.add("快递单号不在任何订单上（轨迹已保存，导入订单后就能查到）", one.line)
        return Written(sum(logistics.scan(tx, [one.value for one in taken])))
