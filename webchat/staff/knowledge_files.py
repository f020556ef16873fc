"""The knowledge as files: out in the form that can be imported again, in through the golden cases."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pwdlib import PasswordHash

from assistant.knowledge import importing
from assistant.knowledge.publishing import Decision, Refused
from assistant.knowledge.writing import FIELDS, fields_of
from crm_core.desk.sign_ins import Staff
from crm_core.knowledge import articles
from crm_core.knowledge.versions import Content
from webchat.problems import Problem
from webchat.sheets_out import CSV, XLSX, csv_of, xlsx_of
from webchat.staff import knowledge_view as view
from webchat.staff.door import needs
from webchat.wiring import Gateway

LARGEST = 20 * 1024 * 1024


def router(gateway: Gateway) -> APIRouter:
    """The routes of files."""
    routes = APIRouter(prefix="/api/knowledge")

    @routes.get("/export")
    def export(
        who: Annotated[Staff, needs(gateway, "lead")],  # noqa: ARG001
        form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    ) -> Response:
        rows = _rows(gateway)
        made = csv_of(FIELDS, rows) if form == "csv" else xlsx_of("知识", FIELDS, rows)
        headers = {"Content-Disposition": f'attachment; filename="knowledge.{form}"'}
        return Response(made, media_type=CSV if form == "csv" else XLSX, headers=headers)

    @routes.post("/import")
    async def bring(
        request: Request,
        who: Annotated[Staff, needs(gateway, "lead")],
        file: Annotated[str, Query(min_length=1, max_length=120)],
        override: bool = False,
        reason: Annotated[str, Query(max_length=500)] = "",
    ) -> dict[str, Any]:
        if override and not reason.strip():
            raise Problem(422, "reason_needed", "要越过黄金用例，请写明原因")
        name = Path(file.replace("\\", "/")).name
        if not name or name.startswith("."):
            raise Problem(422, "invalid_request", "文件名不能用")
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                raise Problem(413, "too_large", f"文件超过 {LARGEST // 1024 // 1024} MB，请用 zhanggui import 导入")
        return await asyncio.to_thread(_bring, gateway, name, bytes(body), Decision(who.login, reason, override))

    return routes


def _bring(gateway: Gateway, name: str, body: bytes, decision: Decision) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        try:
            report = importing.bring(gateway.assistant, path, decision, PasswordHash.recommended())
        except importing.Unusable as error:
            raise Problem(422, "unusable_file", str(error)) from None
        except Refused as refused:
            told = view.checked(refused.checked)
            detail = f"没有导入：{len(refused.checked.broken)} 个黄金用例的回答会变"
            raise Problem(409, "golden_cases_failed", detail, more=told) from None
    gateway.refill()
    return {
        "rows": report.rows,
        "taken": report.taken,
        "changed": report.taken - report.unchanged,
        "rejected": report.rejected,
        "reasons": [f"第 {one.line} 行：{one.reason}" for one in report.first_rejects],
        "notices": list(report.notices),
    }


def _rows(gateway: Gateway) -> list[list[str]]:
    """Questions and answers that shoppers are told, in the columns of an import file."""
    zone = gateway.assistant.zone
    with gateway.assistant.record.reading() as tx:
        told = [Content.of(vars(one)) for one in articles.all_articles(tx) if one.kind == "article"]
    return [[_cell(fields[name]) for name in FIELDS] for fields in (fields_of(one, zone) for one in told)]


def _cell(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else str(value)
