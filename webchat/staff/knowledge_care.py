"""The care of the knowledge over HTTP: golden cases, gaps, conflicts, error budgets."""

import uuid
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.knowledge import budgets, findings, golden, loop
from assistant.knowledge.budgets import Labels
from crm_core.conversations import timeline
from crm_core.desk.sign_ins import Staff
from crm_core.knowledge import articles, cuts, gaps
from crm_core.knowledge import golden as cases
from crm_core.knowledge.cuts import StoredCut
from crm_core.knowledge.gaps import Gap
from crm_core.knowledge.golden import GoldenCase
from crm_core.knowledge.versions import MovedOn
from webchat.problems import Problem
from webchat.staff import knowledge_view as view
from webchat.staff.door import needs
from webchat.wiring import Gateway

MOST_ASKED = 100
"""Questions of a gap that are shown."""


class Case(BaseModel):
    """A golden case: the question, and what must come of it."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=500)
    expects: Literal["article", "text", "unanswered"]
    article_id: str | None = Field(default=None, max_length=64)
    text: str | None = Field(default=None, max_length=2_000)
    category: str = Field(default="", max_length=100)
    sku: str | None = Field(default=None, max_length=100)
    platform: str | None = Field(default=None, max_length=40)
    tier: str | None = Field(default=None, max_length=40)
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _says_what(self) -> "Case":
        if self.expects == "article" and not self.article_id:
            raise ValueError("要写明是哪条知识（article_id）")
        if self.expects == "text" and not (self.text or "").strip():
            raise ValueError("要写明回答里必须有的字（text）")
        return self


class ChangedCase(Case):
    """A golden case that was read at `version`."""

    version: int = Field(ge=1)


class Budget(BaseModel):
    """The share of wrong answers allowed in a category; "" is all others. `version` is 0 for a new one."""

    category: str = Field(default="", max_length=100)
    budget: float = Field(gt=0, lt=0.5)
    version: int = Field(default=0, ge=0)


class Verdict(BaseModel):
    """What becomes of a gap that was read at `version`."""

    version: int = Field(ge=1)
    reason: str = Field(default="", max_length=500)


def router(gateway: Gateway) -> APIRouter:
    """The routes of care. They run in threads."""
    routes = APIRouter(prefix="/api/knowledge")
    leader = needs(gateway, "lead")
    _golden(routes, gateway, leader)
    _gaps(routes, gateway, leader)
    _findings(routes, gateway, leader)
    _budgets(routes, gateway, leader)
    return routes


def _golden(routes: APIRouter, gateway: Gateway, leader: Any) -> None:
    a = gateway.assistant

    @routes.get("/golden")
    def many(who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        with a.record.reading() as tx:
            return {"items": [view.case(one) for one in cases.all_cases(tx)]}

    @routes.post("/golden", status_code=201)
    def add(new: Case, who: Annotated[Staff, leader]) -> dict[str, Any]:
        case = GoldenCase(uuid.uuid4().hex[:16], **new.model_dump(), version=1, at=a.clock(), by=who.login)
        _known(gateway, new.article_id)
        a.record.write(lambda tx: cases.add(tx, case)).result()
        return view.case(case)

    @routes.post("/golden/run")
    def run(who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        with a.record.reading() as tx:
            asked = cases.all_cases(tx)
        outcomes = golden.run(a.shelf, asked, a.clock())
        return {"kept": sum(one.kept for one in outcomes), "items": [view.outcome(one) for one in outcomes]}

    @routes.patch("/golden/{case}")
    def change(case: str, wanted: ChangedCase, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        _known(gateway, wanted.article_id)
        values = wanted.model_dump(exclude={"version"})
        _write(gateway, lambda tx: cases.change(tx, case, wanted.version, values))
        with a.record.reading() as tx:
            found = cases.find(tx, case)
        if found is None:
            raise Problem(404, "not_found", "没有这个黄金用例")
        return view.case(found)

    @routes.delete("/golden/{case}", status_code=204)
    def remove(case: str, who: Annotated[Staff, leader]) -> None:  # noqa: ARG001
        if not a.record.write(lambda tx: cases.remove(tx, case)).result():
            raise Problem(404, "not_found", "没有这个黄金用例")


def _gaps(routes: APIRouter, gateway: Gateway, leader: Any) -> None:
    a = gateway.assistant

    def known(name: str) -> Gap:
        with a.record.reading() as tx:
            gap = gaps.find(tx, name)
        if gap is None:
            raise Problem(404, "not_found", "没有这个知识缺口")
        return gap

    @routes.get("/gaps")
    def many(
        who: Annotated[Staff, leader],  # noqa: ARG001
        state: Literal["open", "drafted", "published", "ignored"] | None = None,
    ) -> dict[str, Any]:
        with a.record.reading() as tx:
            return {"items": [view.gap(one) for one in gaps.all_gaps(tx, state)]}

    @routes.post("/gaps/refresh")
    def refresh(who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        return {"gaps": gateway.keeper.group()}

    @routes.get("/gaps/{gap}")
    def one(gap: str, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        found = known(gap)
        with a.record.reading() as tx:
            asked = gaps.all_questions(tx, gap)
            before = [timeline.since(tx, one.conversation, max(0, one.seq - 4), most=3) for one in asked[:MOST_ASKED]]
        told = [view.question(one, said) for one, said in zip(asked, before, strict=False)]
        return {**view.gap(found), "asked": told}

    @routes.post("/gaps/{gap}/draft", status_code=201)
    def draft(gap: str, wanted: Verdict, who: Annotated[Staff, leader]) -> dict[str, Any]:
        found = known(gap)
        try:
            version = loop.draft_of(a, found, by=who.login, seen=wanted.version)
        except MovedOn as error:
            raise _moved_on(error.now) from None
        return view.article(version, live=False, zone=a.zone)

    @routes.post("/gaps/{gap}/ignore")
    def ignore(gap: str, wanted: Verdict, who: Annotated[Staff, leader]) -> dict[str, Any]:
        return decided(gap, "ignored", wanted, who)

    @routes.post("/gaps/{gap}/reopen")
    def reopen(gap: str, wanted: Verdict, who: Annotated[Staff, leader]) -> dict[str, Any]:
        return decided(gap, "open", wanted, who)

    def decided(gap: str, state: gaps.State, wanted: Verdict, who: Staff) -> dict[str, Any]:
        found = known(gap)
        if found.state not in ("open", "ignored"):
            raise Problem(409, "not_possible", "这个缺口已经有草稿，请先删除草稿")
        _write(
            gateway,
            lambda tx: gaps.decide(tx, gap, state, seen=wanted.version, by=who.login, reason=wanted.reason),
        )
        return view.gap(known(gap))


def _findings(routes: APIRouter, gateway: Gateway, leader: Any) -> None:
    a = gateway.assistant

    @routes.get("/conflicts")
    def found(
        who: Annotated[Staff, leader],  # noqa: ARG001
        days: Annotated[int, Query(ge=1, le=365)] = 14,
    ) -> dict[str, Any]:
        return {"items": [view.finding(one, a.zone) for one in findings.findings(a, timedelta(days=days))]}


def _budgets(routes: APIRouter, gateway: Gateway, leader: Any) -> None:
    a = gateway.assistant

    def of_budget(one: StoredCut, labels: Labels) -> dict[str, Any]:
        rate = None if one.cut is None else labels.answer_rate(one.category, one.cut)
        return {**view.cut(one), "answer_rate": rate}

    def shown() -> dict[str, Any]:
        labels = gateway.keeper.labels()
        with a.record.reading() as tx:
            stored = {one.category: one for one in cuts.all_cuts(tx)}
            counted = articles.categories(tx)
        names = [
            "",
            *sorted({name for name in (*counted, *stored) if name}, key=lambda name: (-counted.get(name, 0), name)),
        ]
        return {
            "offered": list(budgets.OFFERED),
            "items": [
                {
                    "category": name,
                    "articles": counted.get(name, 0) if name else sum(counted.values()),
                    "set": of_budget(stored[name], labels) if name in stored else None,
                    "unset": budgets.factory(labels, name),
                    "offers": budgets.offers(labels, name),
                }
                for name in names
            ],
        }

    @routes.get("/cuts")
    def many(who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        return shown()

    @routes.put("/cuts")
    def allow(wanted: Budget, who: Annotated[Staff, leader]) -> dict[str, Any]:
        _write(
            gateway,
            lambda tx: cuts.set_budget(
                tx, wanted.category, wanted.budget, seen=wanted.version, at=a.clock(), by=who.login
            ),
        )
        budgets.redraw(a, gateway.keeper.labels())
        gateway.refill()
        return shown()

    @routes.delete("/cuts")
    def forget(category: str, who: Annotated[Staff, leader]) -> dict[str, Any]:  # noqa: ARG001
        if not a.record.write(lambda tx: cuts.remove(tx, category)).result():
            raise Problem(404, "not_found", "这一类没有单独的设定")
        gateway.refill()
        return shown()


def _known(gateway: Gateway, article: str | None) -> None:
    """A case that waits for an article nobody has would fail for ever."""
    if article is None:
        return
    with gateway.assistant.record.reading() as tx:
        if not articles.live(tx, [article]):
            raise Problem(422, "invalid_request", "这条知识没有发布，不能作为黄金用例的答案")


def _write(gateway: Gateway, work: Any) -> Any:
    try:
        return gateway.assistant.record.write(work).result()
    except MovedOn as error:
        raise _moved_on(error.now) from None


def _moved_on(now: int) -> Problem:
    return Problem(409, "moved_on", "刚被别人改过，请刷新后再改", more={"version": now})
