"""Who works here, whose account is closed, and who looked at what."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from crm_core import audit
from crm_core.audit import Deed
from crm_core.database import Tx
from crm_core.desk import agents, sign_ins
from crm_core.desk.agents import Agent
from crm_core.desk.sign_ins import Staff
from webchat.frames import iso
from webchat.problems import Problem
from webchat.staff.door import address_of, needs
from webchat.turns import settled
from webchat.wiring import Gateway


class Change(BaseModel):
    """What is to change about somebody's account."""

    disabled: bool


def router(gateway: Gateway) -> APIRouter:
    """The routes about accounts."""
    routes = APIRouter(prefix="/api/staff")
    record, clock = gateway.assistant.record, gateway.assistant.clock

    @routes.get("/agents")
    async def people(who: Annotated[Staff, needs(gateway, "lead")]) -> dict[str, object]:  # noqa: ARG001
        return {"agents": [_shown(person) for person in await asyncio.to_thread(_everybody, gateway)]}

    @routes.patch("/agents/{login}")
    async def change(
        login: str, wanted: Change, who: Annotated[Staff, needs(gateway, "admin")], request: Request
    ) -> dict[str, object]:
        if login == who.login:
            raise Problem(409, "not_possible", "不能停用自己的账号")
        now = clock()

        def work(tx: Tx) -> Agent | None:
            if not agents.disable(tx, login, now if wanted.disabled else None):
                return None
            sign_ins.sign_out_everywhere(tx, login)
            deed = Deed(who.login, "disable" if wanted.disabled else "enable", about=login, address=address_of(request))
            audit.note(tx, deed, now)
            return agents.agent(tx, login)

        person = await settled(record.write(work))
        if person is None:
            raise Problem(404, "not_found", f"没有 {login} 这个账号")
        return _shown(person)

    @routes.get("/audit")
    async def deeds(
        who: Annotated[Staff, needs(gateway, "admin")],  # noqa: ARG001
        customer: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[int | None, Query(ge=1)] = None,
    ) -> dict[str, object]:
        rows = await asyncio.to_thread(_deeds, gateway, customer, limit, cursor)
        return {
            "rows": [{"seq": row.seq, "at": iso(row.at), **vars(row.deed)} for row in rows],
            "next": rows[-1].seq if len(rows) == limit else None,
        }

    return routes


def _everybody(gateway: Gateway) -> list[Agent]:
    with gateway.assistant.record.reading() as tx:
        return agents.all_agents(tx)


def _deeds(gateway: Gateway, about: str | None, most: int, before: int | None) -> list[audit.Row]:
    with gateway.assistant.record.reading() as tx:
        return audit.rows(tx, about=about, most=most, before=before)


def _shown(person: Agent) -> dict[str, object]:
    return {
        "login": person.login,
        "name": person.name,
        "role": person.role,
        "groups": person.groups,
        "skills": person.skills,
        "max_chats": person.max_chats,
        "disabled": person.disabled_at is not None,
    }
