"""Canned replies: one row a reply, known again by its shortcut; of the whole shop where it names no person or group."""

from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import identifier, text
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from crm_core.database import Tx
from crm_core.desk import replies
from crm_core.desk.replies import WrongReply


class Replies(Kind):
    """Rows of `canned_replies`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column("text", text, "内容 回复内容 话术 快捷短语 短语 正文 content body", needed=True),
                column("shortcut", identifier, "快捷码 快捷键 编码 关键词 快捷编码 code"),
                column("title", text, "标题 名称 主题 name"),
                column("folder", text, "分类 文件夹 目录 类别 category"),
                column("group", text, "分组 小组 客服组 适用小组"),
                column("login", identifier, "登录名 客服 个人 所属客服 owner"),
            )
        )

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of a reply."""
        said = {name: value or "" for name, value in draft.values.items()}
        if said.get("group") and said.get("login"):
            raise WrongRow(f"「{draft.named('group')}」和「{draft.named('login')}」只能填一个")
        body = said["text"].strip()
        title = said.get("title") or body[:12]
        owner = said.get("login") or said.get("group") or ""
        row = {
            "scope": "mine" if said.get("login") else "group" if said.get("group") else "shared",
            "owner": owner,
            "folder": said.get("folder", ""),
            "shortcut": said.get("shortcut") or "".join(title.split())[: replies.LONGEST_SHORTCUT].replace("/", ""),
            "title": title,
            "text": body,
        }
        try:
            replies.check(row["scope"], row["owner"], row["shortcut"], row["title"], row["text"])
        except WrongReply as error:
            raise WrongRow(str(error)) from None
        if not self.note_repeat(f"{row['scope']}:{owner}:{row['shortcut']}", draft.line, ""):
            raise WrongRow(f"快捷码「{row['shortcut']}」在前面的行里已经有了，应当各不相同")
        return row

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        rows = [one.value for one in taken]
        return Written(sum(replies.put(tx, rows, self.setting.by, self.setting.now())))
