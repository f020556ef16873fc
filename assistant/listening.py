"""What calls for a person while a conversation is under way: the rules of `insights`, as over old logs, step by step.

Only what escalates is followed here, not moods and prices: every turn pays for it.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock

from assistant.dialogue import Dialogue
from assistant.insights import asking, escalating, repeating
from assistant.insights.escalating import Marked
from assistant.insights.repeating import Echo
from assistant.insights.session import Heard, begins_turn, sent_again
from assistant.insights.signals import Signal
from assistant.insights.utterances import Utterance, utterance_of
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry, ShopperSpoke
from crm_core.database import Database
from nlp.reading.reading import Reader, Reading

KEPT = 20_000
MOST_FIRED = 32


@dataclass(frozen=True)
class Ear:
    """What one session has shown up to entry `seq`, and what each entry set off."""

    session: str
    seq: int
    heard: Heard = field(default_factory=Heard)
    echoes: tuple[Echo, ...] = ()
    marked: tuple[Marked, ...] = ()
    looped: bool = False
    owed: tuple[Signal, ...] = ()  # set off by an answer, told with the next message
    fired: tuple[tuple[int, Signal], ...] = ()


class Listening:
    """The ears of recent conversations. A cache: losing it costs reading a session again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Ear] = OrderedDict()
        self._lock = Lock()

    def signals(self, record: Database, dialogue: Dialogue, reader: Reader, known: Reading) -> tuple[Signal, ...]:
        """What the unanswered messages set off; `known` is a reading at hand, used where its text is a message's."""
        session = dialogue.session
        if session is None:
            return ()
        with self._lock:
            ear = self._kept.get(session.conversation)
        if ear is None or ear.session != session.id or ear.seq > dialogue.seq:
            ear = Ear(session.id, int(session.id.rpartition(":")[2]))
        for entry in _news(record, dialogue, ear):
            ear = _heard(ear, entry, reader, known)
        ear = replace(ear, seq=max(ear.seq, dialogue.seq))
        with self._lock:
            self._kept[session.conversation] = ear
            self._kept.move_to_end(session.conversation)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        waiting = {said.seq for said in dialogue.unanswered}
        return tuple(signal for seq, signal in ear.fired if seq in waiting)


def _news(record: Database, dialogue: Dialogue, ear: Ear) -> list[Entry]:
    if dialogue.forgotten <= ear.seq:
        return [entry for entry in dialogue.recent if entry.seq > ear.seq]
    assert dialogue.session is not None
    found: list[Entry] = []
    seq = ear.seq
    with record.reading() as tx:
        while entries := timeline.since(tx, dialogue.session.conversation, seq):
            seq = entries[-1].seq
            found += [entry for entry in entries if entry.seq <= dialogue.seq]
            if seq >= dialogue.seq:
                break
    return found


def _heard(ear: Ear, entry: Entry, reader: Reader, known: Reading) -> Ear:
    event = entry.event
    at_hand = known if isinstance(event, ShopperSpoke) and event.text == known.text else None
    said = utterance_of(event, reader, seq=entry.seq, line=entry.seq, at=entry.at, known=at_hand)
    if said is None:
        return ear
    if said.role != "shopper":
        return _answered(ear, said)
    again = sent_again(ear.heard, said)
    turn = ear.heard.turn + begins_turn(ear.heard, said)
    asks = not again and asking.asks(said)
    echoes, loop = (ear.echoes, ()) if again else repeating.echoed(ear.echoes, said, turn, asks=asks)
    exclaimed, marked = escalating.by_marks(said, ear.marked)
    signals = [*escalating.by_words(said), *exclaimed, *ear.owed]
    if loop and not ear.looped:
        signals.append(escalating.escalation("loop", loop, said.text))
    fired = (*ear.fired, *((entry.seq, signal) for signal in signals))[-MOST_FIRED:]
    heard = Heard(said.plain, said.at, turn)
    looped = ear.looped or bool(loop)
    return Ear(ear.session, entry.seq, heard, echoes, marked, looped, fired=fired)


def _answered(ear: Ear, said: Utterance) -> Ear:
    heard = replace(ear.heard, spoken_since=True)
    if not asking.answers(said):
        return replace(ear, seq=said.seq, heard=heard)
    # Whoever gets the same words back in three turns running is in a loop, whatever was asked.
    echoes, loop = repeating.answered(ear.echoes, said.plain)
    if not loop or ear.looped:
        return replace(ear, seq=said.seq, heard=heard, echoes=echoes)
    owed = (escalating.escalation("loop", loop, said.text),)
    return replace(ear, seq=said.seq, heard=heard, echoes=echoes, looped=True, owed=owed)
