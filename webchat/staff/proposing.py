"""Drafts for the sessions that desks have open: worked out when the shopper says something, one at a time each."""

import asyncio
import logging
from typing import Any

import msgspec

from assistant.desk import suggestions
from crm_core.database import RecordUnavailable
from crm_core.desk import drafts, replies
from crm_core.desk.drafts import Proposed
from webchat.frames import frame
from webchat.staff.seat import Opened
from webchat.turns import settled
from webchat.wiring import Gateway

log = logging.getLogger(__name__)


class Proposing:
    """Works out drafts and shows them."""

    def __init__(self, gateway: Gateway):
        self._gateway = gateway
        self._running: dict[Opened, asyncio.Task[None]] = {}
        self._again: set[Opened] = set()

    def wants(self, opened: Opened, customer: str | None, *, serves: bool) -> None:
        """Drafts are wanted for what the shopper said last; `serves`: whoever sits there may send them."""
        if opened in self._running:
            self._again.add(opened)
            return
        task = asyncio.create_task(self._propose(opened, customer, serves))
        self._running[opened] = task

    async def settle(self, session: str, number: str, outcome: str, sent: str | None) -> bool:
        """Note what became of a draft; False when there is none of this number."""
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return False
        record = self._gateway.assistant.record
        return await settled(record.write(lambda tx: drafts.settle(tx, session, int(number), outcome, sent)))

    async def _propose(self, opened: Opened, customer: str | None, serves: bool) -> None:
        try:
            while True:
                self._again.discard(opened)
                await self._show(opened, customer, serves)
                if opened not in self._again:
                    return
        except RecordUnavailable:
            log.warning("drafts could not be kept")
        except Exception:
            log.exception("no drafts could be worked out")
        finally:
            self._running.pop(opened, None)
            self._again.discard(opened)

    async def _show(self, opened: Opened, customer: str | None, serves: bool) -> None:
        answers, found = await asyncio.to_thread(self._draft, opened, customer)
        items: list[dict[str, Any]] = [
            {"kind": one.kind, "text": one.text, "title": one.title, "sources": msgspec.to_builtins(one.sources)}
            for one in found
        ]
        numbers: list[int] = []
        if serves and found:
            proposed = [Proposed(one["kind"], one["text"], one["sources"]) for one in items]
            a = self._gateway.assistant
            numbers = await settled(
                a.record.write(
                    lambda tx: drafts.keep(tx, opened.session, opened.conversation, answers, proposed, a.clock()),
                    opened.conversation,
                )
            )
        for place, item in enumerate(items):
            item["id"] = str(numbers[place]) if numbers else f"~{place}"
        opened.tell_if_room(frame(t="suggestions", session=opened.session, seq=answers, items=items))

    def _draft(self, opened: Opened, customer: str | None) -> tuple[int, list[suggestions.Draft]]:
        a, staff = self._gateway.assistant, opened.seat.staff
        with a.record.reading() as tx:
            canned = replies.seen_by(tx, staff.login, staff.groups)
        return suggestions.drafts(a, customer, a.dialogues.of(a.record, opened.conversation), canned)
