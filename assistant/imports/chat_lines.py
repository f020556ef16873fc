"""The lines of a chat log as facts, in either form, without a record: what importing and analysing a log share."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.imports import jddc
from assistant.imports.cells import choice, folded, identifier, is_empty, text, truth
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import open_sheet
from assistant.imports.moments import moment
from assistant.imports.report import Notices
from crm_core.conversations.events import AgentSpoke, BotReplied, Event, OutcomeNoted, ShopperSpoke
from crm_core.conversations.logs import Logged
from knowledge_base.ingestion.sheets import Row

AHEAD = timedelta(days=1)
_WORDS = {
    "shopper": "买家 顾客 客户 用户 会员 访客 shopper customer user buyer visitor client 0",
    "agent": "客服 人工 坐席 人工客服 商家 卖家 agent staff seller waiter service human 1",
    "bot": "机器人 智能客服 系统 自动回复 bot robot assistant ai system",
}
ROLES = {folded(word): role for role, spelt in _WORDS.items() for word in spelt.split()}
_COLUMNS = (
    column("session_id", identifier, "会话编号 会话ID 会话 对话ID 对话编号 conversationid dialogid sid", needed=True),
    column("at", moment, "时间 发送时间 消息时间 ts time timestamp datetime createdat sendtime", needed=True),
    column(
        "role",
        choice(ROLES, "shopper（买家）、agent（客服）、bot（机器人）之一"),
        "角色 发送方 发送者类型 sender sendertype from",
        needed=True,
    ),
    column("text", text, "内容 消息 消息内容 文本 content message msg", needed=True),
    column("sender_id", identifier, "发送者 发送者ID 发送人 senderid"),
    column("customer_id", identifier, "顾客编号 客户编号 会员编号 用户编号 顾客ID 客户ID 用户ID userid"),
    column("order_id", identifier, "订单号 订单编号 order orderid"),
    column("sku", identifier, "商品编码 商品编号 商品ID productid"),
    column("converted", truth, "是否成交 是否转化 成交 转化 是否下单"),
)
_JDDC_COLUMNS = (
    column("session_id", identifier, needed=True),
    column("customer_id", identifier, "user_id", needed=True),
    column("role", choice(ROLES, "0（买家）或 1（客服）"), "waiter_send", needed=True),
    column("sku", identifier),
    column("text", text, needed=True),
    column("nth", lambda cell: cell),
)


class ChatLines:
    """Reads one log; made anew for each file. `has_times` is False for the JDDC format, whose times are imagined."""

    def __init__(self, now: Callable[[], datetime], notices: Notices):
        self.layout = Layout(_COLUMNS)
        self._now = now
        self._notices = notices
        self._jddc_from: datetime | None = None
        self._line_in_session = 0
        self._session: str | None = None

    @property
    def has_times(self) -> bool:
        """Does the log say when each line was said?"""
        return self._jddc_from is None

    def open(self, path: Path) -> tuple[Sequence[str], Iterator[Row], int]:
        """(headers, rows, about how many rows) of the log. Raises `UnusableFile` when it is none."""
        if path.is_file() and path.suffix.lower() not in {".jsonl", ".ndjson", ".json", ".xlsx"} and jddc.is_jddc(path):
            self.layout = Layout(_JDDC_COLUMNS, dropped=("is_transfer", "is_repeat"))
            written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
            self._jddc_from = min(written, self._now()) - timedelta(hours=1)
            return jddc.FIELDS, jddc.rows(path), jddc.size_hint(path)
        headers, rows, expected = open_sheet(self.layout, path)
        if unknown := self.layout.unknown(headers):
            self._notices.add(f"没有用到的列：{'、'.join(unknown[:20])}")
        return headers, rows, expected

    def facts(self, draft: Draft) -> list[Logged]:
        """What a line adds to its conversation: the words, and with them how it ended where the log says so."""
        row = draft.values
        at = row["at"] if self._jddc_from is None else self._imagined(row["session_id"], self._jddc_from)
        if at > self._now() + AHEAD:
            raise WrongRow(f"「{draft.named('at')}」在将来，应为已经说过的时间")
        session, who = row["session_id"], row.get("customer_id")
        client_id = _line_id(row, None if self._jddc_from else at)
        said = [Logged(session, who, at, _event(row, client_id), client_id)]
        if row.get("converted") is not None:
            order = row.get("order_id") if row["converted"] else None
            outcome = f"outcome:{row['converted']}:{order or ''}"
            said.append(Logged(session, who, at, OutcomeNoted(row["converted"], order), outcome))
        return said

    def _imagined(self, session: str, start: datetime) -> datetime:
        """A time for a line of a log that has none: only the order within a session is told."""
        self._line_in_session = self._line_in_session + 1 if session == self._session else 0
        self._session = session
        return start + timedelta(seconds=self._line_in_session)


def _event(row: dict[str, Any], client_id: str) -> Event:
    if row["role"] == "shopper":
        sku = row.get("sku")
        return ShopperSpoke(row["text"], client_id, None if is_empty(sku) else sku, row.get("order_id"))
    if row["role"] == "agent":
        return AgentSpoke(row["text"], row.get("sender_id") or "", client_id)
    return BotReplied(row["text"], 0, "answer")


def _line_id(row: dict[str, Any], at: datetime | None) -> str:
    when = f"{row.get('nth')}" if at is None else str(int(at.timestamp() * 1000))
    said = "\x1f".join((when, row["role"], row.get("sender_id") or "", row["text"]))
    return "log:" + hashlib.sha256(said.encode()).hexdigest()[:24]
