"""What a gateway does besides serving: answer what was forgotten, hear other processes, keep its indexes fresh."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from assistant.turns import ANSWER_JOB
from crm_core.conversations import timeline
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.jobs import jobs
from crm_core.jobs.jobs import Job
from webchat.turns import settled
from webchat.wiring import Gateway

LOOK_FOR_WORK = 1.0  # seconds
LOOK_FOR_CHANGES = 2.0
LOOK_AFTER_KNOWLEDGE = 20.0
log = logging.getLogger(__name__)


async def forgotten_turns(gateway: Gateway) -> None:
    """Take the turns of whoever died between hearing and answering."""

    def claim(tx: Tx) -> list[tuple[Job, str | None]]:
        claimed = [job for job in jobs.claim(tx, now=gateway.assistant.clock()) if job.name == ANSWER_JOB]
        heads = [timeline.head(tx, job.key) for job in claimed]
        return [(job, head.customer if head else None) for job, head in zip(claimed, heads, strict=True)]

    for job, customer in await settled(gateway.assistant.record.write(claim)):
        gateway.turns.wake(Thread(job.key, customer))


async def changes(gateway: Gateway) -> None:
    """Index what an import changed while serving."""
    await asyncio.to_thread(gateway.refill)


async def knowledge(gateway: Gateway) -> None:
    """Group the questions that lack an answer, and draw the cuts anew when the knowledge has changed."""
    await asyncio.to_thread(gateway.keeper.tend)


async def sweep(gateway: Gateway) -> None:
    """Look for news whose ring was lost: one query for all conversations of this process."""
    listened = gateway.rooms.conversations
    for start in range(0, len(listened), 1000):
        ids = listened[start : start + 1000]

        def heads(ids: list[str] = ids) -> dict[str, int]:
            with gateway.assistant.record.reading() as tx:
                return timeline.heads(tx, ids)

        for conversation, seq in (await gateway.turns.thought(heads)).items():
            gateway.rooms.look(conversation, seq)


async def every(seconds: float, work: Callable[[Gateway], Awaitable[None]], gateway: Gateway) -> None:
    """Do `work` again and again; a failure is logged and the next round tries again."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work(gateway)
        except Exception:
            log.exception("%s failed", work.__name__)


def tasks(gateway: Gateway, *, worker: bool) -> list[Awaitable[None]]:
    """The background work of one process."""
    work: list[Awaitable[None]] = [
        gateway.doorbell.listen(gateway.rooms.ring, gateway.passing.heard),
        every(LOOK_FOR_CHANGES, changes, gateway),
        every(gateway.doorbell.sweep_every, sweep, gateway),
    ]
    if worker:
        work.append(every(LOOK_FOR_WORK, forgotten_turns, gateway))
        work.append(every(LOOK_AFTER_KNOWLEDGE, knowledge, gateway))
    return work
