"""Who may come in to the staff's side: one check for every route, by token or by cookie, with the role it demands."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from crm_core import audit
from crm_core.audit import Deed
from crm_core.desk import agents, sign_ins
from crm_core.desk.sign_ins import SEEN_EVERY, Staff
from webchat.identity import NotYou
from webchat.problems import Problem
from webchat.turns import settled
from webchat.wiring import Gateway

COOKIE = "zhanggui_staff"
LONGEST_TOKEN = 1_024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TO_SIGN_IN = Problem(401, "unauthorised", "请先登录", {"WWW-Authenticate": "Bearer"})


class Needs:
    """The dependency of a route that only somebody of this role or a higher one may use."""

    def __init__(self, gateway: Gateway, role: str):
        self._gateway = gateway
        self.role = role

    async def __call__(self, request: Request) -> Staff:
        """Whoever is signed in; raises a Problem for everybody else."""
        staff = await self._known(request)
        if not agents.may(staff.role, self.role):
            await self._note_refusal(request, staff)
            raise Problem(403, "forbidden", "您的角色不能做这件事")
        return staff

    async def _known(self, request: Request) -> Staff:
        header = request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if header:
            if scheme.lower() != "bearer" or not token.strip():
                raise TO_SIGN_IN
        else:
            token = request.cookies.get(COOKIE, "")
            if token and request.method not in SAFE and not of_own_page(request):
                raise Problem(403, "forbidden", "这个请求不是从本站的页面发出的")
        staff = await staff_of(self._gateway, token.strip())
        if staff is None:
            raise TO_SIGN_IN
        return staff

    async def _note_refusal(self, request: Request, staff: Staff) -> None:
        record, now = self._gateway.assistant.record, self._gateway.assistant.clock()
        deed = Deed(staff.login, "refused", about=request.scope["route"].path, address=address_of(request))
        await settled(record.write(lambda tx: audit.note(tx, deed, now)))


def needs(gateway: Gateway, role: str) -> Any:
    """`who: Annotated[Staff, needs(gateway, "lead")]` lets a route be used by that role or a higher one."""
    return Depends(Needs(gateway, role))


async def staff_of(gateway: Gateway, token: str, *, ticket: bool = False) -> Staff | None:
    """Whom a token stands for while it is alive; with `ticket` the token may be one for the socket."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    now = gateway.assistant.clock()
    try:
        digest = gateway.identity.ticketed(token) if ticket and "." in token else sign_ins.digest_of(token)
    except NotYou:
        return None
    return (await asyncio.to_thread(alive, gateway, [digest], now)).get(digest)


def alive(gateway: Gateway, digests: list[str], now: datetime) -> dict[str, Staff]:
    """Whom these digests stand for; what was not seen for a minute is noted as seen."""
    record = gateway.assistant.record
    with record.reading() as tx:
        found = sign_ins.signed_in(tx, digests, now)
    unseen = [digest for digest, staff in found.items() if now - staff.seen_at >= SEEN_EVERY]
    if unseen:
        record.write(lambda tx: sign_ins.seen(tx, unseen, now))
    return found


def of_own_page(request: HTTPConnection) -> bool:
    """Does the request come from a page of this very host? A browser says so itself and cannot be made to lie."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    return origin is not None and origin.partition("://")[2] == host and origin.startswith(("http://", "https://"))


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from, as far as this process sees it."""
    return request.client.host if request.client else ""
