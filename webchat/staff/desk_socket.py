"""The desk's socket: what an agent does is done or refused at once, and what happens anywhere is shown."""

import asyncio
import logging
import time
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from assistant.desk import desk
from webchat import metrics
from webchat.frames import Refused, frame
from webchat.limits import Bucket
from webchat.passing import Word
from webchat.staff import desk_frames as f
from webchat.staff.desk_acts import Acts, Conflict
from webchat.staff.door import of_own_page, staff_of
from webchat.staff.floor import Floor
from webchat.staff.opening import Opening
from webchat.staff.seat import Seat

SUBPROTOCOL = "zhanggui.v1"
MOST_BAD_FRAMES = 5
MOST_AT_ONCE = 16  # acts that are not answered yet
MOST_DESKS = 8  # of one agent in this process
RATE = (20.0, 60)  # frames a second on average, and at once
BAD_FRAMES, BAD_TOKEN, TOO_MANY = 1008, 4401, 4409
log = logging.getLogger(__name__)


def router(floor: Floor) -> APIRouter:
    """The route of the socket."""
    routes = APIRouter()

    @routes.websocket("/ws/desk")
    async def serve(socket: WebSocket) -> None:
        if socket.headers.get("origin") is not None and not of_own_page(socket):
            await socket.close(1008)  # before accepting: the client sees HTTP 403
            return
        subprotocol = SUBPROTOCOL if SUBPROTOCOL in socket.scope.get("subprotocols", ()) else None
        await socket.accept(subprotocol=subprotocol)
        staff = await staff_of(floor.gateway, socket.query_params.get("token", ""), ticket=True)
        if staff is None:
            await socket.send_text(frame(t="error", code="not_allowed", message="登录已失效，请重新登录"))
            await socket.close(BAD_TOKEN)
            return
        if len(floor.board.seats_of(staff.login)) >= MOST_DESKS:
            await socket.close(TOO_MANY)
            return
        with metrics.DESKS.track_inprogress():
            await Visit(floor, socket, Seat(staff, floor.gateway.assistant.clock())).run()

    return routes


class Visit:
    """One open desk socket. Its reader, its sender and what it has under way end together."""

    def __init__(self, floor: Floor, socket: WebSocket, seat: Seat):
        self._floor = floor
        self._socket = socket
        self._seat = seat
        self._acts = Acts(floor, seat)
        self._opening = Opening(floor, seat, self._acts)
        self._bucket = Bucket(*RATE)
        self._bad_frames = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Serve the socket until either side ends it."""
        seat = self._seat
        try:
            await self._floor.sit(seat)
            async with asyncio.TaskGroup() as group:
                working = [
                    group.create_task(seat.outlet.send(self._socket)),
                    group.create_task(self._end_when_out()),
                ]
                try:
                    await self._listen()
                finally:
                    for task in (*working, *self._under_way):
                        task.cancel()
        except* (WebSocketDisconnect, RuntimeError):
            pass  # the agent left; a send on a closed socket raises RuntimeError
        finally:
            self._floor.stand_up(seat)

    async def _end_when_out(self) -> None:
        await self._seat.ended.wait()
        await self._socket.close(BAD_TOKEN)

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            text = text if text is not None else message.get("bytes", b"")
            try:
                if self._bucket.take(time.monotonic()) or len(self._under_way) >= MOST_AT_ONCE:
                    raise Refused("rate_limited", "操作太快了，请稍后再试", retry_after=0.5)
                command = f.read_command(text)
            except Refused as refusal:
                self._refuse(refusal, f.head_of(text))
                self._bad_frames += refusal.code == "bad_frame"
                if self._bad_frames >= MOST_BAD_FRAMES:
                    await self._seat.outlet.flush()
                    await self._socket.close(BAD_FRAMES)
                    return
                continue
            self._start(command)

    def _start(self, command: f.AnyCommand) -> None:
        """Begin what the frame asks for: in the order of the frames for one session, side by side for several."""
        key = getattr(command, "session", "")
        task = asyncio.create_task(self._do(command, self._last.get(key)))
        self._last[key] = task
        self._under_way.add(task)

        def done(ended: asyncio.Task[None]) -> None:
            self._under_way.discard(ended)
            if self._last.get(key) is ended:
                del self._last[key]

        task.add_done_callback(done)

    async def _do(self, command: f.AnyCommand, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait([before])
        head = {"re": type(command).__struct_config__.tag, "session": getattr(command, "session", None)}
        head |= {"ref": command.ref, "id": getattr(command, "id", None)}
        try:
            await self._take(command)
        except Refused as refusal:
            self._refuse(refusal, head)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("an act at the desk failed")
            self._refuse(Refused("busy", "没有做成，请稍后再试", retry_after=1.0), head)

    async def _take(self, command: f.AnyCommand) -> None:
        match command:
            case f.Ping() | f.Hello():
                self._seat.tell("pong", ref=command.ref)
            case f.Status():
                self._ok(command, **await self._acts.status(command))
            case f.Say():
                seq = await self._acts.say(command)
                self._seat.tell("ack", session=command.session, id=command.id, seq=seq, ref=command.ref)
            case f.Note() | f.Whisper():
                seq = await self._acts.note(command)
                self._seat.tell("ack", session=command.session, id=command.id, seq=seq, ref=command.ref)
            case f.Open() | f.Listen():
                await self._opening.open(command)
            case f.Leave():
                await self._opening.leave(command)
            case f.Older():
                await self._opening.older(command)
            case f.Summary():
                await self._opening.summary(command)
            case f.Typing() | f.Read():
                self._pass_on(command)
            case f.Suggest() | f.Suggested():
                await self._draft(command)
            case _:
                self._ok(command, **await self._acts.act(command))

    async def _draft(self, command: f.Suggest | f.Suggested) -> None:
        if isinstance(command, f.Suggested):
            outcome = command.suggestion, command.outcome, command.text
            await self._floor.proposing.settle(command.session, *outcome)
        elif opened := self._seat.open.get(command.session):
            self._floor.wants_drafts(opened)

    def _pass_on(self, command: f.Typing | f.Read) -> None:
        seat, session = self._seat, command.session
        serves = self._floor.board.owner(session) == seat.login
        conversation = desk.conversation_of(session)
        if isinstance(command, f.Read):
            known = self._floor.board.read.get((seat.login, session), 0)
            if command.seq <= known:
                return
            self._floor.board.read[seat.login, session] = command.seq
        if session in seat.open and not seat.open[session].quiet:
            seq = command.seq if isinstance(command, f.Read) else 0
            kind = "read" if isinstance(command, f.Read) else "typing"
            self._floor.gateway.passing.say(
                Word(kind, conversation, seat.login, session, seq, serves)  # type: ignore[arg-type]
            )

    def _ok(self, command: f.Command, **values: Any) -> None:
        re = type(command).__struct_config__.tag
        self._seat.tell("ok", re=re, session=getattr(command, "session", None), ref=command.ref, **values)

    def _refuse(self, refusal: Refused, head: dict[str, Any]) -> None:
        metrics.REFUSED.labels(refusal.code).inc()
        told: dict[str, Any] = {**head, "retry_after": refusal.retry_after}
        told["id"] = refusal.id or head.get("id")
        if isinstance(refusal, Conflict):
            told |= {"state": refusal.state, "owner": refusal.owner}
        self._seat.tell("error", code=refusal.code, message=refusal.message, **told)
