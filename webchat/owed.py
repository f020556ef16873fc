"""The worker's rounds about work that is owed: the log read on, clocks looked at, other systems told."""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta, tzinfo

from assistant.desk import following
from crm_core.database import Tx
from crm_core.desk import notes, promises, ticket_changes
from crm_core.desk.promises import Promise
from webchat.deliverer import Deliverer
from webchat.passing import Word
from webchat.turns import settled
from webchat.wiring import Gateway

READ_ON = 1.0  # seconds between looks
DELIVER = 1.0
CLOCKS = 10.0
BUSY = 20
"""Turns being taken at once, from which reading on waits: shoppers come first …"""
MOST_SKIPPED = 10
"""… but not for ever."""
REMINDS = "掌柜"
"""Who signs a reminder among the notes of people."""
LOOK_AT_EVERYTHING = timedelta(hours=1)
log = logging.getLogger(__name__)


async def read_on(gateway: Gateway) -> None:
    """Read the log on behind the talk, at first all of it and then what is new, with all of it once an hour."""
    a = gateway.assistant
    skipped, looked = 0, None
    while True:
        await asyncio.sleep(READ_ON)
        if gateway.turns.waiting >= BUSY and skipped < MOST_SKIPPED:
            skipped += 1
            continue
        skipped = 0
        everything = looked is None or a.clock() - looked >= LOOK_AT_EVERYTHING
        try:
            while (work := await asyncio.to_thread(following.read_on, a, everything=everything)) is not None:
                if await settled(a.record.write(work)) == 0:
                    break  # somebody else reads here
            if everything:
                looked = a.clock()
        except Exception:
            log.exception("reading the log on failed; the next round tries again")


async def look_at_clocks(gateway: Gateway) -> None:
    """Notice tickets that are late and promises that fall due; what is to be kept soon is recalled beside the talk."""
    a = gateway.assistant

    def work(tx: Tx) -> list[Promise]:
        now = a.clock()
        ticket_changes.sweep(tx, now)
        due, _ = promises.sweep(tx, now)
        for one in due:
            if one.session_id is not None:
                mentioned = [one.owner] if one.owner else []
                said = _reminder(one, a.zone)
                notes.write(tx, one.session_id, one.conversation_id, REMINDS, said, at=now, mentions=mentioned)
        return due

    while True:
        await asyncio.sleep(CLOCKS)
        try:
            due = await settled(a.record.write(work))
        except Exception:
            log.exception("looking at the clocks failed; the next round tries again")
            continue
        for one in due:
            if one.session_id is not None:
                gateway.passing.say(Word("noted", one.conversation_id, REMINDS, one.session_id))


def _reminder(one: Promise, zone: tzinfo) -> str:
    return f"承诺快到期：「{one.text}」，{one.due_at.astimezone(zone):%m月%d日 %H:%M} 前要做到"


async def deliver(gateway: Gateway) -> None:
    """Tell the shop's other systems what happened."""
    deliverer = Deliverer(gateway)
    try:
        while True:
            await asyncio.sleep(DELIVER)
            try:
                await deliverer.round()
            except Exception:
                log.exception("nothing could be delivered; the next round tries again")
    finally:
        with suppress(asyncio.CancelledError):
            await deliverer.close()
