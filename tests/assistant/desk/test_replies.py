"""A canned reply is found by its shortcut, its words and how they sound; what nothing can fill in is refused."""

from datetime import UTC, datetime

import pytest

from assistant.desk.replies import found_by
from crm_core.database import Database
from crm_core.desk import replies
from crm_core.desk.replies import NoSuchReply, Reply, WrongReply

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)


def reply(title: str, shortcut: str, text: str = "好的", scope: str = "shared") -> Reply:
    return Reply(shortcut, scope, "", "", shortcut, title, text, 1, NOW, "ada")


KNOWN = [
    reply("退款时效", "tk"),
    reply("退货流程", "th", "请寄回，退款原路退"),
    reply("请确认订单", "qrdd"),
    reply("欢迎语", "hy", "您好"),
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tk", "退款时效"),
        ("/TK", "退款时效"),
        ("退货", "退货流程"),
        ("tuihuo", "退货流程"),
        ("tuih", "退货流程"),
        ("dd", "请确认订单"),
        ("thlc", "退货流程"),
        ("原路", "退货流程"),
        ("您好", "欢迎语"),
    ],
)
def test_found_by(typed: str, first: str) -> None:
    assert found_by(typed, KNOWN)[0].title == first


def test_nothing_typed_shows_all_and_nonsense_nothing() -> None:
    assert found_by("", KNOWN) == KNOWN
    assert found_by("xyz", KNOWN) == []


def row(
    scope: str = "shared", owner: str = "", shortcut: str = "tk", text: str = "{{客户姓名}}，好的"
) -> dict[str, str]:
    return {"scope": scope, "owner": owner, "folder": "", "shortcut": shortcut, "title": "退款", "text": text}


def test_each_sees_their_own_their_groups_and_the_shop_s(database: Database) -> None:
    with database.transaction() as tx:
        replies.keep(tx, row(), "ada", NOW)
        replies.keep(tx, row("group", "售后组"), "ada", NOW)
        replies.keep(tx, row("mine", "ann"), "ann", NOW)
        replies.keep(tx, row("mine", "bob"), "bob", NOW)
        assert [(one.scope, one.owner) for one in replies.seen_by(tx, "ann", ["售后组"])] == [
            ("mine", "ann"),
            ("group", "售后组"),
            ("shared", ""),
        ]


def test_a_shortcut_is_one_of_a_kind(database: Database) -> None:
    with database.transaction() as tx:
        first = replies.keep(tx, row(), "ada", NOW)
        with pytest.raises(WrongReply, match="已经用在"):
            replies.keep(tx, row(), "ada", NOW)
        assert replies.keep(tx, row(text="改了"), "ada", NOW, first.id).version == 2
        replies.remove(tx, first.id)
        with pytest.raises(NoSuchReply):
            replies.remove(tx, first.id)
        with pytest.raises(NoSuchReply):
            replies.keep(tx, row(), "ada", NOW, first.id)


@pytest.mark.parametrize(
    "wrong",
    [
        row(text="{{身份证号}}"),
        row(text=" "),
        row(text="好" * 2001),
        row(shortcut="t k"),
        row(shortcut=""),
        row("mine", ""),
        row("shared", "ann"),
        row("nobody", ""),
    ],
)
def test_a_reply_that_cannot_be(database: Database, wrong: dict[str, str]) -> None:
    with database.transaction() as tx, pytest.raises(WrongReply):
        replies.keep(tx, wrong, "ada", NOW)
