"""Webhooks over HTTP: the shop's other systems ask to be told, see what went out, and have it sent again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from crm_core import audit
from crm_core.audit import Deed
from crm_core.database import Tx
from crm_core.desk.sign_ins import Staff
from crm_core.jobs import deliveries, webhooks
from crm_core.jobs.deliveries import Delivery
from crm_core.jobs.webhooks import NoSuchWebhook, Webhook
from crm_core.tables import from_millis, to_millis
from webchat.frames import iso
from webchat.outward import LONGEST_URL, Forbidden, target_of
from webchat.problems import Problem
from webchat.staff.cursors import cursor_of, read_cursor
from webchat.staff.door import address_of, needs
from webchat.staff.ticket_requests import zoned
from webchat.turns import settled
from webchat.wiring import Gateway

MOST = 50
FAMILIES = ("session", "message", "ticket", "tag")
NOT_THERE = Problem(404, "not_found", "没有这个回调")


class Asked(BaseModel):
    """Who wants to be told of what: event names, `session.*` and the like, or `*`."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=8, max_length=LONGEST_URL)
    events: list[str] = Field(default_factory=lambda: ["*"], min_length=1, max_length=50)
    description: str = Field(default="", max_length=200)


class Again(BaseModel):
    """What is to be sent again: one message, or everything since a time."""

    model_config = ConfigDict(extra="forbid")

    message: str | None = Field(default=None, max_length=100)
    since: datetime | None = None


def router(gateway: Gateway) -> APIRouter:
    """The routes about webhooks, for whoever runs the shop's systems."""
    routes = APIRouter(prefix="/api/webhooks")
    a = gateway.assistant
    record = a.record
    admin = needs(gateway, "admin")

    @routes.get("")
    def many(who: Annotated[Staff, admin]) -> dict[str, Any]:  # noqa: ARG001
        with record.reading() as tx:
            return {"webhooks": [_shown(one) for one in webhooks.all_webhooks(tx)]}

    @routes.post("", status_code=201)
    async def register(asked: Asked, who: Annotated[Staff, admin], request: Request) -> dict[str, Any]:
        _check(asked.events)
        try:
            await target_of(asked.url, private=gateway.settings.webhook_private)
        except Forbidden as error:
            raise Problem(422, "invalid_url", str(error)) from None

        def work(tx: Tx) -> dict[str, Any]:
            if len(webhooks.all_webhooks(tx)) >= MOST:
                raise Problem(409, "not_possible", f"最多登记 {MOST} 个回调")
            one, secret = webhooks.register(
                tx, asked.url.strip(), asked.events, asked.description, who.login, a.clock()
            )
            audit.note(tx, Deed(who.login, "webhook_added", one.id, address=address_of(request)), a.clock())
            # The only time that the secret leaves the house.
            return {**_shown(one), "secret": secret}

        return await settled(record.write(work))

    @routes.delete("/{webhook}", status_code=204)
    async def remove(webhook: str, who: Annotated[Staff, admin], request: Request) -> None:
        def work(tx: Tx) -> None:
            _known(tx, webhook)
            webhooks.remove(tx, webhook)
            audit.note(tx, Deed(who.login, "webhook_removed", webhook, address=address_of(request)), a.clock())

        await settled(record.write(work))

    routes.include_router(_deliveries(gateway))
    return routes


def _deliveries(gateway: Gateway) -> APIRouter:
    """The routes about what goes to one webhook."""
    routes = APIRouter()
    a = gateway.assistant
    record = a.record
    admin = needs(gateway, "admin")

    @routes.post("/{webhook}/enable")
    async def enable(webhook: str, who: Annotated[Staff, admin]) -> dict[str, Any]:  # noqa: ARG001
        def work(tx: Tx) -> dict[str, Any]:
            _known(tx, webhook)
            return _shown(webhooks.enable(tx, webhook))

        return await settled(record.write(work))

    @routes.get("/{webhook}/deliveries")
    def sent(
        webhook: str,
        who: Annotated[Staff, admin],  # noqa: ARG001
        state: Literal["waiting", "delivered", "failed"] | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> dict[str, Any]:
        place = read_cursor(cursor, 2) if cursor else None
        before = (from_millis(int(place[0])), str(place[1])) if place else None
        with record.reading() as tx:
            _known(tx, webhook)
            found = deliveries.sent(tx, webhook, state=state, before=before, most=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        following = cursor_of(to_millis(last.at), last.message) if last else None
        return {"deliveries": [_delivery(one) for one in found[:limit]], "next": following}

    @routes.post("/{webhook}/replay")
    async def replay(webhook: str, again: Again, who: Annotated[Staff, admin]) -> dict[str, int]:  # noqa: ARG001
        if (again.message is None) == (again.since is None):
            raise Problem(422, "invalid_request", "请写明重发哪一条（message），或从什么时候起（since）")
        since = zoned(again.since, a.zone) if again.since else None

        def work(tx: Tx) -> dict[str, int]:
            _known(tx, webhook)
            return {"again": deliveries.replay(tx, webhook, a.clock(), message=again.message, since=since)}

        return await settled(record.write(work))

    return routes


def _known(tx: Tx, webhook: str) -> Webhook:
    try:
        return webhooks.webhook_of(tx, webhook)
    except NoSuchWebhook:
        raise NOT_THERE from None


def _check(events: list[str]) -> None:
    for name in events:
        family, dot, rest = name.partition(".")
        if name != "*" and not (dot and rest and family in FAMILIES and len(name) <= 60):
            raise Problem(
                422,
                "invalid_request",
                f"没有「{name}」这类事件，应为 *、{'、'.join(f'{one}.*' for one in FAMILIES)} 或其中一种",
            )


def _shown(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": list(one.events),
        "description": one.description,
        "created_at": iso(one.created_at),
        "created_by": one.created_by,
        "failures": one.failures,
        "last_at": iso(one.last_at) if one.last_at else None,
        "last_status": one.last_status,
        "enabled": one.disabled_at is None,
        "disabled_at": iso(one.disabled_at) if one.disabled_at else None,
        "disabled_for": one.disabled_for,
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "message": one.message,
        "type": one.kind,
        "at": iso(one.at),
        "state": one.state,
        "attempts": one.attempts,
        "next_at": iso(one.due_at) if one.state == "waiting" else None,
        "status": one.status,
        "error": one.error,
        "finished_at": iso(one.finished_at) if one.finished_at else None,
    }
