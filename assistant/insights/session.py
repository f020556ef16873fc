"""A whole session in one value: a pure step from entry to entry, the same live and over an old log.

`after(session, said)` gives the state with one more utterance and the signals it set off. An utterance whose number is
not above the last one changes nothing, so a replay is harmless. `summary(session)` says what the session shows so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from assistant.insights import asking, escalating, feeling, pricing, repeating
from assistant.insights.escalating import Level, Marked
from assistant.insights.feeling import Feeling, Point, Swing
from assistant.insights.pricing import PriceTurn
from assistant.insights.repeating import Echo
from assistant.insights.signals import MOST_EVIDENCE, TAGS, Rule, Signal, merged
from assistant.insights.utterances import Utterance, group_of

SENT_AGAIN: Final = timedelta(seconds=10)
"""The same words within so short a time are one message sent twice."""
NEW_TURN: Final = timedelta(seconds=30)
"""Without an answer between, words so long after the last are said anew."""
MOST_WAITING: Final = 50
NAMED: Final = Rule("competitor_named", 1)
COMPARED: Final = Rule("competitor_compared", 1)
ASKED: Final = Rule("asked_for_person", 1)
LOOP: Final = Rule("loop", 1)
PUT_OFF: Final = Rule("loop_same_answer", 1)
WORDED: Final = Rule("session_words", 1)
BY_INTENT: Final = Rule("session_intents", 1)

_SURE: Final = 0.5
_SURELY: Final = 0.7
_BEFORE_BUYING: Final = frozenset({"presale", "promotion"})
_DOUBTS: Final = {"expensive": "price", "wait": "wait"}
_BY_INTENT: Final = {
    "think_again": ("hesitation", "think"),
    "gift_for_someone": ("motive", "gift"),
    "returning_buyer": ("motive", "repurchase"),
}
_LEVELS: Final[tuple[Level, ...]] = ("none", "normal", "senior")


@dataclass(frozen=True)
class Question:
    """A shopper's message that still waits for an answer."""

    line: int
    text: str


@dataclass(frozen=True)
class Asked:
    """An intent of the session and the lines that have it."""

    name: str
    label: str
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Heard:
    """The shopper's last message: what it said, when, in which turn, and whether anybody spoke since."""

    plain: str = ""
    at: datetime | None = None
    turn: int = 0
    spoken_since: bool = False


@dataclass(frozen=True)
class Session:
    """The state after utterance `seq`; a value, equal for equal logs."""

    seq: int = 0
    heard_messages: int = 0
    heard: Heard = field(default_factory=Heard)
    prices: tuple[PriceTurn, ...] = ()
    feeling: Feeling = field(default_factory=Feeling)
    echoes: tuple[Echo, ...] = ()
    marked: tuple[Marked, ...] = ()
    waiting: tuple[Question, ...] = ()
    intents: tuple[Asked, ...] = ()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What a session shows: its tags, the mood's curve, who should have taken it, what was asked and not answered."""

    tags: tuple[Signal, ...]
    curve: tuple[Point, ...]
    swing: Swing
    escalate: Level
    escalations: tuple[Signal, ...]
    intents: tuple[Asked, ...]
    unanswered: tuple[Question, ...]

    def has(self, kind: str) -> bool:
        """Does the session carry this tag?"""
        return any(tag.kind == kind for tag in self.tags)


def after(session: Session, said: Utterance) -> tuple[Session, tuple[Signal, ...]]:
    """The state once `said` was said, and what it set off."""
    if said.seq <= session.seq:
        return session, ()
    if said.role != "shopper":
        return _answered(session, said)
    return _heard(session, said)


def sum_up(utterances: Iterable[Utterance]) -> Summary:
    """What a whole session shows; its utterances in their order."""
    session = Session()
    for said in utterances:
        session, _ = after(session, said)
    return summary(session)


def summary(session: Session) -> Summary:
    """What the session shows so far."""
    price = pricing.price_sensitive(session.prices, session.heard_messages)
    tags = [signal for signal in session.signals if signal.kind in TAGS]
    escalations = tuple(signal for signal in session.signals if signal.kind == "escalate")
    level = max((_LEVELS.index(signal.value) for signal in escalations), default=0)
    return Summary(
        tags=tuple([price, *tags] if price else tags),
        curve=session.feeling.curve,
        swing=feeling.swing_of(session.feeling.curve),
        escalate=_LEVELS[level],
        escalations=escalations,
        intents=session.intents,
        unanswered=session.waiting,
    )


def _answered(session: Session, said: Utterance) -> tuple[Session, tuple[Signal, ...]]:
    moved = replace(session, seq=said.seq, heard=replace(session.heard, spoken_since=True))
    if not asking.answers(said):
        return moved, ()
    echoes, loop = repeating.answered(session.echoes, said.plain)
    lasting = _loop(session, PUT_OFF, loop, said.text)
    mood = feeling.answered(session.feeling, said)
    signals = merged(session.signals, lasting)
    return replace(moved, feeling=mood, echoes=echoes, waiting=(), signals=signals), tuple(lasting)


def _heard(session: Session, said: Utterance) -> tuple[Session, tuple[Signal, ...]]:
    nth = session.heard_messages + 1
    again = sent_again(session.heard, said)
    turn = session.heard.turn + begins_turn(session.heard, said)
    prices = session.prices if again else pricing.noted(session.prices, said, nth)
    asks = not again and asking.asks(said)
    echoes, loop = (session.echoes, ()) if again else repeating.echoed(session.echoes, said, turn, asks=asks)
    felt, mended = feeling.felt(session.feeling, said)
    exclaimed, marked = escalating.by_marks(said, session.marked)
    lasting = [*_tags_of(said, shopping=_shopping(session)), *escalating.by_words(said), *exclaimed]
    lasting += _loop(session, LOOP, loop, said.text)
    if mended:
        lasting.append(Signal("recovered", "", feeling.RECOVERED, mended, said.text))
    moved = replace(
        session,
        seq=said.seq,
        heard_messages=nth,
        heard=Heard(said.plain, said.at, turn),
        prices=prices,
        feeling=felt,
        echoes=echoes,
        marked=marked,
        waiting=(*session.waiting, Question(said.line, said.text))[-MOST_WAITING:] if asks else session.waiting,
        intents=_intents(session.intents, said),
        signals=merged(session.signals, lasting),
    )
    return moved, (*lasting, *_changes(session, moved, said))


def _loop(session: Session, rule: Rule, lines: tuple[int, ...], words: str) -> list[Signal]:
    """The signals of a loop; told once a session."""
    if not lines or any(signal.kind == "loop" for signal in session.signals):
        return []
    return [Signal("loop", "", rule, lines, words), escalating.escalation("loop", lines, words)]


def _changes(before: Session, now: Session, said: Utterance) -> list[Signal]:
    """What is told anew where it changed: the verdict on price, the swing of the mood."""
    changes = []
    if now.prices != before.prices:
        price = pricing.price_sensitive(now.prices, now.heard_messages)
        changes += [price] if price else []
    swing = feeling.swing_of(now.feeling.curve)
    if swing not in ("none", feeling.swing_of(before.feeling.curve)):
        changes.append(Signal("swing", swing, feeling.SWUNG, (said.line,), said.text))
    return changes


def _shopping(session: Session) -> bool:
    """Has it been about buying so far: 那算了 gives up a purchase only then, not a complaint or a change of address."""
    return bool(session.prices) or any(group_of(asked.name) in _BEFORE_BUYING for asked in session.intents)


def _tags_of(said: Utterance, *, shopping: bool) -> list[Signal]:
    """The tags that one message gives by itself."""
    reading = said.reading
    if reading is None:
        return []
    line = (said.line,)
    found = [
        Signal(
            "competitor",
            one.brand,
            COMPARED if one.comparing else NAMED,
            line,
            said.text[one.start : one.end],
        )
        for one in reading.competitors
    ]
    if reading.wants_human:
        found.append(Signal("wants_human", "", ASKED, line, said.text))
    for cue in said.cues:
        kind, _, value = cue.kind.partition(":")
        if kind in TAGS and (shopping or value != "give_up"):
            found.append(Signal(kind, value, WORDED, line, cue.words))
    # An objection and waiting for a promotion are price cues, and they hold back like any doubt.
    # Who claims a difference back has bought already.
    bought = any(price.kind == "protection" for price in reading.price_cues)
    found += [
        Signal("hesitation", _DOUBTS[price.kind], WORDED, line, price.text)
        for price in reading.price_cues
        if price.kind in _DOUBTS and not bought
    ]
    found += [
        Signal(*_BY_INTENT[intent.name], BY_INTENT, line, said.text, round(intent.p, 3))
        for intent in reading.intents
        if intent.name in _BY_INTENT and intent.p >= _SURELY
    ]
    return found


def _intents(known: tuple[Asked, ...], said: Utterance) -> tuple[Asked, ...]:
    intents = {one.name: one for one in known}
    for intent in said.reading.intents if said.reading is not None else ():
        if intent.p >= _SURE:
            one = intents.get(intent.name, Asked(intent.name, intent.label, ()))
            intents[intent.name] = replace(one, evidence=(*one.evidence, said.line)[:MOST_EVIDENCE])
    return tuple(intents.values())


def sent_again(heard: Heard, said: Utterance) -> bool:
    """Is this the last message once more? Without times: once more, and nobody spoke between."""
    if said.plain != heard.plain or not said.plain:
        return False
    if said.at is None or heard.at is None:
        return not heard.spoken_since
    return said.at - heard.at <= SENT_AGAIN


def begins_turn(heard: Heard, said: Utterance) -> bool:
    """Does a new turn begin with this message: after an answer, or long after the last?"""
    if heard.spoken_since or not heard.turn:
        return True
    return said.at is not None and heard.at is not None and said.at - heard.at >= NEW_TURN
