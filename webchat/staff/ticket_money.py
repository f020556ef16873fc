"""Money given back over HTTP: proposed by one person, approved by others."""

from typing import Annotated, Any

from fastapi import APIRouter

from crm_core.database import Tx
from crm_core.desk import approvals
from crm_core.desk.sign_ins import Staff
from webchat.staff.door import needs
from webchat.staff.ticket_requests import Decided, Proposed, told
from webchat.staff.tickets import step_view
from webchat.turns import settled
from webchat.wiring import Gateway


def router(gateway: Gateway) -> APIRouter:
    """The routes about refunds. Whose word counts depends on the amount, so every role may knock."""
    routes = APIRouter(prefix="/api/tickets")
    a = gateway.assistant
    anyone = needs(gateway, "agent")

    @routes.post("/{ticket}/refund", status_code=201)
    async def propose(ticket: str, wanted: Proposed, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        def work(tx: Tx) -> dict[str, Any]:
            amount = int(wanted.amount * 100)
            step = approvals.propose(tx, ticket, amount, who.login, who.role, wanted.note, a.clock())
            return _shown(tx, ticket, step)

        with told():
            return await settled(a.record.write(work))

    @routes.post("/{ticket}/refund/decision")
    async def decide(ticket: str, wanted: Decided, who: Annotated[Staff, anyone]) -> dict[str, Any]:
        def work(tx: Tx) -> dict[str, Any]:
            step = approvals.decide(tx, ticket, wanted.approve, who.login, who.role, wanted.note, a.clock())
            return _shown(tx, ticket, step)

        with told():
            return await settled(a.record.write(work))

    return routes


def _shown(tx: Tx, ticket: str, step: approvals.Step) -> dict[str, Any]:
    return {"ticket": ticket, "state": approvals.standing(approvals.steps(tx, ticket)), "step": step_view(step)}
