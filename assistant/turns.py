"""The path of one message: heard and kept, understood, grounded, decided, answered."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant import phrases
from assistant.dialogue import Dialogue, burst_of
from assistant.escalation import first_hit
from assistant.grounding import gather
from assistant.parts import Assistant
from assistant.policy import Decision, decide
from assistant.second_look import second_look
from assistant.smalltalk import social_reply
from assistant.understanding import askings
from assistant.wording import Tell, reworded
from crm_core.conversations import timeline
from crm_core.conversations.events import (
    BotReplied,
    Choice,
    Entry,
    Event,
    HandoffRequested,
    SatisfactionGiven,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
    Source,
)
from crm_core.conversations.timeline import AlreadySaid, Thread
from crm_core.database import OperationalTrouble, Tx
from crm_core.jobs import jobs

TO_A_PERSON = Choice(phrases.TO_A_PERSON, phrases.TO_A_PERSON)
log = logging.getLogger(__name__)

ANSWER_JOB = "answer_if_forgotten"
# A burst may last 4 s and the answer 8; whoever is still silent after 15 s died in between.
FORGOTTEN_AFTER = timedelta(seconds=15)
# Silence that ends an episode of service: the next message opens a new one and starts fresh.
SESSION_ENDS_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Heard:
    """Where a message lies in the log; `entries` is empty when it had been said before."""

    seq: int
    entries: tuple[Entry, ...]


def hear(a: Assistant, thread: Thread, say: ShopperSpoke) -> "Future[Heard]":
    """Keep what the shopper said, and the duty to answer it, in one commit."""
    now = a.clock()

    def work(tx: Tx) -> Heard:
        events: list[tuple[Event, str | None]] = [*_session_events(tx, thread, now), (say, say.client_id)]
        try:
            entries = timeline.append(tx, thread, events, at=now)
        except AlreadySaid as repeated:
            return Heard(repeated.seq, ())
        last = entries[-1].seq
        jobs.enqueue(tx, ANSWER_JOB, thread.conversation, version=last, due_at=now + FORGOTTEN_AFTER)
        return Heard(last, tuple(entries))

    return a.record.write(work, thread.conversation)


def _session_events(tx: Tx, thread: Thread, now: datetime) -> list[tuple[Event, str | None]]:
    session = timeline.open_session(tx, thread.conversation)
    if session is not None and now - session.last_at < SESSION_ENDS_AFTER:
        return []
    closing: list[tuple[Event, str | None]] = [(SessionClosed("bot_assumed"), None)] if session else []
    return [*closing, (SessionOpened(thread.channel), None)]


def take_turn(a: Assistant, thread: Thread, tell: Tell = lambda _: None) -> "Future[list[Entry]] | None":
    """Answer everything the shopper said that is still unanswered; None when nothing is.

    Deciding happens here, in the caller's thread; the future resolves when the answer is on disk. It carries
    ConversationMovedOn when something was said meanwhile: the caller takes the turn again, with the new words. `tell`
    hears what a language model has written so far of an answer, as far as it may be said.
    """
    dialogue = a.dialogues.of(a.record, thread.conversation)
    if not dialogue.unanswered:
        return None
    answers = dialogue.unanswered[-1].seq
    try:
        events = _reply(a, thread.customer, dialogue, answers, tell)
    except OperationalTrouble:
        raise  # the record is away: nothing could be appended either
    except Exception:
        # A fault in a skill must not leave the shopper without a word, nor repeat itself for ever.
        log.exception("no answer could be decided")
        events = [BotReplied(phrases.FAILED, answers, "unsure", choices=(TO_A_PERSON,))]
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        # The id is fixed by what is answered: a reply decided twice is appended once.
        named: list[tuple[Event, str | None]] = [(event, f"{event.sender}-{answers}") for event in events]
        try:
            entries = timeline.append(tx, thread, named, at=now, after=dialogue.seq)
        except AlreadySaid:
            entries = []
        jobs.finish(tx, ANSWER_JOB, thread.conversation, version=answers)
        return entries

    return a.record.write(work, thread.conversation)


def _reply(a: Assistant, customer: str | None, dialogue: Dialogue, answers: int, tell: Tell) -> list[Event]:
    text = burst_of(dialogue)
    reading = a.reader.read(text, a.clock())
    hit = first_hit(a.rules, dialogue, reading)
    if hit is not None:
        rule, evidence = hit
        return _hand_off(dialogue, HandoffRequested(rule.name, rule.version, evidence), answers)
    social = social_reply(reading)
    if social is not None and dialogue.asked is None:
        return [BotReplied(social, answers, "social")]
    asked = askings(a, dialogue, reading)
    decisions = [decide(dialogue, gather(a, customer, dialogue, asking)) for asking in asked]
    if a.writer is None:
        return [put_into_words(decisions, answers, question=text)]
    decisions = second_look(a, a.writer, customer, dialogue, asked, decisions)
    return [reworded(a.writer, dialogue.said, text, put_into_words(decisions, answers, question=text), tell)]


def _hand_off(dialogue: Dialogue, request: HandoffRequested, answers: int) -> list[Event]:
    if dialogue.person_requested:
        return [BotReplied(phrases.PERSON_REQUESTED_AGAIN, answers, "handoff")]
    # The request and its announcement are one block: neither is ever kept without the other.
    return [request, BotReplied(phrases.PERSON_REQUESTED, answers, "handoff")]


def put_into_words(decisions: Sequence[Decision], answers: int, question: str) -> BotReplied:
    """One reply for all questions of a turn; what is known is said first, what is not is said once."""
    known = [decision for decision in decisions if decision.kind != "unsure"]
    told = known or [decisions[0]]
    last = told[-1]
    sentences = [sentence for decision in told for sentence in decision.sentences]
    lines = list(dict.fromkeys(sentence.text for sentence in sentences))
    if known and len(known) < len(decisions):
        lines.append(phrases.UNSURE + phrases.PROPOSE_PERSON)
    sources: dict[tuple[str, str], Source] = {}
    for sentence in sentences:
        for source in sentence.sources:
            sources.setdefault((source.kind, source.id), source)
    return BotReplied(
        text="\n".join(lines),
        answers=answers,
        decision=last.kind,
        sources=tuple(sources.values()),
        cards=tuple(card for decision in told for card in decision.cards),
        choices=last.choices,
        skill=last.skill,
        question=question if last.skill is not None else None,
        focus_order=next((d.focus_order for d in reversed(told) if d.focus_order), None),
        focus_sku=next((d.focus_sku for d in reversed(told) if d.focus_sku), None),
    )


def request_person(a: Assistant, thread: Thread) -> "Future[list[Entry]]":
    """The shopper pressed the button: keep the request once, and tell that it is kept each time."""
    now = a.clock()
    dialogue = a.dialogues.of(a.record, thread.conversation)

    def work(tx: Tx) -> list[Entry]:
        opening = _session_events(tx, thread, now)
        if dialogue.person_requested and not opening:
            again = BotReplied(phrases.PERSON_REQUESTED_AGAIN, 0, "handoff")
            return timeline.append(tx, thread, [(again, None)], at=now)
        request = HandoffRequested("pressed_button", 1, "")
        told = BotReplied(phrases.PERSON_REQUESTED, 0, "handoff")
        return timeline.append(tx, thread, [*opening, (request, None), (told, None)], at=now)

    return a.record.write(work, thread.conversation)


def rate(a: Assistant, thread: Thread, rating: SatisfactionGiven) -> "Future[list[Entry]]":
    """Keep a rating, once a session."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        session = timeline.open_session(tx, thread.conversation)
        if session is None:
            return []
        thanks = BotReplied(phrases.RATED, 0, "social")
        kept: list[tuple[Event, str | None]] = [(rating, f"rate-{session.id}"), (thanks, f"rated-{session.id}")]
        try:
            return timeline.append(tx, thread, kept, at=now)
        except AlreadySaid:
            return []

    return a.record.write(work, thread.conversation)
