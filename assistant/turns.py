"""The path of one message: heard and kept, understood, grounded, decided, answered."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from assistant import episodes, phrases
from assistant.announcing import honest
from assistant.answering import answered
from assistant.desk import handover
from assistant.desk.packet import request_of
from assistant.desk.ratings import keep_rating
from assistant.dialogue import Dialogue, burst_of
from assistant.errands import write_down
from assistant.escalation import (
    BOT_FAILED,
    FAILURES,
    PRESSED,
    UNKNOWN,
    UNKNOWN_HANDS_OVER,
    UNKNOWN_PROPOSES,
    VIP,
    Hit,
    by_count,
    first_hit,
)
from assistant.escalation import Heard as Words
from assistant.parts import Assistant
from assistant.policy import Decision
from assistant.second_look import second_look
from assistant.smalltalk import social_reply
from assistant.understanding import askings
from assistant.welcoming import welcomed
from assistant.wording import Tell, reworded
from crm_core.commerce import orders
from crm_core.conversations import timeline
from crm_core.conversations.events import (
    BotReplied,
    Choice,
    Entry,
    Event,
    HandoffRequested,
    Proposal,
    SatisfactionGiven,
    ShopperSpoke,
    Source,
)
from crm_core.conversations.movements import Noticed, ReturnedToBot
from crm_core.conversations.timeline import AlreadySaid, ConversationMovedOn, Thread
from crm_core.customers import customers
from crm_core.database import OperationalTrouble, Tx
from crm_core.desk import agents
from crm_core.desk.agents import may
from crm_core.jobs import jobs
from nlp.reading.reading import Reading

TO_A_PERSON = Choice(phrases.TO_A_PERSON, phrases.TO_A_PERSON)
log = logging.getLogger(__name__)

ANSWER_JOB = "answer_if_forgotten"
# A burst may last 4 s and the answer 8; whoever is still silent after 15 s died in between.
FORGOTTEN_AFTER = timedelta(seconds=15)


@dataclass(frozen=True)
class Heard:
    """Where a message lies in the log; `entries` is empty when it had been said before."""

    seq: int
    entries: tuple[Entry, ...]


def hear(a: Assistant, thread: Thread, say: ShopperSpoke) -> "Future[Heard]":
    """Keep what the shopper said, and the duty to answer it, in one commit."""
    now = a.clock()

    def work(tx: Tx) -> Heard:
        place = timeline.hold(tx, thread.conversation)
        known_at = timeline.said_at(tx, thread.conversation, "shopper", say.client_id)
        if known_at is not None:
            return Heard(known_at, ())
        events = episodes.around(a, tx, thread, place, say, now)
        try:
            entries = timeline.append(tx, thread, events, at=now, place=place)
        except AlreadySaid as repeated:
            return Heard(repeated.seq, ())
        heard = next(entry.seq for entry in entries if isinstance(entry.event, ShopperSpoke))
        last = entries[-1].seq
        jobs.enqueue(tx, ANSWER_JOB, thread.conversation, version=last, due_at=now + FORGOTTEN_AFTER)
        return Heard(heard, tuple(entries))

    return a.record.write(work, thread.conversation)


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
    if dialogue.session is not None and dialogue.session.state != "bot":
        return _listened(a, thread, dialogue)
    epoch = dialogue.session.owner_epoch if dialogue.session is not None else 0
    try:
        decided = _reply(a, thread, dialogue, answers, tell)
    except OperationalTrouble:
        raise  # the record is away: nothing could be appended either
    except Exception:
        # A fault in a skill must not leave the shopper without a word, nor repeat itself for ever.
        log.exception("no answer could be decided")
        decided = _failed(a, thread, dialogue, answers)
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, thread.conversation)
        events: list[Event]
        if isinstance(decided, BotReplied):
            events = [msgspec.structs.replace(decided, epoch=epoch)]
        elif place.session is None or place.seq != dialogue.seq:
            raise ConversationMovedOn(thread.conversation)
        else:
            events = handover.requested(a, tx, place.session, decided, answers=answers)
        # The id is fixed by what is answered: a reply decided twice is appended once.
        named: list[tuple[Event, str | None]] = [
            (event, f"bot-{answers}" if isinstance(event, BotReplied) else None) for event in events
        ]
        try:
            entries = timeline.append(tx, thread, named, at=now, after=dialogue.seq, place=place)
        except AlreadySaid:
            entries = []
        if entries and isinstance(decided, BotReplied):
            write_down(a, tx, thread, place.session.id if place.session is not None else None, decided)
        jobs.finish(tx, ANSWER_JOB, thread.conversation, version=answers)
        return entries

    return a.record.write(work, thread.conversation)


def _failed(a: Assistant, thread: Thread, dialogue: Dialogue, answers: int) -> BotReplied | HandoffRequested:
    """The apology, and the second time in a row a person: a bot that broke down is not asked again and again."""
    if dialogue.failed + 1 >= FAILURES:
        try:
            return request_of(a, thread, dialogue, by_count(BOT_FAILED, dialogue))
        except Exception:
            log.exception("no packet could be made")
            return HandoffRequested(BOT_FAILED.name, BOT_FAILED.version, "")
    return BotReplied(phrases.FAILED, answers, "failed", choices=(TO_A_PERSON,))


def _listened(a: Assistant, thread: Thread, dialogue: Dialogue) -> "Future[list[Entry]]":
    """The bot is silent here; the words are still read for what calls a senior (transition 14b)."""
    request = None
    session = dialogue.session
    fresh = tuple(said for said in dialogue.unanswered if said.seq > dialogue.requested_at)
    if session is not None and session.state == "active" and session.level != "senior" and fresh:
        listened = replace(dialogue, unanswered=fresh)
        reading = a.reader.read(burst_of(listened), a.clock())
        does, _ = first_hit(a.rules, _heard(a, thread, listened, reading), armed="always")
        request = request_of(a, thread, listened, does) if does is not None else None
    now = a.clock()
    answers = dialogue.unanswered[-1].seq

    def work(tx: Tx) -> list[Entry]:
        jobs.finish(tx, ANSWER_JOB, thread.conversation, version=dialogue.seq)
        if request is None:
            return []
        place = timeline.hold(tx, thread.conversation)
        if place.session is None or place.session.state != "active" or place.session.level == "senior":
            return []
        owner = agents.agent(tx, place.session.assignee or "")
        if owner is not None and may(owner.role, "senior"):
            return []  # it is with a senior already
        named: list[tuple[Event, str | None]] = [
            (event, f"senior-{answers}" if isinstance(event, HandoffRequested) else None)
            for event in handover.escalated(a, tx, place.session, request)
        ]
        try:
            return timeline.append(tx, thread, named, at=now, place=place)
        except AlreadySaid:
            return []

    return a.record.write(work, thread.conversation)


def _reply(a: Assistant, thread: Thread, dialogue: Dialogue, answers: int, tell: Tell) -> BotReplied | HandoffRequested:
    """What to say, or the request for a person to make."""
    text = burst_of(dialogue)
    reading = a.reader.read(text, a.clock())
    does, proposes = first_hit(a.rules, _heard(a, thread, dialogue, reading))
    if does is not None:
        return request_of(a, thread, dialogue, does)
    social = social_reply(reading)
    if social is not None and dialogue.asked is None:
        return welcomed(a, thread.customer, BotReplied(social, answers, "social"))
    customer = thread.customer
    asked = askings(a, dialogue, reading)
    decisions = answered(a, thread, dialogue, asked)
    if a.writer is not None:
        decisions = second_look(a, a.writer, customer, dialogue, asked, decisions)
    reply = put_into_words(decisions, answers, question=text)
    if reply.decision == "unsure" and dialogue.unsure + 1 >= UNKNOWN_HANDS_OVER and _reachable(a):
        # It was proposed, and the shopper asked on without getting anywhere.
        return request_of(a, thread, dialogue, by_count(UNKNOWN, dialogue))
    if reply.decision == "unsure" and dialogue.unsure + 1 >= UNKNOWN_PROPOSES:
        proposes = proposes or by_count(UNKNOWN, dialogue)
    if proposes is None and _is_vip(a, thread, dialogue, reply):
        proposes = by_count(VIP, dialogue)
    if a.writer is not None:
        reply = reworded(a.writer, dialogue.said, text, reply, tell)
    reply = honest(reply)
    return reply if proposes is None else proposing(a, dialogue, reply, proposes)


def _heard(a: Assistant, thread: Thread, dialogue: Dialogue, reading: Reading) -> Words:
    signals = a.listening.signals(a.record, dialogue, a.reader, reading)
    return Words(dialogue, reading, signals, lambda: _order_value(a, thread, dialogue))


def _order_value(a: Assistant, thread: Thread, dialogue: Dialogue) -> int | None:
    if thread.customer is None or dialogue.focus_order is None:
        return None
    with a.record.reading() as tx:
        order = orders.order_of(tx, thread.customer, dialogue.focus_order)
    return sum(line.paid_amount or 0 for line in order.lines) if order is not None else None


def _is_vip(a: Assistant, thread: Thread, dialogue: Dialogue, reply: BotReplied) -> bool:
    """Does a customer of a high tier ask what the knowledge does not answer?"""
    if thread.customer is None or dialogue.proposed or reply.skill == "knowledge":
        return False
    with a.record.reading() as tx:
        customer = customers.find(tx, thread.customer)
    return customer is not None and customer.member_level in a.timings.vip_tiers


def _reachable(a: Assistant) -> bool:
    with a.record.reading() as tx:
        return not handover.reach(a, tx).by


def proposing(a: Assistant, dialogue: Dialogue, reply: BotReplied, hit: Hit) -> BotReplied:
    """The reply with the question whether a person is wanted: once a session, and only where one can be reached."""
    if dialogue.proposed or not _reachable(a):
        return reply
    choices = reply.choices if TO_A_PERSON in reply.choices else (*reply.choices, TO_A_PERSON)
    proposal = Proposal(hit.rule.name, hit.rule.version, hit.words)
    text = f"{reply.text}\n{phrases.PROPOSED}"
    return msgspec.structs.replace(reply, text=text, choices=choices, proposal=proposal)


def put_into_words(decisions: Sequence[Decision], answers: int, question: str) -> BotReplied:
    """One reply for all questions of a turn; what is known is said first, what is not is said once."""
    known = [decision for decision in decisions if decision.kind != "unsure"]
    told = known or [decisions[0]]
    last = told[-1]
    sentences = [sentence for decision in told for sentence in decision.sentences]
    lines = list(dict.fromkeys(sentence.text for sentence in sentences))
    if known and len(known) < len(decisions):
        lines.append(phrases.REST_UNKNOWN)
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
        question=(last.question or question) if last.skill is not None else None,
        errands=tuple(d.errand for d in told if d.errand is not None),
        focus_order=next((d.focus_order for d in reversed(told) if d.focus_order), None),
        focus_sku=next((d.focus_sku for d in reversed(told) if d.focus_sku), None),
    )


def request_person(a: Assistant, thread: Thread) -> "Future[list[Entry]]":
    """The shopper pressed the button: the same as asking for a person in words; nothing for who has one already."""
    now = a.clock()
    dialogue = a.dialogues.of(a.record, thread.conversation)
    hit = Hit(PRESSED, (), PRESSED.level)
    request = request_of(a, thread, dialogue, hit)

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, thread.conversation)
        opening = episodes.opening(a, tx, thread, place, now)
        entries = timeline.append(tx, thread, opening, at=now, place=place) if opening else []
        place = timeline.hold(tx, thread.conversation)
        if place.session is None or place.session.state != "bot":
            return entries
        events = handover.requested(a, tx, place.session, request, answers=0)
        named: list[tuple[Event, str | None]] = [(event, None) for event in events]
        return [*entries, *timeline.append(tx, thread, named, at=now, place=place)]

    return a.record.write(work, thread.conversation)


def cancel_wait(a: Assistant, thread: Thread) -> "Future[list[Entry]]":
    """Transition 11: the shopper waits no longer; nothing for who does not wait."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        place = timeline.hold(tx, thread.conversation)
        if place.session is None or place.session.state not in ("queued", "offered"):
            return []
        back = ReturnedToBot("cancelled", timers=a.timings.with_bot(now))
        told = Noticed(phrases.WAIT_CANCELLED, "cancelled")
        return timeline.append(tx, thread, [(back, None), (told, None)], at=now, place=place)

    return a.record.write(work, thread.conversation)


def rate(a: Assistant, thread: Thread, rating: SatisfactionGiven) -> "Future[list[Entry]]":
    """Keep a rating of the session under way, or of one that ended a day ago at most; the last one given counts."""
    now = a.clock()

    def work(tx: Tx) -> list[Entry]:
        kept = keep_rating(tx, thread.conversation, thread.customer, rating, now)
        if kept is None:
            return []
        name = f"{kept.session_id}-{kept.side}-{kept.times}"
        thanks = Noticed(phrases.RATED, "rated")
        said: list[tuple[Event, str | None]] = [(rating, f"rate-{name}"), (thanks, f"rated-{name}")]
        return timeline.append(tx, thread, said, at=now)

    return a.record.write(work, thread.conversation)
