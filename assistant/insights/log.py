"""A log of many sessions, line by line: lines that belong together are gathered and put in order, in bounded memory.

Sessions may interleave. One is taken for ended once `AWAY` lines of others have passed, or when so many lines wait that
the quietest must go; a line that comes after that opens the session again as a further part.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from assistant.insights.utterances import Utterance, utterance_of
from crm_core.conversations.events import Event, OutcomeNoted
from crm_core.conversations.logs import Logged
from nlp.reading.reading import Reader

AWAY: Final = 20_000
"""Lines of other sessions after which a session is taken for ended."""
MOST_WAITING: Final = 200_000
"""Lines that wait for the end of their sessions: about 150 MB."""
LONGEST: Final = 5_000
"""Lines of one part of a session; what goes on longer is no conversation."""
MOST_REMEMBERED: Final = 2_000_000
"""Ended sessions that are remembered to notice their return."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: its number in the file, when it was said, what, and the id by which a repeat is known."""

    number: int
    at: datetime
    event: Event
    id: str


@dataclass(slots=True)
class SessionLines:
    """The lines of a session, or of a further part of one, in the order of the file."""

    session: str
    part: int = 1
    customer: str | None = None
    lines: list[Line] = field(default_factory=list)
    converted: bool | None = None
    seen_at: int = 0

    def utterances(self, reader: Reader, *, has_times: bool) -> Iterator[Utterance]:
        """What was said, in the order of time and each line once, read."""
        lines = sorted(self.lines, key=lambda line: line.at) if has_times else self.lines
        known: set[str] = set()
        seq = 0
        for line in lines:
            if line.id in known:
                continue
            known.add(line.id)
            said = utterance_of(line.event, reader, seq=seq + 1, line=line.number, at=line.at if has_times else None)
            if said is not None:
                seq += 1
                yield said


class OpenSessions:
    """The sessions that may still go on."""

    def __init__(self, *, away: int = AWAY, most_waiting: int = MOST_WAITING, longest: int = LONGEST):
        self._away = away
        self._most_waiting = most_waiting
        self._longest = longest
        self._open: OrderedDict[str, SessionLines] = OrderedDict()  # the quietest first
        self._parts: dict[int, int] = {}
        self._seen = 0
        self._waiting = 0

    @property
    def in_parts(self) -> int:
        """How many sessions came back after they were taken for ended."""
        return sum(parts > 1 for parts in self._parts.values())

    def add(self, number: int, facts: Sequence[Logged]) -> Iterator[SessionLines]:
        """Take a line of the log, and give the sessions that it shows to have ended."""
        self._seen += 1
        name = facts[0].conversation
        session = self._open.get(name)
        if session is None:
            session = self._open[name] = SessionLines(name, self._next_part(name))
        self._open.move_to_end(name)
        session.seen_at = self._seen
        for fact in facts:
            session.customer = session.customer or fact.customer
            if isinstance(fact.event, OutcomeNoted):
                session.converted = bool(session.converted) or fact.event.converted
            else:
                session.lines.append(Line(number, fact.at, fact.event, fact.client_id))
                self._waiting += 1
        if len(session.lines) >= self._longest:
            yield self._close(name)
        while self._open:
            quietest = next(iter(self._open.values()))
            if self._seen - quietest.seen_at < self._away and self._waiting <= self._most_waiting:
                return
            yield self._close(quietest.session)

    def close_all(self) -> Iterator[SessionLines]:
        """Give what is left, at the end of the log, in the order of the lines."""
        for session in sorted(self._open.values(), key=lambda one: one.lines[0].number if one.lines else 0):
            yield self._close(session.session)

    def _close(self, name: str) -> SessionLines:
        session = self._open.pop(name)
        self._waiting -= len(session.lines)
        return session

    def _next_part(self, name: str) -> int:
        """1, or more for a session that was taken for ended before."""
        mark = hash(name)
        if mark not in self._parts and len(self._parts) >= MOST_REMEMBERED:
            return 1
        self._parts[mark] = self._parts.get(mark, 0) + 1
        return self._parts[mark]
