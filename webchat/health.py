"""Is it alive, is it ready, and if not, what is missing?"""

import shutil

from fastapi import APIRouter, Response

from crm_core.jobs import jobs
from webchat.wiring import Gateway

LEAST_DISK = 64 * 1024 * 1024  # bytes; below this SQLite may stop taking messages


def router(gateway: Gateway) -> APIRouter:
    """The routes of health."""
    routes = APIRouter()

    @routes.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz")
    async def ready(response: Response) -> dict[str, object]:
        states = {
            "record": await gateway.turns.thought(record_state, gateway),
            "doorbell": "ok" if await gateway.doorbell.answers() else "not answering; news cross processes late",
            "knowledge": f"ok, {gateway.assistant.shelf.size} articles",
            "disk": disk_state(gateway),
        }
        down = not states["record"].startswith("ok")
        response.status_code = 503 if down else 200
        return {"status": "unavailable" if down else "ready", "parts": states}

    return routes


def record_state(gateway: Gateway) -> str:
    """Does the record answer, and has work been given up?"""
    try:
        with gateway.assistant.record.reading() as tx:
            stuck = jobs.given_up(tx)
    except Exception as error:
        return f"not answering: {type(error).__name__}"
    return "ok" if not stuck else f"ok, {stuck} jobs failed for good"


def disk_state(gateway: Gateway) -> str:
    """Is there room for more messages?"""
    free = shutil.disk_usage(gateway.settings.data).free
    return "ok" if free >= LEAST_DISK else f"nearly full: {free // 1024 // 1024} MiB left"
