"""Signing in and out."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from crm_core import audit
from crm_core.audit import Deed
from crm_core.database import RecordUnavailable, Tx
from crm_core.desk import agents, sign_ins
from crm_core.desk.agents import Agent
from crm_core.desk.sign_ins import LASTS, Staff
from webchat.frames import iso
from webchat.problems import Problem
from webchat.staff.door import COOKIE, address_of, needs
from webchat.staff.passwords import Passwords
from webchat.turns import settled
from webchat.wiring import Gateway

WRONG = Problem(401, "sign_in_failed", "登录名或密码不对")
NEEDS = {"reveal": "senior", "listen": "lead", "reports": "lead", "knowledge": "lead", "staff": "admin"}


class SignIn(BaseModel):
    """A log-in and its password."""

    model_config = ConfigDict(extra="ignore")

    login: str = Field(max_length=200)
    password: str = Field(max_length=1_000)


def router(gateway: Gateway) -> APIRouter:
    """The routes of signing in."""
    routes = APIRouter(prefix="/api/staff")
    record, clock = gateway.assistant.record, gateway.assistant.clock
    passwords = Passwords()

    @routes.post("/login")
    async def login(given: SignIn, request: Request, response: Response) -> dict[str, object]:
        address = address_of(request)
        if wait := passwords.wait(given.login, address, time.monotonic()):
            raise Problem(429, "rate_limited", "登录失败的次数太多，请稍后再试", {"Retry-After": str(int(wait) + 1)})
        person = await asyncio.to_thread(_find, gateway, given.login)
        stored = person.password_hash if person is not None and person.disabled_at is None else None
        if not await passwords.right(given.password, stored) or person is None:
            if person is not None:  # a name that nobody has may be a password typed in the wrong place
                deed = Deed(person.login, "sign_in_failed", about=person.login, address=address)
                await settled(record.write(lambda tx: audit.note(tx, deed, clock())))
            raise WRONG
        passwords.forgive(given.login, address)
        now = clock()

        def work(tx: Tx) -> tuple[str, datetime]:
            audit.note(tx, Deed(person.login, "sign_in", about=person.login, address=address), now)
            return sign_ins.sign_in(tx, person.login, now)

        try:
            token, ends = await settled(record.write(work))
        except RecordUnavailable:
            raise Problem(503, "busy", "暂时无法登录，请稍后再试", {"Retry-After": "2"}) from None
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LASTS / timedelta(seconds=1)),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return {
            "token": token,
            "role": person.role,
            "login": person.login,
            "name": person.name,
            "expires_at": iso(ends),
        }

    @routes.post("/logout", status_code=204)
    async def logout(who: Annotated[Staff, needs(gateway, "agent")], request: Request, response: Response) -> None:
        deed = Deed(who.login, "sign_out", about=who.login, address=address_of(request))

        def work(tx: Tx) -> None:
            sign_ins.sign_out(tx, who.sign_in)
            audit.note(tx, deed, clock())

        await settled(record.write(work))
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    @routes.get("/me")
    async def me(who: Annotated[Staff, needs(gateway, "agent")]) -> dict[str, object]:
        return {
            "login": who.login,
            "name": who.name,
            "role": who.role,
            "groups": who.groups,
            "skills": who.skills,
            "max_chats": who.max_chats,
            # A page never holds the token of its cookie; this opens the socket within a minute and nothing else.
            "token": gateway.identity.ticket(who.sign_in, clock()),
            "can": [deed for deed, role in NEEDS.items() if agents.may(who.role, role)],
        }

    return routes


def _find(gateway: Gateway, login: str) -> Agent | None:
    with gateway.assistant.record.reading() as tx:
        return agents.agent(tx, login)
