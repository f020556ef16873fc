"""Canned replies: what agents say again and again, each person's own, a group's, and the shop's."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.work_tables import canned_replies

SCOPES: Final = ("mine", "group", "shared")
VARIABLES: Final = ("客户姓名", "顾客姓名", "订单号", "快递单号", "快递公司", "客服姓名")
"""What the desk fills in when the reply is put into the field."""
LONGEST_TEXT: Final = 2_000
LONGEST_SHORTCUT: Final = 20
_VARIABLE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SHORTCUT: Final = re.compile(r"[^\s/]+")


class WrongReply(ValueError):
    """A reply that cannot be; the message says what is wrong with it."""


class NoSuchReply(LookupError):
    """There is no reply of this id that this person sees."""


@dataclass(frozen=True)
class Reply:
    """A canned reply; `owner` is a log-in, a group, or nobody, by its scope."""

    id: str
    scope: str
    owner: str
    folder: str
    shortcut: str
    title: str
    text: str
    version: int
    at: datetime
    by: str


_COLUMNS: Final = [field.name for field in fields(Reply)]


def check(scope: str, owner: str, shortcut: str, title: str, text: str) -> None:
    """Raise WrongReply where a reply could not be found, or says what nothing can fill in."""
    if scope not in SCOPES:
        raise WrongReply("范围应为 mine（个人）、group（小组）或 shared（全店）")
    if (scope == "shared") != (owner == ""):
        raise WrongReply("个人和小组的快捷回复要写明是谁的，全店的不用")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise WrongReply(f"内容应为 1 到 {LONGEST_TEXT} 个字")
    if not title.strip():
        raise WrongReply("需要一个标题")
    if not _SHORTCUT.fullmatch(shortcut) or len(shortcut) > LONGEST_SHORTCUT:
        raise WrongReply(f"快捷码应为 1 到 {LONGEST_SHORTCUT} 个字符，不含空格和斜杠")
    unknown = [name for name in _VARIABLE.findall(text) if name not in VARIABLES]
    if unknown:
        raise WrongReply(f"没有变量「{{{{{unknown[0]}}}}}」，可以用：{'、'.join(VARIABLES)}")


def seen_by(tx: Tx, login: str, groups: Sequence[str]) -> list[Reply]:
    """Every reply that a person may use: their own first, then their groups', then the shop's."""
    own = sa.and_(canned_replies.c.scope == "mine", canned_replies.c.owner == login)
    theirs = sa.and_(canned_replies.c.scope == "group", canned_replies.c.owner.in_(list(groups)))
    query = sa.select(canned_replies).where(sa.or_(own, theirs, canned_replies.c.scope == "shared"))
    found = [Reply(**{name: row._mapping[name] for name in _COLUMNS}) for row in tx.execute(query)]
    return sorted(found, key=lambda one: (SCOPES.index(one.scope), one.folder, one.shortcut))


def reply_of(tx: Tx, reply_id: str) -> Reply | None:
    """The reply of this id, or None."""
    row = tx.execute(sa.select(canned_replies).where(canned_replies.c.id == reply_id)).one_or_none()
    return None if row is None else Reply(**{name: row._mapping[name] for name in _COLUMNS})


def keep(tx: Tx, wanted: Mapping[str, Any], by: str, at: datetime, reply_id: str | None = None) -> Reply:
    """Add a reply, or put another in the place of one; the shortcut is one of a kind within its scope and owner.

    `wanted` names scope, owner, folder, shortcut, title and text. Raises WrongReply, NoSuchReply.
    """
    check(wanted["scope"], wanted["owner"], wanted["shortcut"], wanted["title"], wanted["text"])
    taken = _of_shortcut(tx, wanted["scope"], wanted["owner"], wanted["shortcut"])
    if taken is not None and taken.id != reply_id:
        raise WrongReply(f"快捷码「{wanted['shortcut']}」已经用在「{taken.title}」上了")
    known = None if reply_id is None else reply_of(tx, reply_id)
    if reply_id is not None and known is None:
        raise NoSuchReply(reply_id)
    kept = Reply(
        id=known.id if known else "R" + secrets.token_hex(8),
        scope=wanted["scope"],
        owner=wanted["owner"],
        folder=wanted["folder"].strip(),
        shortcut=wanted["shortcut"],
        title=wanted["title"].strip(),
        text=wanted["text"].strip(),
        version=known.version + 1 if known else 1,
        at=at,
        by=by,
    )
    tx.upsert(canned_replies, [vars(kept)])
    return kept


def put(tx: Tx, rows: Sequence[Mapping[str, Any]], by: str, at: datetime) -> list[bool]:
    """Lay rows of a file over the replies of the same shortcut; which of them said something new. Raises WrongReply."""
    changed = []
    for row in rows:
        known = _of_shortcut(tx, row["scope"], row["owner"], row["shortcut"])
        same = known is not None and all(getattr(known, name) == value.strip() for name, value in row.items())
        if not same:
            keep(tx, row, by, at, known.id if known else None)
        changed.append(not same)
    return changed


def remove(tx: Tx, reply_id: str) -> None:
    """Take a reply away; raises NoSuchReply."""
    if tx.execute(canned_replies.delete().where(canned_replies.c.id == reply_id)).rowcount != 1:
        raise NoSuchReply(reply_id)


def _of_shortcut(tx: Tx, scope: str, owner: str, shortcut: str) -> Reply | None:
    row = tx.execute(
        sa.select(canned_replies).where(
            canned_replies.c.scope == scope, canned_replies.c.owner == owner, canned_replies.c.shortcut == shortcut
        )
    ).one_or_none()
    return None if row is None else Reply(**{name: row._mapping[name] for name in _COLUMNS})
