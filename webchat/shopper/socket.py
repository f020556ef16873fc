"""The shopper's socket: what is said is kept and acknowledged, what is kept is told."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from assistant import turns
from assistant.desk import lists
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry, SatisfactionGiven, ShopperSpoke
from crm_core.conversations.session import Session
from crm_core.conversations.timeline import Head, Thread
from crm_core.database import RecordUnavailable
from webchat import metrics
from webchat.frames import (
    HOLDERS,
    AnyFrame,
    CancelWait,
    Hello,
    Human,
    Ping,
    Rate,
    Read,
    Refused,
    Say,
    Typing,
    frame,
    read_frame,
    state_frame,
)
from webchat.identity import NotYou
from webchat.limits import Bucket
from webchat.passing import Word
from webchat.rooms import Connection
from webchat.turns import settled
from webchat.wiring import Gateway

SUBPROTOCOL = "zhanggui.v1"
HELLO_WITHIN = 5.0  # seconds
MOST_BAD_FRAMES = 5
MOST_UNACKNOWLEDGED = 16
BUSY_RETRY = 1.0
TYPING_EVERY = 1.0  # seconds
log = logging.getLogger(__name__)

# Close codes: RFC 6455 and the contract.
BAD_FRAMES, BAD_TOKEN, NO_HELLO, TOO_MANY = 1008, 4401, 4408, 4409


def router(gateway: Gateway) -> APIRouter:
    """The route of the socket."""
    routes = APIRouter()

    @routes.websocket("/ws/shopper")
    async def shopper(socket: WebSocket) -> None:
        if not origin_allowed(socket.headers.get("origin"), socket.headers.get("host"), gateway.settings.origins):
            await socket.close(1008)  # before accepting: the client sees HTTP 403
            return
        subprotocol = SUBPROTOCOL if SUBPROTOCOL in socket.scope.get("subprotocols", ()) else None
        await socket.accept(subprotocol=subprotocol)
        try:
            thread = gateway.identity.thread_of(socket.query_params.get("token", ""))
        except NotYou as error:
            await socket.send_text(frame(t="error", code="not_allowed", message=str(error)))
            await socket.close(BAD_TOKEN)
            return
        with metrics.SOCKETS.track_inprogress():
            await Visit(gateway, socket, thread).run()

    return routes


def origin_allowed(origin: str | None, host: str | None, allowed: tuple[str, ...]) -> bool:
    """May a page of this origin open the socket? Its own host may, and what the shop lists, compared exactly.

    No Origin at all is not a browser: nothing rides on cookies here, the token in the URL is the whole authority.
    """
    if origin is None:
        return True
    if origin in allowed:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc != "" and parts.netloc == host and origin.count("/") == 2


class Visit:
    """One open socket. Its reader, its sender and its catch-up end together."""

    def __init__(self, gateway: Gateway, socket: WebSocket, thread: Thread):
        self._gateway = gateway
        self._socket = socket
        self._thread = thread
        self._connection: Connection | None = None
        self._bucket = Bucket(gateway.settings.say_rate, gateway.settings.say_burst)
        self._bad_frames = 0
        self._greeting = ""
        self._unacknowledged = 0
        self._typed = 0.0
        self._read = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve the socket until either side ends it."""
        try:
            hello = await self._first_frame()
            if hello is None:
                return
            head, session = await self._head()
            connection = self._connection = Connection(min(hello.since, head.seq))
            await self._welcome(connection, hello, head, session)
            async with asyncio.TaskGroup() as group:
                sender = group.create_task(self._send(connection))
                joiner = group.create_task(self._join(connection, head))
                try:
                    await self._listen(connection)
                finally:
                    sender.cancel()
                    joiner.cancel()
        except* (WebSocketDisconnect, RuntimeError):
            pass  # the shopper left; a send on a closed socket raises RuntimeError
        finally:
            if self._connection is not None:
                self._gateway.rooms.leave(self._thread.conversation, self._connection)

    async def _first_frame(self) -> Hello | None:
        opened = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(HELLO_WITHIN - (time.monotonic() - opened)):
                    text = await self._receive()
            except TimeoutError:
                await self._socket.close(NO_HELLO)
                return None
            if text is None:
                return None
            try:
                received = read_frame(text)
                if isinstance(received, Hello):
                    return received
                raise Refused("not_allowed", "第一帧应为 hello", getattr(received, "id", None))
            except Refused as refusal:
                await self._socket.send_text(_error(refusal))
                self._bad_frames += 1
                if self._bad_frames >= MOST_BAD_FRAMES:
                    await self._socket.close(BAD_FRAMES)
                    return None

    async def _receive(self) -> str | bytes | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text: str | bytes | None = message.get("text")
        return text if text is not None else message.get("bytes", b"")

    async def _head(self) -> tuple[Head, Session | None]:
        gateway = self._gateway

        def read() -> tuple[Head | None, Session | None]:
            with gateway.assistant.record.reading() as tx:
                head = timeline.head(tx, self._thread.conversation)
                return head, timeline.open_session(tx, self._thread.conversation) if head else None

        head, session = await gateway.turns.thought(read)
        return head or Head(0, "", self._thread.customer), session

    async def _welcome(self, connection: Connection, hello: Hello, head: Head, session: Session | None) -> None:
        conversation = self._thread.conversation
        holder = HOLDERS[session.state] if session is not None else "bot"
        connection.tell(
            frame(t="welcome", conversation=conversation, seq=head.seq, holder=holder, log=head.log or None, hb=25)
        )
        if hello.since > head.seq or (hello.log and head.log and hello.log != head.log):
            connection.cursor = connection.shown = 0
            connection.tell(frame(t="reset", log=head.log, seq=head.seq))
        self._greeting = frame(t="state", holder=holder)
        connection.tell(self._greeting)  # the place in the queue follows once the past is caught up

    async def _holder(self) -> str:
        gateway = self._gateway
        standing = await gateway.turns.thought(lists.standing_of, gateway.assistant, self._thread.conversation)
        return state_frame(standing)

    async def _join(self, connection: Connection, head: Head) -> None:
        gateway = self._gateway
        if gateway.rooms.count(self._thread.conversation) >= gateway.settings.sockets_per_shopper:
            await self._socket.close(TOO_MANY)
            return
        await gateway.rooms.join(self._thread.conversation, connection, head.seq)
        if head.seq:
            # Whoever died between hearing and answering left a message open: the shopper's return is the moment to
            # answer.
            gateway.turns.wake(self._thread)
            now = await self._holder()
            if now != self._greeting:
                connection.tell_if_room(now)

    async def _send(self, connection: Connection) -> None:
        await connection.outlet.send(self._socket)
        self._gateway.rooms.leave(self._thread.conversation, connection)

    async def _listen(self, connection: Connection) -> None:
        while (text := await self._receive()) is not None:
            try:
                await self._take(connection, read_frame(text))
            except Refused as refusal:
                connection.tell(_error(refusal))
                metrics.REFUSED.labels(refusal.code).inc()
                if refusal.code == "bad_frame":
                    self._bad_frames += 1
                if self._bad_frames >= MOST_BAD_FRAMES:
                    await connection.outlet.flush()
                    await self._socket.close(BAD_FRAMES)
                    return

    async def _take(self, connection: Connection, received: AnyFrame) -> None:
        gateway = self._gateway
        match received:
            case Say():
                self._admit(received)
                self._start(self._hear(connection, received))
            case Ping():
                connection.tell(frame(t="pong", seq=connection.cursor))
            case Human():
                wait = self._bucket.take(time.monotonic())
                if wait:
                    raise Refused("rate_limited", "转人工的请求已经收到，请稍等", retry_after=round(wait, 1))
                entries = await self._kept(turns.request_person(gateway.assistant, self._thread))
                await gateway.turns.share(self._thread.conversation, entries)
                connection.tell(await self._holder())
            case Rate():
                rating = SatisfactionGiven(received.solved, received.stars, received.text)
                entries = await self._kept(turns.rate(gateway.assistant, self._thread, rating))
                await gateway.turns.share(self._thread.conversation, entries)
            case CancelWait():
                entries = await self._kept(turns.cancel_wait(gateway.assistant, self._thread))
                await gateway.turns.share(self._thread.conversation, entries)
                connection.tell(await self._holder())
                gateway.turns.wake(self._thread)  # what was said while waiting is the bot's to answer now
            case Hello():
                raise Refused("bad_frame", "hello 只能是第一帧")
            case Typing() if time.monotonic() - self._typed >= TYPING_EVERY:
                self._typed = time.monotonic()
                gateway.passing.say(Word("typing", self._thread.conversation, "shopper"))
            case Read() if self._read < received.seq <= connection.cursor:
                self._read = received.seq
                gateway.passing.say(Word("read", self._thread.conversation, "shopper", seq=received.seq))
            case _:
                pass  # too soon, or nothing new

    def _admit(self, say: Say) -> None:
        wait = self._bucket.take(time.monotonic())
        if wait or self._unacknowledged >= MOST_UNACKNOWLEDGED:
            raise Refused("rate_limited", "发得太快了，请稍后再发", say.id, round(max(wait, 0.2), 1))
        if self._gateway.turns.waiting >= self._gateway.settings.most_turns:
            raise Refused("busy", "现在咨询的人很多，请稍后再发", say.id, BUSY_RETRY)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear(self, connection: Connection, say: Say) -> None:
        self._unacknowledged += 1
        gateway = self._gateway
        try:
            spoken = ShopperSpoke(say.text, say.id, say.sku, say.order)
            heard = await settled(turns.hear(gateway.assistant, self._thread, spoken))
        except RecordUnavailable:
            connection.tell(_error(Refused("busy", "暂时无法保存消息，请稍后重试", say.id, BUSY_RETRY)))
            return
        except Exception:
            log.exception("a message could not be kept")
            connection.tell(_error(Refused("busy", "暂时无法保存消息，请稍后重试", say.id, BUSY_RETRY)))
            return
        finally:
            self._unacknowledged -= 1
        connection.tell(frame(t="ack", id=say.id, seq=heard.seq))
        metrics.HEARD.inc()
        await gateway.turns.share(self._thread.conversation, list(heard.entries))
        gateway.turns.wake(self._thread)

    async def _kept(self, future: Future[list[Entry]]) -> list[Entry]:
        try:
            return await settled(future)
        except RecordUnavailable:
            raise Refused("busy", "暂时无法保存，请稍后重试", retry_after=BUSY_RETRY) from None


def _error(refusal: Refused) -> str:
    return frame(t="error", code=refusal.code, message=refusal.message, id=refusal.id, retry_after=refusal.retry_after)
