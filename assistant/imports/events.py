"""What people did in the shop, in Segment's shape (https://segment.com/docs/connections/spec/).

An event is known again by its `messageId`, or by its content where it has none. Keys that are none of Segment's are
properties, so a flat table of events is understood as well.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from assistant.imports.cells import choice, identifier, json_object, text
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from assistant.imports.moments import moment
from crm_core.customers import behaviour
from crm_core.database import Tx

AHEAD = timedelta(days=1)
"""How far the clock of a shopper's phone may be ahead."""
# Segment's own bookkeeping, which says nothing about the shopper.
_HOUSEKEEPING = (
    "integrations",
    "channel",
    "version",
    "writeKey",
    "receivedAt",
    "sentAt",
    "originalTimestamp",
    "_metadata",
)
_TYPES = {"track": "track", "identify": "identify", "page": "page", "行为": "track", "浏览": "page", "身份": "identify"}


class Events(Kind):
    """Rows of `events`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column("type", choice(_TYPES, "track、identify、page 之一"), "类型 事件类型", needed=True),
                column("userId", identifier, "customer_id 顾客编号 用户编号 会员编号 客户编号 用户ID"),
                column("anonymousId", identifier, "匿名编号 匿名ID 设备号 设备ID device_id visitorid"),
                column("event", text, "事件 事件名 事件名称 行为 eventname"),
                column("name", text, "页面 页面名称"),
                column("timestamp", moment, "时间 发生时间 事件时间 time at", needed=True),
                column("properties", json_object, "属性 事件属性"),
                column("traits", json_object, "特征 用户属性"),
                column("context", json_object, "环境"),
                column("messageId", identifier, "事件编号 消息编号 事件ID eventid"),
            ),
            dropped=_HOUSEKEEPING,
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of an event."""
        row = draft.values
        if row.get("userId") is None and row.get("anonymousId") is None:
            raise WrongRow("「userId」和「anonymousId」都是空的，应当至少有一个")
        if row["type"] == "track" and row.get("event") is None:
            raise WrongRow("「event」是空的，track 事件应当有事件名，例如 Product Viewed")
        if row["timestamp"] > self.setting.now() + AHEAD:
            raise WrongRow(f"「{draft.named('timestamp')}」在将来，应为已经发生的时间")
        properties = {**(row.get("traits") or {}), **(row.get("properties") or {}), **draft.extra}
        if row.get("context"):
            properties["context"] = row["context"]
        event = {
            "customer_id": row.get("userId"),
            "anonymous_id": row.get("anonymousId"),
            "type": row["type"],
            "event": row.get("event") or row.get("name"),
            "at": row["timestamp"],
            "properties": properties,
        }
        return {"id": row.get("messageId") or _content_id(event), **event}

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        return Written(sum(behaviour.track(tx, [one.value for one in taken])))


def _content_id(event: dict[str, Any]) -> str:
    return "sha-" + hashlib.sha256(msgspec.json.encode(event, order="deterministic")).hexdigest()[:32]
