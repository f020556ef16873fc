"""Articles over HTTP: the list, one with its versions, and questions tried on the shelf and on an edit."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.knowledge import writing
from assistant.knowledge.writing import WrongArticle
from crm_core.desk.sign_ins import Staff
from crm_core.knowledge import articles, gaps, listing, versions
from crm_core.knowledge.listing import MOST, STATES, WrongCursor
from crm_core.knowledge.versions import Content
from webchat.problems import Problem
from webchat.staff import knowledge_view as view
from webchat.staff.door import needs
from webchat.wiring import Gateway

Words = list[str] | str
NOT_THERE = Problem(404, "not_found", "没有这条知识")


class Written(BaseModel):
    """Fields of an article, named as the columns of an import file; lists may be one text, split by ；."""

    model_config = ConfigDict(extra="forbid")

    question: str | None = Field(default=None, max_length=2_000)
    answer: str | None = Field(default=None, max_length=40_000)
    similar: Words | None = None
    category: str | None = Field(default=None, max_length=100)
    sku: Words | None = None
    tier: Words | None = None
    platform: Words | None = None
    valid_from: str | None = Field(default=None, max_length=60)
    valid_to: str | None = Field(default=None, max_length=60)

    def fields(self) -> dict[str, Any]:
        """The fields that were given; null empties one."""
        given = self.model_dump(include=set(writing.FIELDS) & self.model_fields_set)
        return {name: "" if value is None else value for name, value in given.items()}


class Trying(BaseModel):
    """A question, and the edit it is tried with."""

    question: str = Field(min_length=1, max_length=2_000)
    id: str | None = None
    edit: Written | None = None
    sku: str | None = None
    platform: str | None = None
    tier: str | None = None


def router(gateway: Gateway) -> APIRouter:
    """The routes that read articles. They run in threads: some build a shelf."""
    routes = APIRouter(prefix="/api/knowledge")
    a = gateway.assistant
    leader = needs(gateway, "lead")

    @routes.get("")
    def many(
        who: Annotated[Staff, leader],  # noqa: ARG001
        q: Annotated[str, Query(max_length=200)] = "",
        category: Annotated[str | None, Query(max_length=100)] = None,
        state: str | None = None,
        kind: str | None = None,
        cursor: Annotated[str | None, Query(max_length=300)] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> dict[str, Any]:
        if state is not None and state not in STATES:
            raise Problem(422, "invalid_request", f"没有「{state}」这种状态；有 {'、'.join(STATES)}")
        try:
            with a.record.reading() as tx:
                page = listing.listed(
                    tx, now=a.clock(), q=q, category=category, state=state, kind=kind, cursor=cursor, most=limit
                )
        except WrongCursor:
            raise Problem(422, "invalid_request", "cursor 不是这个列表给出的") from None
        items = [view.listed(one, a.zone) for one in page.items]
        return {"items": items, "next": page.next, "total": page.total}

    @routes.get("/overview")
    def overview(who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        with a.record.reading() as tx:
            counts = {state: listing.listed(tx, now=a.clock(), state=state, most=1).total for state in STATES}
            open_gaps = len(gaps.all_gaps(tx, "open"))
            return {"categories": articles.categories(tx), "states": counts, "gaps": open_gaps}

    @routes.post("/try")
    def trial(wanted: Trying, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        return _tried(gateway, wanted)

    @routes.get("/{article}")
    def one(article: str, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        return shown_article(gateway, article)

    @routes.get("/{article}/versions")
    def history(article: str, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        with a.record.reading() as tx:
            found = versions.history(tx, article)
        if not found:
            raise NOT_THERE
        return {"items": view.history(found, a.zone)}

    @routes.get("/{article}/versions/{number}/diff")
    def diff(article: str, number: int, against: int, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        with a.record.reading() as tx:
            after, before = versions.one(tx, article, number), versions.one(tx, article, against)
        if after is None or before is None:
            raise Problem(404, "not_found", "没有这个版本")
        return {"changed": writing.difference(before.content, after.content, a.zone)}

    return routes


def _tried(gateway: Gateway, wanted: Trying) -> dict[str, Any]:
    """What the shelf says to a question, and what it would say with the edit."""
    a = gateway.assistant
    asked = {"sku": wanted.sku, "platform": wanted.platform, "tier": wanted.tier}
    now = a.clock()
    told: dict[str, Any] = {"live": _found(a.shelf.search(wanted.question, k=5, at=now, **asked), a.shelf)}
    if wanted.edit is None:
        return told
    before = writing.EMPTY
    if wanted.id is not None:
        with a.record.reading() as tx:
            newest = versions.newest(tx, wanted.id)
        before = newest.content if newest else before
    name = wanted.id or "draft"
    shelf = gateway.keeper.trial({name: content_of(wanted.edit.fields(), before)})
    draft = _found(shelf.search(wanted.question, k=5, at=now, **asked), shelf)
    return {**told, "draft": draft, "draft_id": name}


def content_of(fields: dict[str, Any], before: Content = writing.EMPTY) -> Content:
    """The content these fields make of the one before; raises a Problem."""
    try:
        return writing.content_of(fields, before)
    except WrongArticle as error:
        raise Problem(422, "invalid_article", str(error)) from None


def shown_article(gateway: Gateway, article: str) -> dict[str, Any]:
    """An article by its newest version, with what shoppers are told now; raises a Problem."""
    a = gateway.assistant
    with a.record.reading() as tx:
        newest = versions.newest(tx, article)
        live = articles.live(tx, [article]).get(article)
    if newest is None:
        raise NOT_THERE
    told = view.stored(live, a.zone) if live is not None else None
    return {**view.article(newest, live=live is not None, zone=a.zone), "told": told}


def _found(found: Any, shelf: Any) -> dict[str, Any]:
    """A search with the cut its verdict was drawn by."""
    told: dict[str, Any] = found.as_json()
    told["cut"] = round(shelf.cut_of(found.hits[0].article.category), 4) if found.hits else None
    return told
