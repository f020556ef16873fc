"""How the shoppers in the list feel, and why a session wants a look: read on from entry to entry, and kept."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from assistant.desk.story import label
from assistant.insights.session import Session, after, summary
from assistant.insights.utterances import utterance_of
from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, Entry
from crm_core.database import Tx
from crm_core.reports.session_list import Listed, place_of
from nlp.reading.reading import Reader

KEPT = 5_000
AT_ONCE = 40
"""Entries read in one look: what is further behind is read in the next."""
UNSURE_IN_A_ROW = 2


@dataclass
class _Seen:
    session: str
    seq: int
    felt: Session = field(default_factory=Session)
    unsure: int = 0


class Moods:
    """What was read of each session so far. A cache: losing it costs reading again. Used by one thread at a time."""

    def __init__(self, reader: Reader):
        self._reader = reader
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._left = AT_ONCE

    def begin(self) -> None:
        """A new look: so many entries may be read in it."""
        self._left = AT_ONCE

    def of(self, tx: Tx, one: Listed) -> dict[str, Any]:
        """Emotion and flags of a session; `behind` says that there is more to read."""
        conversation, first = place_of(one.id)
        seen = self._seen.get(conversation)
        if seen is None or seen.session != one.id:
            seen = self._seen[conversation] = _Seen(one.id, first - 1)
        self._seen.move_to_end(conversation)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        if seen.seq < one.seq and self._left > 0:
            for entry in timeline.since(tx, conversation, seen.seq, self._left):
                self._read(seen, entry)
        return {**_told(seen), "behind": seen.seq < one.seq}

    def _read(self, seen: _Seen, entry: Entry) -> None:
        seen.seq = entry.seq
        if isinstance(entry.event, BotReplied):
            seen.unsure = seen.unsure + 1 if entry.event.decision == "unsure" else 0
        said = utterance_of(entry.event, self._reader, seq=entry.seq, line=entry.seq, at=entry.at)
        if said is not None:
            self._left -= said.role == "shopper"
            seen.felt, _ = after(seen.felt, said)


def _told(seen: _Seen) -> dict[str, Any]:
    shows = summary(seen.felt)
    flags = [label(signal) for signal in shows.escalations]
    if seen.unsure >= UNSURE_IN_A_ROW:
        flags.append("机器人连续答不上")
    last = shows.curve[-1] if shows.curve else None
    return {
        "emotion": {"name": last.name, "polarity": last.polarity} if last else None,
        "flags": list(dict.fromkeys(flags)),
    }
