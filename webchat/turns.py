"""Turns on the async side: one at a time per conversation, thought in threads, never lost with a closed tab."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from assistant import turns
from assistant.dialogue import burst_of
from assistant.pacing import pause_for
from assistant.parts import Assistant
from crm_core.conversations.events import BotReplied, Entry
from crm_core.conversations.movements import (
    Held,
    OfferLapsed,
    Queued,
    Released,
    Requeued,
    Resolved,
    SessionClosed,
    Transferred,
    WentInactive,
)
from crm_core.conversations.timeline import ConversationMovedOn, Thread
from crm_core.database import RecordUnavailable
from webchat import metrics
from webchat.frames import frame
from webchat.live import Doorbell
from webchat.rooms import Rooms

T = TypeVar("T")
TYPING_AFTER = 0.3  # seconds of thinking before the shopper is told that somebody is
LOOK_EVERY = 0.05  # seconds between looks while a burst may go on
log = logging.getLogger(__name__)


# After these somebody may wait for an agent, or an agent may have room: the router looks at once.
WAKES_ROUTER = (Queued, Requeued, Transferred, OfferLapsed, Held, WentInactive, Released, Resolved, SessionClosed)


async def settled(future: "Future[T]") -> T:
    """Await a future of the record; the record wakes the loop once for a whole group of them."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[T] = loop.create_future()

    def hand_over(done: "Future[T]") -> None:
        if waiting.cancelled():
            return
        error = done.exception()
        if error is None:
            waiting.set_result(done.result())
        else:
            waiting.set_exception(error)

    future.add_done_callback(hand_over)
    return await waiting


def _count(entries: list[Entry], seconds: float) -> None:
    metrics.TURN.observe(seconds)
    for entry in entries:
        if isinstance(entry.event, BotReplied):
            metrics.ANSWERED.labels(entry.event.decision).inc()


class Turns:
    """Takes the bot's turns."""

    def __init__(self, assistant: Assistant, rooms: Rooms, bell: Doorbell, *, threads: int, burst_wait: float):
        self._assistant = assistant
        self._rooms = rooms
        self._bell = bell
        self._burst_wait = burst_wait
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="turn")
        self._running: dict[str, asyncio.Task[None]] = {}
        self._heard: dict[str, float] = {}
        self.to_route = asyncio.Event()  # somebody waits, or somebody has room

    @property
    def waiting(self) -> int:
        """How many conversations are being answered."""
        return len(self._running)

    async def thought(self, work: Callable[..., T], *given: object) -> T:
        """Run something that computes or reads the record in one of the turn threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)

    def wake(self, thread: Thread) -> None:
        """Something unanswered may be there: answer it, unless somebody here is at it already."""
        self._heard[thread.conversation] = time.monotonic()
        if thread.conversation not in self._running:
            self._running[thread.conversation] = asyncio.create_task(self._answer(thread))

    async def _answer(self, thread: Thread) -> None:
        started = time.monotonic()
        typing = asyncio.get_running_loop().call_later(TYPING_AFTER, self._typing, thread.conversation)
        try:
            if self._burst_wait > 0:
                await self._wait_for_the_rest(thread)
            while True:
                heard = self._heard[thread.conversation]
                try:
                    future = await self.thought(turns.take_turn, self._assistant, thread, self._teller(thread))
                    if future is not None:
                        entries = await settled(future)
                        await self.share(thread.conversation, entries)
                        _count(entries, time.monotonic() - started)
                    if self._heard[thread.conversation] == heard:
                        return  # nothing was said here since we looked; what is said elsewhere is answered there
                except ConversationMovedOn:
                    continue
        except RecordUnavailable:
            log.warning("the record did not take an answer; the worker will try again")
        except Exception:
            log.exception("a turn failed; the worker will try again")
        finally:
            typing.cancel()
            # Here, in the step that found nothing more to answer, and not in a callback after it: whoever wakes us in
            # between would take us for running.
            self._running.pop(thread.conversation, None)
            self._heard.pop(thread.conversation, None)

    async def _wait_for_the_rest(self, thread: Thread) -> None:
        started = time.monotonic()
        while True:
            heard = self._heard[thread.conversation]
            pause = await self.thought(self._pause, thread, time.monotonic() - started)
            if pause <= 0:
                return
            while (left := heard + pause - time.monotonic()) > 0:
                await asyncio.sleep(min(left, LOOK_EVERY))
                if self._heard[thread.conversation] != heard:
                    break
            else:
                return

    def _pause(self, thread: Thread, waited: float) -> float:
        a = self._assistant
        dialogue = a.dialogues.of(a.record, thread.conversation)
        if not dialogue.unanswered:
            return 0.0
        reading = a.reader.read(burst_of(dialogue), a.clock())
        return pause_for(dialogue, reading, self._burst_wait, waited)

    async def share(self, conversation: str, entries: list[Entry]) -> None:
        """Show what was appended, here and in the other processes."""
        if entries:
            self._assistant.dialogues.moved(entries)
            self._rooms.arrived(entries)
            if any(isinstance(entry.event, WAKES_ROUTER) for entry in entries):
                self.to_route.set()
            await self._bell.ring(conversation)

    def _teller(self, thread: Thread) -> Callable[[str], None]:
        """Shows a reply while it is being written; called in a thread that thinks."""
        loop = asyncio.get_running_loop()

        def tell(text: str) -> None:
            partial = frame(t="partial", text=text, **{"from": "bot"})
            loop.call_soon_threadsafe(self._rooms.tell_if_room, thread.conversation, partial)

        return tell

    def _typing(self, conversation: str) -> None:
        self._rooms.tell_if_room(conversation, frame(t="typing", **{"from": "bot"}))

    async def close(self) -> None:
        """Finish the turns that are being taken."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=5)
        self._threads.shutdown(wait=False, cancel_futures=True)
