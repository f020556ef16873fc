"""Where a conversation stands, replayed from its events."""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from assistant.phrases import TO_A_PERSON
from crm_core.conversations import timeline
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Choice,
    Entry,
    HandoffRequested,
    SessionOpened,
    ShopperSpoke,
)
from crm_core.conversations.movements import MessageLeft, Released
from crm_core.conversations.session import NotPossible, Session, moved
from crm_core.database import Database

REMEMBERED_TURNS = 6
REMEMBERED_PRODUCTS = 6
LONGEST_BURST = 1_200  # characters
LONGEST_RUN = 12
_LONG_RUN = re.compile(r"(.{1,4}?)\1{11,}")
KEPT_DIALOGUES = 20_000
RECENT = 6


@dataclass(frozen=True)
class Said:
    """One message of the shopper that waits for its answer."""

    seq: int
    at: datetime
    text: str
    sku: str | None
    order: str | None


@dataclass(frozen=True)
class Asked:
    """What the bot asked back and is waiting for: the skill that asked, the question it will answer, the choices."""

    skill: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Dialogue:
    """The state of one conversation after entry `seq`; a value, equal for equal logs."""

    seq: int = 0
    unanswered: tuple[Said, ...] = ()
    said: tuple[str, ...] = ()  # what shopper and bot said in this session, oldest first, the unanswered left out
    asked: Asked | None = None
    skill: str | None = None  # what the last answer was about …
    question: str | None = None  # … and the question it answered
    focus_order: str | None = None
    focus_sku: str | None = None
    shown: tuple[str, ...] = ()  # the products that answers were about, the latest first
    unsure: int = 0  # times in a row the bot did not know
    person_offered: bool = False  # the last answer offered a person
    person_requested: bool = False
    session: Session | None = None  # the episode of service, and who owns it
    requested_at: int = 0  # the entry at which a person was last asked for
    proposed: bool = False  # a person was proposed in this session; once is enough
    failed: int = 0  # times in a row the bot broke down
    recent: tuple[Entry, ...] = ()  # the last things that were said in this session …
    forgotten: int = 0  # … and the last one said before them


def burst_of(dialogue: Dialogue) -> str:
    """What is unanswered as one text to be read: the latest of it, and long runs of one character cut short.

    A shopper may send pages of laughter; what it costs to read them would be paid by everyone else.
    """
    text = "\n".join(said.text for said in dialogue.unanswered)
    return _LONG_RUN.sub(lambda run: run[0][:LONGEST_RUN], text)[-LONGEST_BURST:]


def after(dialogue: Dialogue, entry: Entry) -> Dialogue:
    """The state once `entry` has happened."""
    event = entry.event
    session = _session_after(dialogue.session, entry)
    on = replace(dialogue, seq=entry.seq, session=session)
    match event:
        case SessionOpened():
            # A new episode starts fresh: nothing asked or in focus before may colour its answers.
            return Dialogue(seq=entry.seq, unanswered=dialogue.unanswered, session=session)
        case ShopperSpoke():
            said = Said(entry.seq, entry.at, event.text, event.sku, event.order)
            return replace(
                _recalled(on, entry),
                unanswered=(*dialogue.unanswered, said),
                focus_sku=event.sku or dialogue.focus_sku,
                focus_order=event.order or dialogue.focus_order,
            )
        case BotReplied():
            return _after_reply(_recalled(on, entry), event)
        case AgentSpoke():
            return replace(_recalled(on, entry), unanswered=(), said=_remember(dialogue, event.text), asked=None)
        case HandoffRequested():
            return replace(on, person_requested=True, requested_at=entry.seq)
        case MessageLeft():
            return replace(on, unanswered=())
        case Released():
            # The bot goes on from the summary, not from what the agent said.
            return replace(on, said=("", event.summary) if event.summary else (), asked=None, unsure=0)
        case _:
            return on


def _recalled(dialogue: Dialogue, entry: Entry) -> Dialogue:
    recent = (*dialogue.recent, entry)
    forgotten = recent[0].seq if len(recent) > RECENT else dialogue.forgotten
    return replace(dialogue, recent=recent[-RECENT:], forgotten=forgotten)


def _session_after(session: Session | None, entry: Entry) -> Session | None:
    try:
        return moved(session, entry)
    except NotPossible:  # logs that were written before sessions had owners
        return session


def _after_reply(dialogue: Dialogue, reply: BotReplied) -> Dialogue:
    asked = Asked(reply.skill or "", reply.question or "", reply.choices) if reply.decision == "ask" else None
    return replace(
        dialogue,
        unanswered=tuple(said for said in dialogue.unanswered if said.seq > reply.answers),
        said=_remember(dialogue, reply.text),
        asked=asked,
        skill=reply.skill if reply.decision != "social" else dialogue.skill,
        question=reply.question or dialogue.question,
        focus_order=reply.focus_order or dialogue.focus_order,
        focus_sku=reply.focus_sku or dialogue.focus_sku,
        shown=_seen(dialogue, reply),
        person_offered=any(choice.say == TO_A_PERSON for choice in reply.choices),
        unsure=dialogue.unsure + 1 if reply.decision == "unsure" else 0,
        failed=dialogue.failed + 1 if reply.decision == "failed" else 0,
        proposed=dialogue.proposed or reply.proposal is not None,
    )


def _seen(dialogue: Dialogue, reply: BotReplied) -> tuple[str, ...]:
    fresh = [card.sku for card in reply.cards if card.kind == "product" and card.sku]
    focus = (reply.focus_sku,) if reply.focus_sku is not None else ()
    return tuple(dict.fromkeys((*focus, *fresh, *dialogue.shown)))[:REMEMBERED_PRODUCTS]


def _remember(dialogue: Dialogue, answer: str) -> tuple[str, ...]:
    turn = ("".join(said.text for said in dialogue.unanswered), answer)
    return (*dialogue.said, *turn)[-REMEMBERED_TURNS:]


class Dialogues:
    """The states of recent conversations, so that a turn reads only what is new. A cache: losing it costs a replay."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Dialogue] = OrderedDict()
        self._lock = Lock()

    def of(self, record: Database, conversation: str) -> Dialogue:
        """The state of the conversation as of now."""
        with self._lock:
            dialogue = self._kept.get(conversation, Dialogue())
        with record.reading() as tx:
            while entries := timeline.since(tx, conversation, dialogue.seq):
                for entry in entries:
                    dialogue = after(dialogue, entry)
        self._keep(conversation, dialogue)
        return dialogue

    def moved(self, entries: list[Entry]) -> None:
        """Carry a kept state on by entries that were just appended, if it is the state right before them."""
        if not entries:
            return
        conversation = entries[0].conversation
        with self._lock:
            dialogue = self._kept.get(conversation)
        if dialogue is not None and dialogue.seq == entries[0].seq - 1:
            for entry in entries:
                dialogue = after(dialogue, entry)
            self._keep(conversation, dialogue)

    def _keep(self, conversation: str, dialogue: Dialogue) -> None:
        with self._lock:
            known = self._kept.get(conversation)
            if known is None or known.seq < dialogue.seq:
                self._kept[conversation] = dialogue
            self._kept.move_to_end(conversation)
            if len(self._kept) > KEPT_DIALOGUES:
                self._kept.popitem(last=False)
