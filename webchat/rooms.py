"""Who hears what: one reader of the log per conversation, one cursor per connection."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from crm_core.conversations.events import Entry
from webchat.frames import for_shopper, holder_after
from webchat.outlet import Outlet

ReadSince = Callable[[str, int], Awaitable[list[Entry]]]
log = logging.getLogger(__name__)


class Connection:
    """One reader's place in a conversation: what was shown, and where it is sent."""

    for_desk = False

    def __init__(self, since: int, outlet: Outlet | None = None):
        self.outlet = outlet or Outlet()
        self.cursor = since  # the last log number considered, shown or not
        self.shown = since  # the last number shown
        self.live = False

    @property
    def too_slow(self) -> bool:
        """Did the reader fall behind?"""
        return self.outlet.too_slow

    def tell(self, text: str) -> None:
        """Queue a frame; a reader too slow for it is live no more."""
        self.outlet.tell(text)
        self.live = self.live and not self.outlet.too_slow

    def tell_if_room(self, text: str) -> None:
        """Queue a frame that may be lost."""
        self.outlet.tell_if_room(text)

    def show(self, entry: Entry) -> None:
        """Show an entry if it is the next one; what was shown before is never shown again."""
        if entry.seq != self.cursor + 1:
            return
        self.cursor = entry.seq
        text = self.frame_of(entry)
        if text is not None:
            self.shown = entry.seq
            self.tell(text)
        # Who had the shopper while the past went by is of no interest: who catches up is told once, at the end.
        holder = self.holder_after(entry) if self.live else None
        if holder is not None:
            self.tell(holder)

    def frame_of(self, entry: Entry) -> str | None:
        """The entry as this reader is shown it; None when it is not for this reader."""
        return for_shopper(entry, self.shown)

    def holder_after(self, entry: Entry) -> str | None:
        """Who has the shopper from this entry on, as a frame; None where that stays as it was."""
        return holder_after(entry)


@dataclass
class Room:
    """The local connections of one conversation and how far they have been told."""

    conversation: str
    cursor: int
    connections: set[Connection] = field(default_factory=set)
    behind: bool = False  # someone must read the log
    reading: bool = False


class Rooms:
    """Every conversation that somebody of this process listens to."""

    def __init__(self, read_since: ReadSince):
        self._read_since = read_since
        self._rooms: dict[str, Room] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Told of every conversation with news, whether anybody listens or not.
        self.on_news: list[Callable[[str | None], None]] = []

    @property
    def conversations(self) -> list[str]:
        """The conversations that somebody listens to."""
        return list(self._rooms)

    @property
    def visited(self) -> list[str]:
        """The conversations in which the shopper is there, not only somebody at a desk."""
        return [name for name in self._rooms if self.count(name)]

    def count(self, conversation: str) -> int:
        """How many connections of the shopper listen to a conversation."""
        room = self._rooms.get(conversation)
        return sum(not connection.for_desk for connection in room.connections) if room else 0

    async def join(self, conversation: str, connection: Connection, head: int) -> None:
        """Enter, then catch up from the connection's cursor, then be live: an overlap, never a hole."""
        room = self._rooms.setdefault(conversation, Room(conversation, head))
        room.connections.add(connection)
        while not connection.too_slow:
            await connection.outlet.room()
            if connection.cursor >= room.cursor:
                connection.live = True
                return
            for entry in await self._read_since(conversation, connection.cursor):
                connection.show(entry)

    def leave(self, conversation: str, connection: Connection) -> None:
        """Forget a connection, and its room when it was the last."""
        room = self._rooms.get(conversation)
        if room is not None:
            room.connections.discard(connection)
            if not room.connections:
                del self._rooms[conversation]

    def arrived(self, entries: Sequence[Entry]) -> None:
        """Entries this process has just appended: shown at once where they are the next ones."""
        if not entries:
            return
        self._spread(entries[0].conversation)
        room = self._rooms.get(entries[0].conversation)
        if room is None:
            return
        if entries[0].seq == room.cursor + 1 and not room.reading:
            self._show(room, entries)
        elif entries[-1].seq > room.cursor:
            self._read(room)

    def ring(self, conversation: str | None) -> None:
        """Something may have been appended elsewhere: read on. None means anywhere."""
        self._spread(conversation)
        for room in [self._rooms.get(conversation)] if conversation else list(self._rooms.values()):
            if room is not None:
                self._read(room)

    def look(self, conversation: str, head: int) -> None:
        """Read on if the log of a conversation has come further than its listeners were told."""
        room = self._rooms.get(conversation)
        if room is not None and head > room.cursor:
            self.ring(conversation)

    def tell_if_room(self, conversation: str, text: str, but: Connection | None = None) -> None:
        """A frame that may be lost, to the shopper's side of the conversation but its author."""
        room = self._rooms.get(conversation)
        for connection in room.connections if room else ():
            if connection is not but and not connection.for_desk:
                connection.tell_if_room(text)

    def _spread(self, conversation: str | None) -> None:
        for tell in self.on_news:
            tell(conversation)

    def _read(self, room: Room) -> None:
        room.behind = True
        if not room.reading:
            room.reading = True
            task = asyncio.create_task(self._read_on(room))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read_on(self, room: Room) -> None:
        try:
            while room.behind:
                room.behind = False
                while entries := await self._read_since(room.conversation, room.cursor):
                    self._show(room, entries)
        except Exception:
            log.exception("could not read on")  # the next ring or sweep tries again
        finally:
            room.reading = False

    def _show(self, room: Room, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.seq != room.cursor + 1:
                continue
            room.cursor = entry.seq
            for connection in room.connections:
                if connection.live:
                    connection.show(entry)
