"""All open desks of this process: one look at the record serves them all, and what passes reaches whom it concerns."""

import asyncio
import logging
import time
from collections.abc import Iterable

from assistant.desk import presences
from crm_core.desk import notes
from crm_core.desk.notes import Note
from webchat.frames import frame, iso
from webchat.passing import Word
from webchat.staff.board import Board
from webchat.staff.door import alive
from webchat.staff.moods import Moods
from webchat.staff.proposing import Proposing
from webchat.staff.seat import Opened, Seat, View
from webchat.staff.session_view import person
from webchat.staff.snapshot import look
from webchat.turns import settled
from webchat.wiring import Gateway

GATHER = 0.1  # seconds in which news are gathered before the record is looked at
TICK = 1.5  # seconds between looks at who is still signed in, and at the load of people
LOOK_AT_ALL = 10.0  # seconds between looks at everything: a ring may be lost
BEAT = 15.0  # seconds between heartbeats of the agents whose desks are open here
SAY_AGAIN = 20.0  # seconds after which it is said again who looks where
log = logging.getLogger(__name__)


class Floor:
    """The desks of this process and what keeps them up to date."""

    def __init__(self, gateway: Gateway):
        self.gateway = gateway
        self.board = Board()
        self.proposing = Proposing(gateway)
        self.view = View(gateway.assistant.zone, self.wants_drafts)
        self._moods = Moods(gateway.assistant.reader)
        self._dirty: set[str] = set()
        self._stale = True
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._done = {"all": 0.0, "beat": 0.0, "said": 0.0}
        self._tasks: set[asyncio.Task[None]] = set()
        gateway.rooms.on_news.append(self.news)
        gateway.passing.on_word.append(self.heard)

    def news(self, conversation: str | None) -> None:
        """Something happened in a conversation, or anywhere: the desks are told soon."""
        if conversation is None or not self.board.seats:
            self._stale = True
        else:
            self._dirty.add(conversation)
        if self.board.seats:
            self._wake.set()

    async def run(self) -> None:
        """Keep the desks up to date, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(TICK):
                    await self._wake.wait()
                await asyncio.sleep(GATHER)
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._routine(time.monotonic())
                await self.refresh()
            except Exception:
                log.exception("the desks could not be brought up to date")  # the next round tries again

    async def refresh(self, conversation: str | None = None, newcomer: Seat | None = None) -> None:
        """Look at what has news, and at this conversation, and tell the desks; a new one is told everything."""
        async with self._turn:
            if not self.board.seats and newcomer is None:
                self.board.clear()
                self._stale = True
                return
            if conversation is not None:
                self._dirty.add(conversation)
            dirty, self._dirty = frozenset(self._dirty), set()
            everything, self._stale = self._stale, False
            try:
                seen = await asyncio.to_thread(look, self.gateway, self._moods, None if everything else dirty)
            except BaseException:
                self._stale = True
                raise
            self.view.names = seen.names
            self.board.take(seen)
            if newcomer is not None:
                self.board.seats.add(newcomer)
                self.board.introduce(newcomer, iso(self.gateway.assistant.clock()))
            if seen.behind:
                self._dirty |= seen.behind
                self._wake.set()

    async def sit(self, seat: Seat) -> None:
        """A desk opens: it is told everything once, and from then on what changes."""
        await self.refresh(newcomer=seat)

    def stand_up(self, seat: Seat) -> None:
        """A desk closes."""
        for session in list(seat.open):
            self.close(seat, session)
        self.board.seats.discard(seat)

    def opened(self, seat: Seat, opened: Opened) -> None:
        """A desk has opened a session; the others who look at it are told, and it is told of them."""
        seat.open[opened.session] = opened
        if not opened.quiet:
            self.gateway.passing.say(Word("looking", opened.conversation, seat.login, opened.session))
        self._tell_lookers(opened.session, [seat])

    def close(self, seat: Seat, session: str) -> None:
        """A desk looks at a session no more."""
        opened = seat.open.pop(session, None)
        if opened is None:
            return
        self.gateway.rooms.leave(opened.conversation, opened)
        still = any(session in other.open for other in self.board.seats_of(seat.login))
        if not opened.quiet and not still:
            self.gateway.passing.say(Word("left", opened.conversation, seat.login, session))

    def wants_drafts(self, opened: Opened) -> None:
        """Work out drafts for a session that a desk has open; none for one that is over."""
        row = self.board.rows.get(opened.session)
        if row is not None:
            serves = self.board.owner(opened.session) == opened.seat.login
            self.proposing.wants(opened, row["customer"], serves=serves)

    def heard(self, word: Word) -> None:
        """Something fleeting was said, here or in another process."""
        now = time.monotonic()
        lookers = self.board.lookers
        match word.kind:
            case "looking":
                changed = lookers.looks(word.session, word.who, now)
            case "left":
                changed = lookers.leaves(word.session, word.who)
            case "typing" if word.who != "shopper":
                changed = lookers.types(word.session, word.who, now)
            case _:
                changed = False
        if changed:
            self._tell_lookers(word.session)
        self._pass_across(word)
        if word.kind == "noted":
            self._start_telling_notes(word.session)

    async def tell_notes(self, session: str) -> None:
        """Show the notes of a session to the desks that have it open, each once, and call whoever is meant."""
        openings = [one for one in self._openings() if one.session == session]
        if not self.board.seats:
            return
        after = min((opened.notes_after for opened in openings), default=0)
        for note in await asyncio.to_thread(self._notes, session, after):
            for opened in openings:
                opened.note(note)
            self._call(note)

    def _pass_across(self, word: Word) -> None:
        """What one side does is shown to the other: the shopper's typing to desks, the server's to the shopper."""
        if word.kind not in ("typing", "read"):
            return
        if word.who == "shopper":
            for opened in self._openings():
                if opened.conversation == word.conversation:
                    told = {"from": "shopper"} if word.kind == "typing" else {"seq": word.seq}
                    opened.tell_if_room(frame(t=word.kind, session=opened.session, **told))
        elif word.serves:
            told = {"from": "agent"} if word.kind == "typing" else {"seq": word.seq}
            self.gateway.rooms.tell_if_room(word.conversation, frame(t=word.kind, **told))

    def _call(self, note: Note) -> None:
        """Tell who is mentioned, and the owner of a supervisor's whisper."""
        meant = {*note.mentions, *([self.board.owner(note.session)] if note.kind == "whisper" else [])} - {note.author}
        by = person(note.author, self.view.names)
        for seat in self.board.seats:
            if seat.login in meant and note.id > seat.called and note.at >= seat.since:
                seat.called = note.id
                seat.tell("mention", session=note.session, by=by, text=note.text, kind=note.kind)

    def _notes(self, session: str, after: int) -> list[Note]:
        with self.gateway.assistant.record.reading() as tx:
            return notes.of_session(tx, session, after)

    def _start_telling_notes(self, session: str) -> None:
        task = asyncio.ensure_future(self.tell_notes(session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _routine(self, now: float) -> None:
        await self._check_sign_ins()
        if self._is_time("all", LOOK_AT_ALL, now):
            self._stale = True
        logins = sorted({seat.login for seat in self.board.seats})
        if logins and self._is_time("beat", BEAT, now):
            await settled(presences.beat(self.gateway.assistant, logins))
        if self._is_time("said", SAY_AGAIN, now):
            for opened in list(self._openings()):
                if not opened.quiet:
                    self.gateway.passing.say(Word("looking", opened.conversation, opened.seat.login, opened.session))
        for session in self.board.lookers.forget(now):
            self._tell_lookers(session)

    async def _check_sign_ins(self) -> None:
        """Close the desks of those who signed out or no longer work here."""
        if not self.board.seats:
            return
        digests = sorted({seat.staff.sign_in for seat in self.board.seats})
        known = await asyncio.to_thread(alive, self.gateway, digests, self.gateway.assistant.clock())
        for seat in list(self.board.seats):
            staff = known.get(seat.staff.sign_in)
            if staff is None or staff.role != seat.staff.role:
                seat.ended.set()

    def _is_time(self, what: str, every: float, now: float) -> bool:
        if now - self._done[what] < every:
            return False
        self._done[what] = now
        return True

    def _tell_lookers(self, session: str, seats: Iterable[Seat] | None = None) -> None:
        now = time.monotonic()
        looking = self.board.lookers.looking(session, now)
        typing = self.board.lookers.typing(session, now)
        for seat in list(self.board.seats if seats is None else seats):
            if session in seat.open:
                viewers = [person(login, self.view.names) for login in looking if login != seat.login]
                others = [login for login in typing if login != seat.login]
                seat.outlet.tell_if_room(frame(t="viewing", session=session, viewers=viewers, typing=others))

    def _openings(self) -> Iterable[Opened]:
        return [opened for seat in self.board.seats for opened in seat.open.values()]
