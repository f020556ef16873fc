"""The people who serve: one row a log-in. An empty cell takes nothing away; a password is made for whoever has none."""

import secrets
from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import choice, folded, identifier, text, whole, words
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from crm_core.database import Tx
from crm_core.desk import agents

SHORTEST_PASSWORD = 8
MADE_BYTES = 9
"""Random bytes of a made password: 12 characters, 72 bits."""

_WORDS = {
    "agent": "客服 普通客服 初级客服 坐席 客服专员 agent",
    "senior": "资深客服 高级客服 资深 senior senioragent",
    "lead": "主管 客服主管 组长 班长 lead leader supervisor teamlead",
    "admin": "管理员 超级管理员 系统管理员 店长 admin administrator",
}
ROLES = {folded(word): role for role, spelt in _WORDS.items() for word in spelt.split()}


class Agents(Kind):
    """Rows of `agents`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(
            (
                column("name", text, "姓名 客服姓名 名字 昵称 客服昵称 displayname", needed=True),
                column(
                    "login", identifier, "登录名 账号 帐号 用户名 工号 客服账号 登录账号 username account", needed=True
                ),
                column(
                    "role",
                    choice(ROLES, "agent（客服）、senior（资深客服）、lead（主管）、admin（管理员）之一"),
                    "角色 职位 岗位 权限",
                ),
                column("groups", words, "分组 组 客服组 所属组 技能组 group"),
                column("skills", words, "技能 擅长 技能标签 skill"),
                column("max_chats", whole(1), "最大接待量 接待上限 最大会话数 最大接待数 同时接待 maxsessions"),
                column("password", text, "密码 初始密码 登录密码"),
            )
        )
        with setting.record.reading() as tx:
            self._hashes = agents.passwords(tx)
        self._made: list[tuple[str, str]] = []
        self._waiting: dict[str, str] = {}

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of an agent. Hashing takes a tenth of a second, so it is done here, outside the transaction."""
        row = draft.values
        login = row["login"]
        if any(character.isspace() for character in login):
            raise WrongRow(f"「{draft.named('login')}」是「{login}」，应为不含空格的登录名")
        if not self.note_repeat(login, draft.line, ""):
            raise WrongRow(f"「{draft.named('login')}」的 {login} 在前面的行里已经有了，每个登录名应当只有一行")
        password = row.pop("password", None)
        if password is not None and len(password) < SHORTEST_PASSWORD:
            raise WrongRow(f"「{draft.named('password')}」应为至少 {SHORTEST_PASSWORD} 位的密码，或者留空由系统生成")
        if login not in self._hashes:
            row["role"] = row.get("role") or "agent"
        row["password_hash"] = self._hash(login, password)
        row["extra"] = draft.extra
        return row

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        written = Written(sum(agents.engage(tx, [one.value for one in taken])))
        for one in taken:
            made = self._waiting.pop(one.value["login"], None)
            if made is not None:
                self._made.append((one.value["login"], made))
        return written

    def made_passwords(self) -> tuple[tuple[str, str], ...]:
        """Log-ins and the passwords made for them; none in a dry run, for nobody could sign in with them."""
        return () if self.setting.dry_run else tuple(self._made)

    def _hash(self, login: str, password: str | None) -> str | None:
        """The hash to store, None where the agent keeps the one there is."""
        known = self._hashes.get(login)
        if known is not None and (password is None or self.setting.passwords.verify(password, known)):
            return None
        if password is None:
            password = self._waiting[login] = secrets.token_urlsafe(MADE_BYTES)
        return "-" if self.setting.dry_run else self.setting.passwords.hash(password)
