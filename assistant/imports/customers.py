"""Customers: one row a person. The sheet is a partial view: an empty cell takes nothing away.

Whoever was known by a phone or an account alone becomes the customer the sheet names, with their orders.
"""

from collections.abc import Sequence
from typing import Any

from assistant.imports.cells import Masked, choice, folded, identifier, is_masked, phone, text, whole
from assistant.imports.columns import Draft, Layout, WrongRow, column
from assistant.imports.kind import Kind, Setting, Taken, Written
from assistant.imports.moments import day, moment
from crm_core.commerce import ordering
from crm_core.customers import customers, guests, learning
from crm_core.database import Tx

IDENTITIES = ("phone", "device_id", "wechat_openid", "taobao_nick")
_GENDERS = {
    "female": "女 女性 女士 小姐 f female woman 2",
    "male": "男 男性 先生 m male man 1",
    "": "未知 保密 不详 unknown secret u 0",
}
_GENDER_OF = {folded(word): gender for gender, words in _GENDERS.items() for word in words.split()}
_COLUMNS = (
    column(
        "customer_id",
        identifier,
        ("顾客编号 客户编号 会员编号 用户编号 顾客ID 客户ID 会员ID 用户ID 会员卡号 userid memberid"),
        needed=True,
    ),
    column("name", text, "姓名 顾客姓名 客户姓名 会员姓名 名字 真实姓名 customername fullname"),
    column("phone", phone, "手机号 手机 手机号码 电话 联系电话 联系手机 电话号码 mobile tel telephone phonenumber"),
    column("device_id", identifier, "设备号 设备ID 设备编号 设备指纹"),
    column("wechat_openid", identifier, "微信openid openid 微信 微信号 wxopenid"),
    column("taobao_nick", text, "淘宝昵称 旺旺 旺旺号 淘宝旺旺 淘宝账号 淘宝会员名"),
    column("birthday", day, "生日 出生日期 出生年月 birthdate"),
    column("gender", choice(_GENDER_OF, "男 或 女"), "性别 sex"),
    column("city", text, "城市 所在城市 常住城市 所在地"),
    column("member_level", text, "会员等级 等级 会员级别 vip等级 level tier"),
    column("points", whole(), "积分 会员积分 可用积分"),
    column("registered_at", moment, "注册时间 注册日期 入会时间 加入时间 createdat registertime"),
)


class Customers(Kind):
    """Rows of `customers`."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.layout = Layout(_COLUMNS)

    def check(self, draft: Draft) -> dict[str, Any]:
        """The row of a customer, with the identities it gives."""
        row = draft.values
        if guests.is_guest(row["customer_id"]):
            raise WrongRow(f"「{draft.named('customer_id')}」应为店铺自己的编号，{guests.PREFIX} 开头的是系统所用")
        for name in ("name", "phone", "taobao_nick"):
            value = row.get(name)
            if isinstance(value, Masked) or (value is not None and is_masked(value)):
                self.setting.notices.add(f"「{draft.named(name)}」是掩码或密文，没有保存", draft.line)
                row[name] = None
        known_by = [(kind, row[kind]) for kind in IDENTITIES if row.get(kind)]
        self.note_repeat(
            row["customer_id"], draft.line, f"「{draft.named('customer_id')}」与前面的行重复，以后面的为准"
        )
        values = {name: row.get(name) or None for name in _KEPT}
        values["points"] = row.get("points")
        return {"row": {"id": row["customer_id"], **values, "extra": draft.extra}, "known_by": known_by}

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""
        rows = [one.value["row"] for one in taken]
        known_by = [one.value["known_by"] for one in taken]
        became = _became(tx, rows, known_by)
        changed = learning.learn(tx, rows, known_by)
        if became:
            ordering.hand_over(tx, became)
            guests.dismiss(tx, became)
        self._note_shared(tx, taken)
        return Written(sum(changed))

    def _note_shared(self, tx: Tx, taken: Sequence[Taken]) -> None:
        """Two customers with one phone may be one person: said, never decided."""
        numbers = {one.value["row"]["phone"] for one in taken} - {None}
        owners = customers.known_by(tx, "phone", sorted(numbers)) if numbers else {}
        for one in taken:
            others = [who for who in owners.get(one.value["row"]["phone"], ()) if who != one.value["row"]["id"]]
            if others:
                self.setting.notices.add(f"手机号与顾客 {others[0]} 相同，请核对是否同一个人", one.line)


_KEPT = ("name", "phone", "birthday", "gender", "city", "member_level", "points", "registered_at")


def _became(tx: Tx, rows: Sequence[dict[str, Any]], known_by: Sequence[Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Guests who are the customers of these rows; an identity that two rows share decides nothing."""
    claims: dict[tuple[str, str], set[str]] = {}
    for row, names in zip(rows, known_by, strict=True):
        for name in names:
            claims.setdefault(name, set()).add(row["id"])
    became: dict[str, str] = {}
    for kind in IDENTITIES:
        values = [value for name, value in claims if name == kind]
        for value, owners in customers.known_by(tx, kind, values).items() if values else ():
            claimed = claims[kind, value]
            for owner in owners:
                if guests.is_guest(owner) and len(claimed) == 1:
                    became[owner] = next(iter(claimed))
    return became
