"""Questions of the log that the bot could not answer, and what a person said to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from assistant.insights import asking
from assistant.insights.utterances import Utterance, spoken, utterance_of
from assistant.parts import Assistant
from assistant.skills.table import SKILLS, SURE
from crm_core.conversations import timeline
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Entry,
    OutcomeNoted,
    SatisfactionGiven,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
)
from crm_core.database import Tx
from crm_core.knowledge import gaps
from crm_core.knowledge.gaps import Ahead, OpenQuestion, Why
from knowledge_base.gaps import ALIKE

QUIET = timedelta(minutes=30)
"""Silence after which nobody will answer any more."""
AT_ONCE = 50
MOST = 2_000
"""Conversations read in one go: a large import is read in several, so that nobody waits behind it."""
SHORTEST = 4
"""Characters of a question that can stand alone."""
UPSET = -0.3
"""Polarity from which a question is an outburst: 什么意思 就这样？"""
OWN_RECORD: Final = frozenset(
    name for skill in ("logistics", "order_status", "refunds", "returns") for name in SKILLS[skill][1]
)
"""Intents that the asker's own record answers: no article would have."""
_NOT_KNOWN: Final = re.compile(
    r"(?:没有?|未|暂时?没有?)(?:能)?(?:查|找)到|(?:查|找)不到|不(?:太)?(?:清楚|知道|确定|了解)|(?:没有|暂无|缺少)[^，。]{0,6}(?:资料|信息|数据|说明)"
    r"|无法(?:确认|确定|回答)"
)


@dataclass
class _Waiting:
    """A question without an answer so far; `unsure` once the bot has said that it does not know."""

    said: Utterance
    unsure: bool = False


@dataclass
class _Look:
    """A session while it is read."""

    conversation: str
    session_seq: int
    waiting: list[_Waiting] = field(default_factory=list)
    found: list[OpenQuestion] = field(default_factory=list)
    asked: list[Utterance] = field(default_factory=list)
    said: list[Utterance] = field(default_factory=list)
    answered_by_bot: list[Utterance] = field(default_factory=list)
    converted: bool = False


def look_through(a: Assistant, idle: timedelta = timedelta(0)) -> bool:
    """Read on in the conversations that have gone on and are idle by now; whether their open questions are others."""
    count = 0
    changed = False
    while count < MOST:
        now = a.clock()
        with a.record.reading() as tx:
            ahead = gaps.ahead(tx, AT_ONCE, now - idle)
            read = [(one, _entries(tx, one)) for one in ahead]
        if not ahead:
            break
        found = [(one, questions_in(a, entries, now)) for one, entries in read]

        def keep(tx: Tx, found: Sequence[tuple[Ahead, list[OpenQuestion]]] = found) -> list[bool]:
            return [
                gaps.keep(tx, one.conversation, questions, start=one.start, looked=one.last_seq)
                for one, questions in found
            ]

        changed = any(a.record.write(keep).result()) or changed
        count += len(ahead)
    return changed


def questions_in(a: Assistant, entries: Sequence[Entry], now: datetime) -> list[OpenQuestion]:
    """The open questions of a conversation, from the start of a session on.

    A question is open when the bot said that it does not know, when only a person answered it, when nobody did, or
    when the shopper rated the bot's answer badly. What the asker's own record answers is no question to the knowledge.
    """
    found: list[OpenQuestion] = []
    look: _Look | None = None
    for entry in entries:
        if look is None or isinstance(entry.event, SessionOpened):
            if look is not None:
                found += _ended(a, look, over=True)
            look = _Look(entry.conversation, entry.seq)
        _step(a, look, entry)
        if isinstance(entry.event, SessionClosed):
            found += _ended(a, look, over=True)
            look = None
    if look is not None:
        found += _ended(a, look, over=now - entries[-1].at >= QUIET)
    return found


def _entries(tx: Tx, one: Ahead) -> list[Entry]:
    entries: list[Entry] = []
    seq = one.start - 1
    while seq < one.last_seq and (more := timeline.since(tx, one.conversation, seq)):
        entries += more
        seq = more[-1].seq
    return entries


def _step(a: Assistant, look: _Look, entry: Entry) -> None:
    match entry.event:
        case ShopperSpoke() as event:
            said = utterance_of(event, a.reader, seq=entry.seq, line=entry.seq, at=entry.at)
            if said is None or len(said.plain) < SHORTEST:
                return
            look.said.append(said)
            if asking.asks(said):
                look.asked.append(said)
                look.waiting.append(_Waiting(said))
        case BotReplied(text=text, decision=decision):
            if decision == "unsure" or (decision == "answer" and _NOT_KNOWN.search(text)):
                _not_known(look)
            elif decision in ("answer", "ask") and asking.answers(spoken(entry.seq, entry.seq, "bot", text, entry.at)):
                look.answered_by_bot = [one.said for one in look.waiting if not one.unsure] or look.answered_by_bot
                look.waiting = [one for one in look.waiting if one.unsure]
        case AgentSpoke(text=text):
            if asking.answers(spoken(entry.seq, entry.seq, "agent", text, entry.at)):
                for one in look.waiting:
                    look.found.append(_open(look, one, "unsure" if one.unsure else "handed_over", entry.seq))
                look.waiting = []
        case SatisfactionGiven(solved=solved, stars=stars) if solved == "no" or (stars is not None and stars <= 2):
            known = {one.seq for one in look.found}
            rated = [_Waiting(said) for said in look.answered_by_bot if said.seq not in known]
            look.found += [_open(look, one, "rated_badly", None) for one in rated]
        case OutcomeNoted(converted=converted):
            look.converted = look.converted or converted
        case _:
            pass


def _not_known(look: _Look) -> None:
    """The bot has said that it does not know: to what was asked, or else to the last that was said."""
    said = look.said[-1] if look.said else None
    if not look.waiting and said is not None and said not in look.asked and not asking.says_nothing(said):
        look.asked.append(said)
        look.waiting.append(_Waiting(said))
    for one in look.waiting:
        one.unsure = True


def _open(look: _Look, one: _Waiting, why: Why, answer: int | None) -> OpenQuestion:
    said = one.said
    at = said.at
    assert at is not None  # entries of the log know when
    return OpenQuestion(look.conversation, said.seq, look.session_seq, at, why, answer, worked=False, text=said.text)


def _ended(a: Assistant, look: _Look, *, over: bool) -> list[OpenQuestion]:
    """What stays open once a session is over, or as far as it has come."""
    for one in look.waiting:
        if one.unsure or over:
            look.found.append(_open(look, one, "unsure" if one.unsure else "unanswered", None))
    said = {one.seq: one for one in look.asked}
    kept = []
    for question in look.found:
        asked = said[question.seq]
        if question.why in ("handed_over", "unanswered") and not _to_the_knowledge(asked):
            continue
        answer = question.answer_seq
        worked = answer is not None and (
            look.converted or not _asked_again(a, asked, [one for one in look.said if one.seq > answer])
        )
        kept.append(replace(question, worked=worked))
    look.waiting, look.found = [], []
    return kept


def _to_the_knowledge(said: Utterance) -> bool:
    """Could an article have answered? Not what the asker's own record answers, no outburst, and no mere remark."""
    reading = said.reading
    if reading is None or reading.emotion.polarity <= UPSET or not asking.is_worded_as_question(said):
        return False
    return not (reading.intents and reading.intents[0].p >= SURE and reading.intents[0].name in OWN_RECORD)


def _asked_again(a: Assistant, asked: Utterance, later: Sequence[Utterance]) -> bool:
    """Does one of these messages ask the same once more, in whatever words?"""
    if not later:
        return False
    vectors = a.shelf.embedder.encode([asked.text, *(one.text for one in later)])
    return bool((vectors[1:] @ vectors[0]).max() >= ALIKE)
