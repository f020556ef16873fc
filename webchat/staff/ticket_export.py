"""Tickets as a table for a spreadsheet, with the filters of the list."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from crm_core import audit
from crm_core.audit import Deed
from crm_core.desk import ticket_lists
from crm_core.desk.sign_ins import Staff
from crm_core.desk.ticket_lists import Filter
from crm_core.desk.tickets import Ticket
from webchat.sheets_out import CSV, XLSX, Cell, csv_of, xlsx_of
from webchat.staff.door import needs
from webchat.staff.ticket_requests import KIND, STATE
from webchat.staff.tickets import filter_of
from webchat.turns import settled
from webchat.wiring import Gateway

MOST_EXPORTED = 50_000
AT_ONCE = 500
HEADERS = (
    *("工单号", "类型", "状态", "优先级", "说明", "分组", "级别", "处理人", "顾客", "订单", "商品", "会话"),
    *("建立时间", "建立人", "期限", "是否超时", "解决时间", "关闭时间"),
)


def router(gateway: Gateway) -> APIRouter:
    """The route of the table; it comes before those of one ticket."""
    routes = APIRouter(prefix="/api/tickets")
    a = gateway.assistant

    @routes.get("/export")
    async def export(
        who: Annotated[Staff, needs(gateway, "agent")],
        wanted: Annotated[Filter, Depends(filter_of(gateway))],
        form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    ) -> Response:
        made = await asyncio.to_thread(_made, gateway, wanted, form)
        deed = Deed(who.login, "export", "tickets")
        await settled(a.record.write(lambda tx: audit.note(tx, deed, a.clock())))
        name = f"tickets-{a.clock().astimezone(a.zone):%Y%m%d}.{form}"
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(made, media_type=CSV if form == "csv" else XLSX, headers=told)

    return routes


def _made(gateway: Gateway, wanted: Filter, form: str) -> bytes:
    rows = _rows(gateway, wanted)
    return csv_of(HEADERS, rows) if form == "csv" else xlsx_of("工单", HEADERS, rows)


def _rows(gateway: Gateway, wanted: Filter) -> Iterator[list[Cell]]:
    a = gateway.assistant
    left, cursor = MOST_EXPORTED, None
    with a.record.reading() as tx:
        while left > 0:
            found, cursor = ticket_lists.page(tx, wanted, a.clock(), cursor=cursor, most=min(left, AT_ONCE))
            left -= len(found)
            yield from (_row(gateway, one) for one in found)
            if cursor is None:
                return


def _row(gateway: Gateway, one: Ticket) -> list[Cell]:
    zone = gateway.assistant.zone

    def day(at: datetime | None) -> str | None:
        return None if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    return [
        one.id,
        KIND[one.type],
        STATE[one.state],
        one.priority,
        one.summary,
        one.group,
        "资深" if one.level == "senior" else "普通",
        one.assignee,
        one.customer_id,
        one.order_id,
        one.sku,
        one.session_id,
        day(one.opened_at),
        one.opened_by,
        day(one.due_at),
        "是" if one.overdue_at else "否",
        day(one.resolved_at),
        day(one.closed_at),
    ]
