"""The desk's search: customers, orders and words in one question; looking for a phone number is slowed and noted."""

import asyncio
import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from crm_core import audit
from crm_core.audit import Deed
from crm_core.conversations.events import AgentSpoke, BotReplied, ShopperSpoke
from crm_core.desk.sign_ins import Staff
from crm_core.privacy import masking
from crm_core.reports import finding
from crm_core.reports.finding import FoundWords
from webchat.frames import iso
from webchat.limits import Bucket
from webchat.problems import Problem
from webchat.staff.door import address_of, needs
from webchat.turns import settled
from webchat.wiring import Gateway

FEWEST = 2  # characters
AROUND = 30  # characters shown before and after what was found
BY_PHONE = (1 / 6, 20)  # a second on average, and at once
DIGITS = range(4, 14)


def router(gateway: Gateway) -> APIRouter:
    """The route of the search."""
    routes = APIRouter(prefix="/api/desk")
    guesses: dict[str, Bucket] = {}

    @routes.get("/search")
    async def search(
        who: Annotated[Staff, needs(gateway, "agent")],
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> dict[str, Any]:
        words = q.strip()
        if len(words) < FEWEST or "\0" in words:
            raise Problem(422, "invalid_request", f"请输入至少 {FEWEST} 个字")
        if _maybe_phone(words):
            if wait := guesses.setdefault(who.login, Bucket(*BY_PHONE)).take(time.monotonic()):
                raise Problem(
                    429, "rate_limited", "按号码查得太频繁了，请稍后再试", {"Retry-After": str(int(wait) + 1)}
                )
            deed = Deed(who.login, "search", field="phone", address=address_of(request))
            record, now = gateway.assistant.record, gateway.assistant.clock()
            await settled(record.write(lambda tx: audit.note(tx, deed, now)))
        return await asyncio.to_thread(_found, gateway, words, limit)

    return routes


def _maybe_phone(words: str) -> bool:
    digits = words.replace(" ", "").replace("-", "").lstrip("+")
    return digits.isdigit() and len(digits) in DIGITS


def _found(gateway: Gateway, words: str, most: int) -> dict[str, Any]:
    with gateway.assistant.record.reading() as tx:
        people = finding.customers_by(tx, words, most)
        bought = finding.orders_by(tx, words, most)
        said = finding.words_by(tx, words, most)
    return {
        "customers": [
            {
                "customer": one.customer.id,
                "name": one.name,
                "phone": masking.phone(one.phone),
                "tier": one.customer.member_level,
            }
            for one in people
        ],
        "orders": [
            {
                "order": one.order.number,
                "customer": one.customer,
                "status": one.order.status,
                "title": one.order.title,
                "at": iso(one.order.ordered_at),
            }
            for one in bought
        ],
        "messages": [_message(one, words) for one in said],
    }


def _message(found: FoundWords, words: str) -> dict[str, Any]:
    event = found.entry.event
    text = event.text if isinstance(event, ShopperSpoke | BotReplied | AgentSpoke) else ""
    start = max(0, text.find(words) - AROUND)
    end = text.find(words) + len(words) + AROUND
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return {
        "session": found.session,
        "conversation": found.entry.conversation,
        "seq": found.entry.seq,
        "at": iso(found.entry.at),
        "from": event.sender,
        "text": shown,
        "customer": found.customer,
    }
