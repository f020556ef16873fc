"""What a shop's people say when another brand is named: read by everyone at the desk, written by leads."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel

from assistant.desk import talk_tracks
from crm_core.database import Tx
from crm_core.desk import desk_rules
from crm_core.desk.desk_rules import Document, Overtaken
from crm_core.desk.sign_ins import Staff
from webchat.problems import Problem
from webchat.staff.door import needs
from webchat.turns import settled
from webchat.wiring import Gateway


class Wordings(BaseModel):
    """The wordings by brand, and the version they were written over."""

    talk_tracks: dict[str, str]
    version: int = 0


def router(gateway: Gateway) -> APIRouter:
    """The routes of the talk tracks."""
    routes = APIRouter(prefix="/api/desk/talk-tracks")
    record = gateway.assistant.record

    @routes.get("")
    async def read(who: Annotated[Staff, needs(gateway, "agent")]) -> dict[str, Any]:  # noqa: ARG001
        return _shown(await asyncio.to_thread(_kept, gateway))

    @routes.put("")
    async def write(wanted: Wordings, who: Annotated[Staff, needs(gateway, "lead")]) -> dict[str, Any]:
        try:
            wordings = talk_tracks.checked(wanted.talk_tracks)
        except ValueError as error:
            raise Problem(422, "invalid_request", str(error)) from None

        def work(tx: Tx) -> Document:
            now = gateway.assistant.clock()
            return desk_rules.replace(tx, talk_tracks.DOCUMENT, wordings, who.login, now, wanted.version)

        try:
            return _shown(await settled(record.write(work)))
        except Overtaken as overtaken:
            detail = f"别人刚改过，现在是第 {overtaken.version} 版，请看过再改"
            raise Problem(409, "overtaken", detail) from None

    return routes


def _kept(gateway: Gateway) -> Document:
    with gateway.assistant.record.reading() as tx:
        return desk_rules.document(tx, talk_tracks.DOCUMENT)


def _shown(kept: Document) -> dict[str, Any]:
    return {
        "talk_tracks": kept.value or {},
        "version": kept.version,
        "by": kept.by or None,
        # What is said where the shop has written nothing: our own product's facts.
        "default": talk_tracks.DEFAULT,
    }
