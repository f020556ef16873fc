"""Canned replies over HTTP: found while one types, added, changed and taken away by whom they belong to."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.desk.replies import found_by
from crm_core.database import Tx
from crm_core.desk import agents, replies
from crm_core.desk.replies import LONGEST_SHORTCUT, LONGEST_TEXT, NoSuchReply, Reply, WrongReply
from crm_core.desk.sign_ins import Staff
from webchat.problems import Problem
from webchat.staff.door import needs
from webchat.turns import settled
from webchat.wiring import Gateway

NOT_THERE = Problem(404, "not_found", "没有这条快捷回复")


class Written(BaseModel):
    """A reply as it is to be; `group` is needed where the scope is one."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=60)
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    shortcut: str = Field(default="", max_length=LONGEST_SHORTCUT)
    folder: str = Field(default="", max_length=40)
    scope: Literal["mine", "group", "shared"] = "mine"
    group: str = Field(default="", max_length=60)

    def row(self, login: str) -> dict[str, str]:
        """The reply as the record keeps it; a title is the beginning of the text, a shortcut the title."""
        title = self.title.strip() or self.text.strip()[:12]
        owner = {"mine": login, "group": self.group, "shared": ""}[self.scope]
        shortcut = self.shortcut.strip() or "".join(title.split()).replace("/", "")[:LONGEST_SHORTCUT]
        return {
            "scope": self.scope,
            "owner": owner,
            "folder": self.folder,
            "shortcut": shortcut,
            "title": title,
            "text": self.text,
        }


def router(gateway: Gateway) -> APIRouter:
    """The routes about canned replies."""
    routes = APIRouter(prefix="/api/desk/canned")
    a = gateway.assistant
    anyone = needs(gateway, "agent")

    @routes.get("")
    def many(
        who: Annotated[Staff, anyone],
        q: Annotated[str, Query(max_length=60)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
    ) -> dict[str, Any]:
        with a.record.reading() as tx:
            known = replies.seen_by(tx, who.login, who.groups)
        return {"canned": [_shown(one) for one in found_by(q, known, limit)], "variables": list(replies.VARIABLES)}

    @routes.post("", status_code=201)
    async def new(written: Written, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        return await _kept(written, who, None)

    @routes.put("/{reply}")
    async def change(reply: str, written: Written, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        return await _kept(written, who, reply)

    @routes.delete("/{reply}", status_code=204)
    async def remove(reply: str, who: Annotated[Staff, anyone]) -> None:
        def work(tx: Tx) -> None:
            _may_touch(who, _known(tx, reply, who))
            replies.remove(tx, reply)

        await settled(a.record.write(work))

    async def _kept(written: Written, who: Staff, reply: str | None) -> dict[str, Any]:
        row = written.row(who.login)

        def work(tx: Tx) -> Reply:
            if reply is not None:
                _may_touch(who, _known(tx, reply, who))
            _may_write(who, row["scope"], row["owner"])
            return replies.keep(tx, row, who.login, a.clock(), reply)

        try:
            return _shown(await settled(a.record.write(work)))
        except WrongReply as error:
            raise Problem(422, "invalid_request", str(error)) from None
        except NoSuchReply:
            raise NOT_THERE from None

    return routes


def _known(tx: Tx, reply_id: str, who: Staff) -> Reply:
    """The reply, if this person may see it: nobody learns of what others keep for themselves."""
    one = replies.reply_of(tx, reply_id)
    if one is None or (one.scope == "mine" and one.owner != who.login):
        raise NOT_THERE
    return one


def _may_touch(who: Staff, one: Reply) -> None:
    _may_write(who, one.scope, one.owner)


def _may_write(who: Staff, scope: str, owner: str) -> None:
    """One's own are one's own affair, a group's its seniors', the shop's the leads'."""
    if scope == "shared" and not agents.may(who.role, "lead"):
        raise Problem(403, "forbidden", "全店的快捷回复由主管来改")
    if scope == "group":
        if not agents.may(who.role, "senior"):
            raise Problem(403, "forbidden", "小组的快捷回复由资深客服或主管来改")
        if owner not in who.groups and not agents.may(who.role, "lead"):
            raise Problem(403, "forbidden", "只能改自己所在小组的快捷回复")


def _shown(one: Reply) -> dict[str, Any]:
    return {
        "id": one.id,
        "scope": one.scope,
        "group": one.owner if one.scope == "group" else one.folder or None,
        "folder": one.folder,
        "shortcut": one.shortcut,
        "title": one.title,
        "text": one.text,
        "version": one.version,
    }
