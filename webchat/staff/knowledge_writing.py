"""Articles written over HTTP: drafts, and what becomes of them; golden cases decide whether they are published."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.knowledge import publishing
from assistant.knowledge.publishing import Checked, Decision, Refused, Unfinished
from crm_core.database import Tx
from crm_core.desk.sign_ins import Staff
from crm_core.knowledge import gaps, versions
from crm_core.knowledge.versions import Content, MovedOn, Version
from webchat.problems import Problem
from webchat.staff import knowledge_view as view
from webchat.staff.door import needs
from webchat.staff.knowledge import NOT_THERE, Written, content_of, shown_article
from webchat.wiring import Gateway


class New(Written):
    """A new article."""

    reason: str = Field(default="", max_length=500)


class Edit(Written):
    """A change to an article that was read at `version`."""

    version: int = Field(ge=1)
    reason: str = Field(default="", max_length=500)


class Deciding(BaseModel):
    """Why, and whether failing golden cases are overruled."""

    reason: str = Field(default="", max_length=500)
    override: bool = False


class Retiring(Deciding):
    """An article read at `version` that shoppers are to be told no longer."""

    version: int = Field(ge=1)


class Restoring(BaseModel):
    """An earlier version to make a draft of again."""

    version: int = Field(ge=1)
    number: int = Field(ge=1)


def router(gateway: Gateway) -> APIRouter:
    """The routes that write articles. They run in threads: each waits for the record, and some build a shelf."""
    routes = APIRouter(prefix="/api/knowledge")
    _drafts(routes, gateway)
    _articles(routes, gateway)
    return routes


def _articles(routes: APIRouter, gateway: Gateway) -> None:
    a, leader = gateway.assistant, needs(gateway, "lead")

    @routes.post("", status_code=201)
    def write(new: New, who: Annotated[Staff, leader]) -> dict[str, Any]:
        content = content_of(new.fields())
        return _saved(gateway, uuid.uuid4().hex[:16], content, 0, "page", who.login, new.reason)

    @routes.patch("/{article}")
    def edit(article: str, wanted: Edit, who: Annotated[Staff, leader]) -> dict[str, Any]:
        newest = _newest(gateway, article)
        content = content_of(wanted.fields(), newest.content)
        return _saved(gateway, article, content, wanted.version, "page", who.login, wanted.reason)

    @routes.post("/{article}/retire")
    def retire(article: str, wanted: Retiring, who: Annotated[Staff, leader]) -> dict[str, Any]:
        newest = _newest(gateway, article)
        if newest.number != wanted.version:
            raise _moved_on(newest.number)
        result = _decided(gateway, publishing.retire, newest, wanted, who)
        return {**shown_article(gateway, article), "golden": view.checked(result)}

    @routes.post("/{article}/restore")
    def restore(article: str, wanted: Restoring, who: Annotated[Staff, leader]) -> dict[str, Any]:
        with a.record.reading() as tx:
            old = versions.one(tx, article, wanted.number)
        if old is None:
            raise Problem(404, "not_found", "没有这个版本")
        reason = f"恢复第 {old.number} 版"
        return _saved(gateway, article, old.content, wanted.version, "restore", who.login, reason)


def _drafts(routes: APIRouter, gateway: Gateway) -> None:
    a, leader = gateway.assistant, needs(gateway, "lead")

    @routes.get("/drafts/{draft}/check")
    def check(draft: str, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        version = _draft(gateway, draft)
        return view.checked(publishing.check(a, {version.article_id: version.content}))

    @routes.post("/drafts/{draft}/publish")
    def publish(draft: str, who: Annotated[Staff, leader], given: Deciding | None = None) -> dict[str, Any]:
        version = _draft(gateway, draft)
        result = _decided(gateway, publishing.publish, version, given or Deciding(), who)
        return {**shown_article(gateway, version.article_id), "golden": view.checked(result)}

    @routes.delete("/drafts/{draft}", status_code=204)
    def drop(draft: str, who: Annotated[Staff, leader]) -> None:
        version = _draft(gateway, draft)

        def work(tx: Tx) -> None:
            versions.decide(tx, version, "dropped", at=a.clock(), by=who.login, reason="")
            for gap in gaps.of_article(tx, version.article_id):
                if gap.state == "drafted":
                    gaps.decide(tx, gap.id, "open", seen=None, by=who.login, reason="")

        _write(gateway, work)


def _saved(
    gateway: Gateway, article: str, content: Content, seen: int, origin: versions.Origin, by: str, reason: str
) -> dict[str, Any]:
    now = gateway.assistant.clock()
    _write(
        gateway,
        lambda tx: versions.write(
            tx, article, content, "draft", seen=seen, origin=origin, at=now, by=by, reason=reason
        ),
    )
    return shown_article(gateway, article)


def _write(gateway: Gateway, work: Any) -> Any:
    try:
        return gateway.assistant.record.write(work).result()
    except MovedOn as error:
        raise _moved_on(error.now) from None


def _decided(gateway: Gateway, act: Any, version: Version, given: Deciding, who: Staff) -> Checked:
    if given.override and not given.reason.strip():
        raise Problem(422, "reason_needed", "要越过黄金用例，请写明原因")
    try:
        result: Checked = act(gateway.assistant, version, Decision(who.login, given.reason.strip(), given.override))
    except MovedOn as error:
        raise _moved_on(error.now) from None
    except Unfinished as error:
        raise Problem(422, "invalid_article", str(error)) from None
    except Refused as refused:
        told = view.checked(refused.checked)
        count = len(refused.checked.broken)
        raise Problem(409, "golden_cases_failed", f"没有发布：{count} 个黄金用例的回答会变", more=told) from None
    gateway.refill()
    return result


def _moved_on(now: int) -> Problem:
    return Problem(409, "moved_on", "这条知识刚被别人改过，请刷新后再改", more={"version": now})


def _draft(gateway: Gateway, name: str) -> Version:
    """The open draft by its name, or by its article's."""
    article, _, number = name.rpartition("-")
    with gateway.assistant.record.reading() as tx:
        newest = versions.newest(tx, article or name)
    if newest is None or (not article and newest.state != "draft"):
        raise Problem(404, "not_found", "没有这份草稿")
    if newest.state != "draft" or (article and str(newest.number) != number):
        raise _moved_on(newest.number)
    return newest


def _newest(gateway: Gateway, article: str) -> Version:
    with gateway.assistant.record.reading() as tx:
        newest = versions.newest(tx, article)
    if newest is None:
        raise NOT_THERE
    return newest
