"""What an agent does to a session: one act each, and refusals that say how the session stands."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, TypeVar

from assistant.desk import desk, presences
from assistant.desk.desk import NotAllowed, UnknownSession
from crm_core import audit
from crm_core.audit import Deed
from crm_core.conversations.events import AgentSpoke, Entry
from crm_core.conversations.movements import MessageSuppressed
from crm_core.conversations.session import NotPossible
from crm_core.database import RecordUnavailable
from webchat.frames import Refused
from webchat.passing import Word
from webchat.staff import desk_frames as f
from webchat.staff.floor import Floor
from webchat.staff.seat import Seat
from webchat.staff.session_view import person
from webchat.turns import settled

T = TypeVar("T")
BUSY_RETRY = 1.0


class Conflict(Refused):
    """An act that the session's state does not allow: `state` and `owner` say how it stands."""

    def __init__(self, code: str, message: str, state: str, owner: dict[str, str] | None, id: str | None = None):  # noqa: A002
        super().__init__(code, message, id)
        self.state, self.owner = state, owner


class Acts:
    """The acts of one agent."""

    def __init__(self, floor: Floor, seat: Seat):
        self._floor = floor
        self._seat = seat
        self._a = floor.gateway.assistant

    async def status(self, wanted: f.Status) -> dict[str, Any]:
        """Be online, busy, away or offline; what an agent who leaves was serving goes to others."""
        a, login = self._a, self._seat.login
        for session in await self._settled(presences.set_status(a, login, wanted.status)):
            left = presences.abandoned(a, login, session, shift_end=True)
            await self._share(desk.conversation_of(session), await self._settled(left, session))
        # Somebody came or went: what waits may have a place now.
        self._floor.gateway.turns.to_route.set()
        await self._floor.refresh()
        return {"status": wanted.status}

    async def act(self, command: f.OfSession) -> dict[str, Any]:
        """Do what the frame says; what the answer tells beside its name."""
        act = _ACTS.get(type(command))
        if act is None:
            raise Refused("bad_frame", "这一帧现在不能用")
        entries = await self._settled(act(self, command), command.session)
        await self._share(desk.conversation_of(command.session), entries)
        match command:
            case f.Close(reason=reason) if reason != "agent_resolved":
                await self._note("close", command.session, reason)
            case f.Takeover(force=True):
                await self._note("takeover", command.session)
            case _:
                pass
        return {"row": self._floor.board.row(self._seat, command.session)}

    async def say(self, command: f.Say) -> int:
        """Say it to the shopper; the number under which it is kept. Who does not serve the session is told who does."""
        await self._must_serve(command)
        said = desk.say(
            self._a,
            self._seat.login,
            command.session,
            command.id,
            command.text,
            barge=command.barge,
            sku=command.sku,
            order=command.order,
        )
        entries = await self._settled(said, command.session, command.id)
        await self._share(desk.conversation_of(command.session), entries, look=False)
        for entry in entries:
            match entry.event:
                case AgentSpoke():
                    return entry.seq
                case MessageSuppressed():
                    await self._floor.refresh(desk.conversation_of(command.session))
                    raise self._not_owner(command)
                case _:
                    pass
        raise Refused("conflict", "这句话没有发出", command.id)

    async def note(self, command: f.Note | f.Whisper) -> int:
        """Keep a word among agents; its number."""
        whisper = isinstance(command, f.Whisper)
        kept = await self._settled(
            desk.note(
                self._a,
                self._seat.login,
                command.session,
                command.id,
                command.text,
                mentions=() if isinstance(command, f.Whisper) else command.mentions,
                kind="whisper" if whisper else "note",
            ),
            command.session,
            command.id,
        )
        self._floor.gateway.passing.say(Word("noted", kept.conversation, self._seat.login, command.session))
        return kept.after

    async def watch(self, session: str, *, on: bool) -> None:
        """Read along as a supervisor, or no more."""
        act = desk.watch if on else desk.unwatch
        entries = await self._settled(act(self._a, self._seat.login, session), session)
        await self._share(desk.conversation_of(session), entries)
        if on:
            await self._note("listen", session)

    async def _note(self, what: str, session: str, reason: str = "") -> None:
        """What a supervisor did to somebody else's session can be read later."""
        deed, now = Deed(self._seat.login, what, about=session, reason=reason), self._a.clock()
        await self._settled(self._a.record.write(lambda tx: audit.note(tx, deed, now)))

    async def _must_serve(self, command: f.Say) -> None:
        """Refuse at once what the store would keep back: nobody's words are lost in somebody else's session."""
        board = self._floor.board
        if command.barge or board.owner(command.session) == self._seat.login:
            return
        await self._floor.refresh(desk.conversation_of(command.session))
        row = board.rows.get(command.session)
        if row is not None and row["owner"] is not None and row["owner"]["login"] != self._seat.login:
            raise self._not_owner(command)

    def _not_owner(self, command: f.Say) -> Conflict:
        row = self._floor.board.rows.get(command.session) or {"state": "closed", "owner": None}
        owner = row["owner"]
        who = f"由{owner['name']}接待" if owner else "不由您接待"
        return Conflict("not_owner", f"这个会话{who}，这句话没有发给买家", row["state"], owner, command.id)

    async def _share(self, conversation: str, entries: list[Entry], *, look: bool = True) -> None:
        await self._floor.gateway.turns.share(conversation, entries)
        if look:
            await self._floor.refresh(conversation)

    async def _settled(self, future: "Future[T]", session: str = "", id: str | None = None) -> T:  # noqa: A002
        try:
            return await settled(future)
        except UnknownSession:
            raise Refused("not_found", "没有这个会话", id) from None
        except NotAllowed as refusal:
            raise Refused("not_allowed", str(refusal), id) from None
        except NotPossible as refusal:
            raise await self._conflict(refusal, session, id) from None
        except RecordUnavailable:
            raise Refused("busy", "暂时无法保存，请稍后重试", id, BUSY_RETRY) from None

    async def _conflict(self, refusal: NotPossible, session: str, id: str | None) -> Conflict:  # noqa: A002
        if session:
            await self._floor.refresh(desk.conversation_of(session))
        owner = person(refusal.owner, self._floor.view.names)
        if owner and owner["login"] != self._seat.login:
            return Conflict("conflict", f"已由{owner['name']}接入", refusal.state, owner, id)
        if refusal.what in ("accept", "decline"):
            return Conflict("expired", "已经过了接入时间，会话回到排队", refusal.state, owner, id)
        if refusal.what == "transfer" and refusal.why:
            return Conflict("not_possible", f"转接不了：{refusal.why}", refusal.state, owner, id)
        return Conflict(
            "conflict", f"会话现在是「{STATES.get(refusal.state, refusal.state)}」", refusal.state, owner, id
        )


STATES = {
    "bot": "机器人接待",
    "queued": "排队中",
    "offered": "等待接入",
    "active": "会话中",
    "on_hold": "已挂起",
    "message_left": "留言",
    "wrap_up": "小结中",
    "closed": "已结束",
}

Entries = Future[list[Entry]]


def _accept(acts: Acts, command: f.Accept) -> Entries:
    return desk.accept(acts._a, acts._seat.login, command.session)


def _decline(acts: Acts, command: f.Decline) -> Entries:
    return desk.decline(acts._a, acts._seat.login, command.session)


def _takeover(acts: Acts, command: f.Takeover) -> Entries:
    return desk.take_over(acts._a, acts._seat.login, command.session, force=command.force)


def _transfer(acts: Acts, command: f.Transfer) -> Entries:
    to = command.target
    kind: Literal["agent", "group", "senior"] = "senior" if to.senior else "agent" if to.agent else "group"
    name = to.agent or to.group or ""
    return desk.transfer(acts._a, acts._seat.login, command.session, to=name, kind=kind, note=command.note)


def _release(acts: Acts, command: f.Release) -> Entries:
    return desk.release(acts._a, acts._seat.login, command.session, command.summary)


def _hold(acts: Acts, command: f.Hold) -> Entries:
    until = command.until if command.until.tzinfo else command.until.replace(tzinfo=acts._a.zone)
    return desk.hold(acts._a, acts._seat.login, command.session, until)


def _unhold(acts: Acts, command: f.Unhold) -> Entries:
    return desk.resume(acts._a, acts._seat.login, command.session)


def _resolve(acts: Acts, command: f.Resolve) -> Entries:
    summed = command.summary if isinstance(command.summary, f.Summed) else f.Summed(note=command.summary or "")
    return desk.resolve(
        acts._a,
        acts._seat.login,
        command.session,
        summary=summed.note,
        category=summed.category,
        solved=command.outcome,
    )


def _close(acts: Acts, command: f.Close) -> Entries:
    return desk.close(acts._a, acts._seat.login, command.session, command.reason)


_ACTS: dict[type, Callable[[Acts, Any], Entries]] = {
    f.Accept: _accept,
    f.Decline: _decline,
    f.Takeover: _takeover,
    f.Transfer: _transfer,
    f.Release: _release,
    f.Hold: _hold,
    f.Unhold: _unhold,
    f.Resolve: _resolve,
    f.Close: _close,
}
