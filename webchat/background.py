"""What a gateway does besides serving: answer what was forgotten, hear other processes, keep its indexes fresh."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from assistant.desk import lists, offering, presences, timers
from assistant.desk.desk import conversation_of
from assistant.turns import ANSWER_JOB
from crm_core.conversations import timeline
from crm_core.conversations.movements import ReturnedToBot
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.jobs import jobs
from crm_core.jobs.jobs import Job
from webchat import owed
from webchat.frames import state_frame
from webchat.turns import settled
from webchat.wiring import Gateway

LOOK_FOR_WORK = 1.0  # seconds
LOOK_FOR_CHANGES = 2.0
LISTENERS = 15.0
LOOK_FOR_ORPHANS = 600.0
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


async def due_timers(gateway: Gateway) -> None:
    """Do what has fallen due in any session."""
    a = gateway.assistant
    for due in await gateway.turns.thought(timers.due, a):
        try:
            entries = await settled(timers.fire(a, due))
        except Exception:
            log.exception("the timer %s could not be fired", due.kind)
            entries = await settled(timers.put_off(a, due))
        await gateway.turns.share(due.conversation, entries)
        if any(isinstance(entry.event, ReturnedToBot) for entry in entries):
            gateway.turns.wake(Thread(due.conversation))


async def route(gateway: Gateway) -> None:
    """Offer who waits to who has room."""
    a = gateway.assistant
    for pick in await gateway.turns.thought(offering.picks, a):
        entries = await settled(offering.offer(a, pick))
        await gateway.turns.share(pick.waiting.conversation, entries)
    here = gateway.rooms.visited
    for conversation, standing in (await gateway.turns.thought(lists.in_queue, a, here)).items():
        gateway.rooms.tell_if_room(conversation, state_frame(standing))


async def routing(gateway: Gateway) -> None:
    """Route when something happened, and every few seconds in case the news of it was lost."""
    seconds = gateway.assistant.timings.sweep.total_seconds()
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await gateway.turns.to_route.wait()
        gateway.turns.to_route.clear()
        try:
            await route(gateway)
        except Exception:
            log.exception("routing failed")


async def absences(gateway: Gateway) -> None:
    """Whoever has left the desk has nobody waiting for them; whoever has left the queue has nobody coming."""
    a = gateway.assistant
    for session, login in await settled(presences.lost(a)):
        entries = await settled(presences.abandoned(a, login, session))
        await gateway.turns.share(conversation_of(session), entries)
    for conversation in await gateway.turns.thought(offering.forsaken, a, gateway.rooms.visited):
        entries = await settled(timers.abandon(a, conversation))
        await gateway.turns.share(conversation, entries)


async def listeners(gateway: Gateway) -> None:
    """Note which shoppers in the queue still listen here."""
    noted = await gateway.turns.thought(offering.still_here, gateway.assistant, gateway.rooms.visited)
    if noted is not None:
        await settled(noted)


async def orphans(gateway: Gateway) -> None:
    """Look for sessions in which nothing would ever fall due."""
    entries = await settled(timers.rescue(gateway.assistant))
    if entries:
        log.error("%d sessions had no timer", len(entries))


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
    work.append(every(LISTENERS, listeners, gateway))
    if worker:
        work.append(every(LOOK_FOR_WORK, forgotten_turns, gateway))
        work.append(every(LOOK_FOR_WORK, due_timers, gateway))
        work.append(routing(gateway))
        work.append(every(gateway.assistant.timings.sweep.total_seconds(), absences, gateway))
        work.append(every(LOOK_FOR_ORPHANS, orphans, gateway))
        work.append(every(LOOK_AFTER_KNOWLEDGE, knowledge, gateway))
        work += [owed.read_on(gateway), owed.look_at_clocks(gateway), owed.deliver(gateway)]
        for channel in gateway.channels:
            work += channel.tasks()
    return work
