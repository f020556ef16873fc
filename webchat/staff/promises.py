"""Promises over HTTP: what falls due, what became of it, and who keeps theirs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from crm_core.database import Tx
from crm_core.desk import agents, promises
from crm_core.desk.promises import NoSuchPromise, Promise
from crm_core.desk.sign_ins import Staff
from crm_core.tables import from_millis, to_millis
from webchat.frames import iso
from webchat.problems import Problem
from webchat.staff.cursors import cursor_of, read_cursor, span
from webchat.staff.door import needs
from webchat.staff.ticket_requests import zoned
from webchat.turns import settled
from webchat.wiring import Gateway

NOT_THERE = Problem(404, "not_found", "没有这条承诺")


class Settled(BaseModel):
    """What became of a promise."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "kept", "broken", "dropped"]
    note: str = Field(default="", max_length=500)


def router(gateway: Gateway) -> APIRouter:
    """The routes about promises."""
    routes = APIRouter(prefix="/api")
    a = gateway.assistant
    anyone, lead = needs(gateway, "agent"), needs(gateway, "lead")

    @routes.get("/promises")
    def many(
        who: Annotated[Staff, anyone],
        mine: bool = False,
        owner: str | None = None,
        session: str | None = None,
        customer: str | None = None,
        state: Annotated[str, Query(pattern="^(open|kept|broken|dropped|due)?$")] = "",
        before: datetime | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> dict[str, Any]:
        """`state=due` is everything that somebody still has to keep, what is overdue first."""
        place = read_cursor(cursor, 2) if cursor else None
        with a.record.reading() as tx:
            found = promises.listed(
                tx,
                owner=who.login if mine else owner,
                nobodys=mine,
                session=session,
                customer=customer,
                states=("open", "broken") if state == "due" else (state,) if state else promises.STATES,
                unsettled=state == "due",
                before=zoned(before, a.zone) if before else None,
                after=(from_millis(int(place[0])), str(place[1])) if place else None,
                most=limit + 1,
            )
        more = len(found) > limit
        last = found[limit - 1] if more else None
        following = cursor_of(to_millis(last.due_at), last.id) if last else None
        return {"promises": [promise_view(one) for one in found[:limit]], "next": following}

    @routes.patch("/promises/{promise}")
    async def settle(promise: str, settled_as: Settled, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        def work(tx: Tx) -> Promise:
            known = promises.promise_of(tx, promise)
            if known is None:
                raise NOT_THERE
            if known.owner not in (None, who.login) and not agents.may(who.role, "lead"):
                raise Problem(403, "forbidden", "这是别人答应的，由本人或主管来结")
            return promises.settle(tx, promise, settled_as.state, by=who.login, at=a.clock(), note=settled_as.note)

        try:
            return promise_view(await settled(a.record.write(work)))
        except NoSuchPromise:
            raise NOT_THERE from None

    @routes.get("/promises/rates")
    def rates(
        who: Annotated[Staff, lead],  # noqa: ARG001
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        by: Literal["owner", "topic"] = "owner",
    ) -> dict[str, Any]:
        start, end = span(a, since, until)
        with a.record.reading() as tx:
            found = promises.kept_rates(tx, start, end, by)
        rows = [
            {"who": one.who, "kept": one.kept, "broken": one.broken, "open": one.open, "rate": one.rate}
            for one in found
        ]
        return {"from": iso(start), "to": iso(end), "rates": rows}

    return routes


def promise_view(one: Promise) -> dict[str, Any]:
    """A promise as it is shown: to lists, and beside a customer."""
    return {
        "id": one.id,
        "text": one.text,
        "topic": one.topic,
        "by": one.made_by,
        "owner": one.owner,
        "session": one.session_id,
        "conversation": one.conversation_id,
        "customer": one.customer_id,
        "seq": one.seq,
        "span": None if one.start is None else [one.start, one.end],
        "made_at": iso(one.made_at),
        "due_at": iso(one.due_at),
        "exact": one.exact,
        "state": one.state,
        "kept": {"kept": True, "broken": False}.get(one.state),
        "settled_at": iso(one.settled_at) if one.settled_at else None,
        "settled_by": one.settled_by or None,
        "settled_seq": one.settled_seq,
        "note": one.note,
        "ticket": one.ticket_id,
    }
