"""Tickets over HTTP: the list in its order, a new one, one with its history, and what changes about it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request

from assistant.desk.tickets import change_ticket, close_what_was_left, open_ticket
from crm_core import audit
from crm_core.audit import Deed
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry
from crm_core.customers import customers
from crm_core.database import RecordUnavailable, Tx
from crm_core.desk import approvals, ticket_changes, ticket_lists, tickets
from crm_core.desk.sign_ins import Staff
from crm_core.desk.ticket_lists import Filter, WrongCursor
from crm_core.desk.tickets import NewTicket, Ticket, WrongTicket, as_json
from webchat.frames import iso
from webchat.problems import Problem
from webchat.staff.door import address_of, needs
from webchat.staff.ticket_requests import KIND, NOT_THERE, Asked, Changed, Reason, told, zoned
from webchat.turns import settled
from webchat.wiring import Gateway

T = TypeVar("T")


def router(gateway: Gateway) -> APIRouter:
    """The routes about tickets."""
    routes = APIRouter(prefix="/api/tickets")
    a = gateway.assistant
    anyone = needs(gateway, "agent")

    @routes.get("")
    async def many(
        who: Annotated[Staff, anyone],  # noqa: ARG001
        wanted: Annotated[Filter, Depends(filter_of(gateway))],
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> dict[str, Any]:
        return await asyncio.to_thread(_page, gateway, wanted, limit, cursor)

    @routes.get("/counts")
    def counts(who: Annotated[Staff, anyone]) -> dict[str, int]:  # noqa: ARG001
        with a.record.reading() as tx:
            return ticket_lists.counts(tx, a.clock())

    @routes.post("", status_code=201)
    async def new(asked: Asked, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        def work(tx: Tx) -> dict[str, Any]:
            return _shown(tx, open_ticket(a, tx, _wanted(tx, asked, who, gateway), a.clock()))

        return await _kept(gateway, work)

    @routes.get("/{ticket}")
    async def one(ticket: str, who: Annotated[Staff, anyone]) -> dict[str, Any]:  # noqa: ARG001
        return await asyncio.to_thread(_one, gateway, ticket)

    @routes.patch("/{ticket}")
    async def change(ticket: str, changed: Changed, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        def work(tx: Tx) -> tuple[dict[str, Any], list[Entry]]:
            moved = change_ticket(
                a,
                tx,
                ticket,
                changed.wanted(a.zone),
                by=who.login,
                at=a.clock(),
                version=changed.version,
                note=changed.note,
            )
            return _shown(tx, moved), close_what_was_left(tx, moved, who.login, a.clock())

        shown, entries = await _kept(gateway, work)
        if entries:
            await gateway.turns.share(entries[0].conversation, entries)
        return shown

    @routes.post("/{ticket}/reveal")
    async def reveal(ticket: str, why: Reason, who: Annotated[Staff, anyone], request: Request) -> dict[str, str]:
        def work(tx: Tx) -> dict[str, str]:
            number = tickets.phone_of(tx, ticket)
            if number is None:
                raise Problem(404, "not_found", "这张工单没有留电话")
            deed = Deed(who.login, "reveal", f"ticket:{ticket}", "phone", why.reason, address_of(request))
            audit.note(tx, deed, a.clock())
            return {"field": "phone", "value": number}

        return await _kept(gateway, work)

    return routes


async def _kept(gateway: Gateway, work: Callable[[Tx], T]) -> T:
    """Write, and say back what was refused."""
    try:
        with told():
            return await settled(gateway.assistant.record.write(work))
    except RecordUnavailable:
        raise Problem(503, "busy", "暂时保存不了，请稍后再试", {"Retry-After": "2"}) from None


def filter_of(gateway: Gateway) -> Callable[..., Filter]:
    """The dependency that reads which tickets are asked for."""

    def read(
        session: str | None = None,
        conversation: str | None = None,
        customer: str | None = None,
        order: str | None = None,
        state: str = "",
        kind: Annotated[str, Query(alias="type")] = "",
        group: str | None = None,
        assignee: str | None = None,
        overdue: bool = False,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
    ) -> Filter:
        kinds = tuple(filter(None, (word.strip() for word in kind.split(","))))
        if wrong := [word for word in kinds if word not in KIND]:
            raise Problem(422, "invalid_request", f"没有「{wrong[0]}」这种工单，应为 {'、'.join(KIND)} 之一")
        try:
            states = ticket_lists.states_of(state)
        except ValueError as error:
            raise Problem(422, "invalid_request", str(error)) from None
        zone = gateway.assistant.zone
        return Filter(
            states=states,
            types=kinds,
            session=session,
            conversation=conversation,
            customer=customer,
            order=order,
            group=group,
            assignee=assignee,
            overdue=overdue,
            since=zoned(since, zone) if since else None,
            until=zoned(until, zone) if until else None,
        )

    return read


def _page(gateway: Gateway, wanted: Filter, most: int, cursor: str | None) -> dict[str, Any]:
    with gateway.assistant.record.reading() as tx:
        try:
            found, following = ticket_lists.page(tx, wanted, gateway.assistant.clock(), cursor=cursor, most=most)
        except WrongCursor as error:
            raise Problem(422, "invalid_request", str(error)) from None
        ranks = ticket_lists.ranks(tx, [one.id for one in found])
    return {"tickets": [as_json(one, ranks.get(one.id)) for one in found], "next": following}


def _one(gateway: Gateway, ticket: str) -> dict[str, Any]:
    with gateway.assistant.record.reading() as tx:
        found = tickets.ticket_of(tx, ticket)
        if found is None:
            raise NOT_THERE
        steps = approvals.steps(tx, ticket)
        return {
            **_shown(tx, found),
            "history": [
                {
                    "number": row.number,
                    "at": iso(row.at),
                    "by": row.by,
                    "field": row.field,
                    "before": row.before,
                    "after": row.after,
                }
                for row in ticket_changes.history(tx, ticket)
            ],
            "refund": {"state": approvals.standing(steps), "steps": [step_view(step) for step in steps]},
        }


def step_view(step: approvals.Step) -> dict[str, Any]:
    """A step of a refund as it is shown; the amount in yuan."""
    return {
        "number": step.number,
        "step": step.step,
        "amount": f"{step.amount / 100:.2f}",
        "by": step.by,
        "role": step.role,
        "needs": list(step.needs),
        "note": step.note,
        "at": iso(step.at),
    }


def _shown(tx: Tx, ticket: Ticket) -> dict[str, Any]:
    return as_json(ticket, ticket_lists.ranks(tx, [ticket.id]).get(ticket.id))


def _wanted(tx: Tx, asked: Asked, who: Staff, gateway: Gateway) -> NewTicket:
    conversation, customer = None, asked.customer
    if asked.session is not None:
        conversation = asked.session.rpartition(":")[0]
        head = timeline.head(tx, conversation) if conversation else None
        if head is None:
            raise WrongTicket(f"没有 {asked.session} 这段会话")
        customer = customer or head.customer
    if asked.customer is not None and not customers.known(tx, [asked.customer]):
        raise WrongTicket(f"没有 {asked.customer} 这位顾客")
    return NewTicket(
        asked.type,
        asked.summary.strip() or KIND.get(asked.type, "其他"),
        session=asked.session,
        conversation=conversation,
        customer=customer,
        order=asked.order,
        sku=asked.sku,
        phone=asked.phone,
        details=asked.details,
        by=who.login,
        key=f"{who.login}:{asked.key}" if asked.key else None,
        priority=asked.priority,
        group=asked.group,
        level=asked.level,
        assignee=asked.assignee,
        due_at=zoned(asked.due_at, gateway.assistant.zone) if asked.due_at else None,
        amount=None if asked.amount is None else int(asked.amount * 100),
    )
