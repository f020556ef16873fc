"""One open desk: who sits at it, what it was told, and the sessions it has open."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_core.conversations.events import Entry, ShopperSpoke
from crm_core.desk import agents
from crm_core.desk.notes import Note
from crm_core.desk.sign_ins import Staff
from webchat.frames import frame, iso
from webchat.outlet import Outlet
from webchat.rooms import Connection
from webchat.staff import entry_view

DESK_FRAMES = 1_024  # on their way at once: a desk reads along in many conversations
OWN = ("active", "on_hold", "wrap_up")


class Seat:
    """A socket of somebody at work."""

    def __init__(self, staff: Staff, since: datetime):
        self.staff = staff
        self.since = since  # calls from before are no news
        self.outlet = Outlet(DESK_FRAMES)
        self.open: dict[str, Opened] = {}
        self.listed: set[str] = set()  # the sessions of its list
        self.ended = asyncio.Event()  # signed out, or no longer at work here
        self.called = 0  # the last note that this desk was called to

    @property
    def login(self) -> str:
        """The log-in of whoever sits here."""
        return self.staff.login

    def sees(self, row: dict[str, Any]) -> bool:
        """Does a session belong in this desk's list? Supervisors see all; others what waits, what the bot serves, and
        their own."""
        if agents.may(self.staff.role, "lead") or row["state"] not in OWN:
            return True
        owner = row["owner"]
        mine = owner is not None and owner["login"] == self.login
        return mine or row["offered_to"] == self.login or self.login in row["watchers"]

    def tell(self, t: str, **values: Any) -> None:
        """Queue a frame."""
        self.outlet.tell(frame(t=t, **values))


class Opened(Connection):
    """A session that a desk has open: its place in the conversation, and how far its notes were told."""

    for_desk = True

    def __init__(self, seat: Seat, session: str, conversation: str, since: int, *, quiet: bool, view: "View"):
        super().__init__(since, seat.outlet)
        self.seat = seat
        self.session = session
        self.conversation = conversation
        self.quiet = quiet
        self.notes_after = 0
        self._view = view

    def show(self, entry: Entry) -> None:
        """Show an entry; what the shopper says wants drafts."""
        is_next = entry.seq == self.cursor + 1
        super().show(entry)
        if is_next and self.live and isinstance(entry.event, ShopperSpoke):
            self._view.wants_drafts(self)

    def frame_of(self, entry: Entry) -> str | None:
        """The entry as people at work see it."""
        shown = self._view.entry(entry, self.shown)
        return None if shown is None else frame(t="entry", session=self.session, **shown)

    def holder_after(self, entry: Entry) -> str | None:  # noqa: ARG002
        """Nothing: a desk is shown rows."""
        return None

    def note(self, note: Note) -> None:
        """Show a note once."""
        if note.id > self.notes_after:
            self.notes_after = note.id
            self.tell(frame(t="entry", session=self.session, **self._view.note(note)))


class View:
    """How entries and notes look to desks: with the names that log-ins have today."""

    def __init__(self, zone: ZoneInfo, wants_drafts: "Callable[[Opened], None]"):
        self.names: dict[str, str] = {}
        self.wants_drafts = wants_drafts  # called when the shopper said something in a session that a desk has open
        self._zone = zone

    def entry(self, entry: Entry, prev: int) -> dict[str, Any] | None:
        """An entry as JSON; None for what only the machine cares about."""
        return entry_view.shown(entry, prev, self.names, self._zone)

    def note(self, note: Note) -> dict[str, Any]:
        """A note as JSON, in its place after an entry; it has a number of its own."""
        shown: dict[str, Any] = {
            "conversation": note.conversation,
            "note": note.id,
            "seq": note.after,
            "at": iso(note.at),
            "from": "agent",
            "kind": note.kind,
            "text": note.text,
            "agent": note.author,
            "name": self.names.get(note.author, note.author),
            "mentions": list(note.mentions),
        }
        return shown | ({"id": note.client_id} if note.client_id else {})
