"""Sessions over HTTP: the list with its filters, and one of them with all that is known about it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query

from assistant.desk.story import story
from crm_core.conversations.events import Entry
from crm_core.conversations.packet import Packet
from crm_core.desk import agents
from crm_core.desk.sign_ins import Staff
from crm_core.reports import session_list
from crm_core.reports.session_list import OPEN, Wanted
from webchat.frames import iso
from webchat.problems import Problem
from webchat.staff import entry_view, session_view
from webchat.staff.door import needs
from webchat.wiring import Gateway

STATES = (*OPEN, "closed")


def router(gateway: Gateway) -> APIRouter:
    """The routes about sessions."""
    routes = APIRouter(prefix="/api/sessions")

    @routes.get("")
    async def many(
        who: Annotated[Staff, needs(gateway, "agent")],  # noqa: ARG001
        conversation: str | None = None,
        customer: str | None = None,
        state: str | None = None,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(pattern=r"^\d{1,15}~.+$", max_length=200)] = None,
    ) -> dict[str, Any]:
        wanted = Wanted(
            conversations=[conversation] if conversation else None,
            customer=customer,
            states=_states(state),
            since=_zoned(gateway, since),
            until=_zoned(gateway, until),
            after=cursor,
        )
        return await asyncio.to_thread(_many, gateway, wanted, limit)

    @routes.get("/{session}")
    async def one(session: str, who: Annotated[Staff, needs(gateway, "agent")]) -> dict[str, Any]:  # noqa: ARG001
        found = await asyncio.to_thread(_one, gateway, session)
        if found is None:
            raise Problem(404, "not_found", "没有这段会话")
        return found

    return routes


def _states(state: str | None) -> list[str] | None:
    if not state:
        return None
    parts = [part.strip().lower() for part in state.split(",")]
    wanted = [one for part in parts for one in (OPEN if part == "open" else (part,))]
    if unknown := [one for one in wanted if one not in STATES]:
        raise Problem(422, "invalid_request", f"没有「{unknown[0]}」这种状态；有 open、{'、'.join(STATES)}")
    return wanted


def _zoned(gateway: Gateway, moment: datetime | None) -> datetime | None:
    """A time without a zone is the shop's."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=gateway.assistant.zone)


def _many(gateway: Gateway, wanted: Wanted, limit: int) -> dict[str, Any]:
    with gateway.assistant.record.reading() as tx:
        found = session_list.listed(tx, wanted, limit + 1)
        names = agents.names(tx)
    return {
        "sessions": [session_view.row(one, names) for one in found[:limit]],
        "next": session_list.cursor(found[limit - 1]) if len(found) > limit else None,
    }


def _one(gateway: Gateway, session: str) -> dict[str, Any] | None:
    a = gateway.assistant
    with a.record.reading() as tx:
        found = session_list.listed(tx, Wanted(ids=[session]), 1)
        if not found:
            return None
        names = agents.names(tx)
        entries = session_list.entries_of(tx, session)
        handoffs = session_list.handed_over(tx, session)
        segments = session_list.owned_by(tx, session)
    return {
        **session_view.row(found[0], names),
        "entries": shown_entries(entries, 0, names, gateway),
        **story(a.reader, entries),
        "segments": [_segment(one, names) for one in segments],
        "handoffs": [handoff(one) for one in handoffs],
    }


def shown_entries(
    entries: Sequence[Entry], prev: int, names: Mapping[str, str], gateway: Gateway
) -> list[dict[str, Any]]:
    """Entries as JSON, each naming the one before."""
    shown = []
    for entry in entries:
        one = entry_view.shown(entry, prev, names, gateway.assistant.zone)
        if one is not None:
            prev = entry.seq
            shown.append(one)
    return shown


def handoff(row: Mapping[str, Any]) -> dict[str, Any]:
    """A hand-over with its packet, as JSON."""
    packet = msgspec.json.decode(row["packet"], type=Packet) if row["packet"] else None
    return {
        "rule": row["rule"],
        "version": row["rule_version"],
        "evidence": row["evidence"],
        "level": row["level"],
        "packet": msgspec.to_builtins(packet) if packet else None,
        "requested_at": iso(row["requested_at"]),
        "offered_at": iso(row["offered_at"]) if row["offered_at"] else None,
        "accepted_at": iso(row["accepted_at"]) if row["accepted_at"] else None,
        "outcome": row["outcome"],
    }


def _segment(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "owner": row["owner_kind"],
        "agent": session_view.person(row["owner"], names) if row["owner_kind"] == "agent" else None,
        "from": iso(row["from_at"]),
        "to": iso(row["to_at"]) if row["to_at"] else None,
        "ended_by": row["ended_by"],
    }
