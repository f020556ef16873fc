"""The 360 over HTTP, and the one way to a number in the clear: with a reason, which is kept."""

import asyncio
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crm_core import audit
from crm_core.audit import Deed
from crm_core.customers import customers
from crm_core.database import Tx
from crm_core.desk import promises, ticket_lists
from crm_core.desk.sign_ins import Staff
from crm_core.desk.ticket_lists import Filter
from crm_core.desk.tickets import as_json
from crm_core.reports.one_customer import one_customer
from webchat.limits import Bucket
from webchat.problems import Problem
from webchat.staff import customer_view
from webchat.staff.door import address_of, needs
from webchat.staff.promises import promise_view
from webchat.turns import settled
from webchat.wiring import Gateway

LONGEST_REASON = 500
MOST_OWED = 20
REVEALS = (1 / 20, 20)  # a second on average, and at once: a day's work, not a customer list
UNKNOWN = Problem(404, "not_found", "没有这位顾客")


class Reveal(BaseModel):
    """Which field is to be seen in the clear, and what for."""

    field: Literal["phone", "name"] = "phone"
    reason: str = Field(min_length=2, max_length=LONGEST_REASON)


def router(gateway: Gateway) -> APIRouter:
    """The routes about one customer."""
    routes = APIRouter(prefix="/api/customers")
    record, clock = gateway.assistant.record, gateway.assistant.clock
    reveals: dict[str, Bucket] = {}

    @routes.get("/{customer}")
    async def everything(customer: str, who: Annotated[Staff, needs(gateway, "agent")]) -> dict[str, Any]:  # noqa: ARG001
        found = await asyncio.to_thread(read_customer, gateway, customer)
        if found is None:
            raise UNKNOWN
        return found

    @routes.post("/{customer}/reveal")
    async def reveal(
        customer: str, wanted: Reveal, who: Annotated[Staff, needs(gateway, "senior")], request: Request
    ) -> dict[str, str | None]:
        if not wanted.reason.strip():
            raise Problem(422, "invalid_request", "请写明查看的理由")
        if wait := reveals.setdefault(who.login, Bucket(*REVEALS)).take(time.monotonic()):
            raise Problem(429, "rate_limited", "查看得太频繁了，请稍后再试", {"Retry-After": str(int(wait) + 1)})
        deed = Deed(who.login, "reveal", customer, wanted.field, wanted.reason.strip(), address_of(request))

        def work(tx: Tx) -> dict[str, str | None] | None:
            if not customers.known(tx, [customer]):
                return None
            audit.note(tx, deed, clock())  # first the note, then the value: never the value without the note
            name, phone = customers.contact(tx, customer)
            return {"field": wanted.field, "value": phone if wanted.field == "phone" else name}

        found = await settled(record.write(work))
        if found is None:
            raise UNKNOWN
        return found

    return routes


def read_customer(gateway: Gateway, customer: str) -> dict[str, Any] | None:
    """The 360 as JSON, or None for somebody nothing is known about."""
    with gateway.assistant.record.reading() as tx:
        one = one_customer(tx, customer)
        owed, _ = ticket_lists.page(tx, Filter(customer=customer), gateway.assistant.clock(), most=MOST_OWED)
        promised = promises.listed(tx, customer=customer, states=("open", "broken"), most=MOST_OWED)
    if one is None:
        return None
    return {
        **customer_view.shown(one, gateway.assistant.clock()),
        "tickets": [as_json(ticket) for ticket in owed],
        "promises": [promise_view(promise) for promise in promised],
    }
