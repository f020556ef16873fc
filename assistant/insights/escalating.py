"""When a session should have gone to a person, and to a senior one: readable rules, each naming what fired it.

| rule | fires on | level |
|---|---|---|
| asked_for_person | the wish for a person | normal |
| injury, danger, legal | somebody hurt, fire and current, the law and publicity | senior |
| fraud, minor, self_harm | stolen data or money, a purchase by a child, despair | senior |
| insult | abuse | senior |
| exclamation_run | ≥ 3 marks in one message, unless pleased | senior |
| exclamation_messages | the last 3 messages each end with one, unless all are pleased | senior |
| lost, signed, charged, overdue, address | a matter that does not wait | normal, with a ticket |
| loop | the same question in 3 turns (`repeating`) | normal, proposed only |

Who writes ！！！ out of joy is not escalated: polarity over `PLEASED`, no trouble named, and praise, thanks or joy in
words. That veto is a signal of its own, `suppressed_positive`, and can be switched off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from assistant.insights.cues import SAID_GOOD
from assistant.insights.exclaiming import ENOUGH, mark_at_end, run_in
from assistant.insights.signals import Rule, Signal
from assistant.insights.utterances import Utterance, group_of
from nlp.reading.reading import Reading

Level = Literal["none", "normal", "senior"]

PLEASED: Final = 0.4  # 谢谢！！！ is read as 0.58


class Reason(NamedTuple):
    """A rule, the level of person it calls for, and how pages call it."""

    rule: Rule
    level: Level
    label: str


REASONS: Final = {
    reason.rule.name: reason
    for reason in (
        Reason(Rule("self_harm", 1), "senior", "轻生言语"),
        Reason(Rule("injury", 1), "senior", "人身伤害"),
        Reason(Rule("danger", 1), "senior", "安全隐患"),
        Reason(Rule("legal", 1), "senior", "投诉、维权、曝光"),
        Reason(Rule("fraud", 1), "senior", "诈骗、信息泄露"),
        Reason(Rule("minor", 1), "senior", "未成年人下单"),
        Reason(Rule("insult", 1), "senior", "辱骂"),
        Reason(Rule("exclamation_run", 1), "senior", "连续三个感叹号"),
        Reason(Rule("exclamation_messages", 1), "senior", "连续三句以感叹号结尾"),
        Reason(Rule("asked_for_person", 1), "normal", "要求人工"),
        Reason(Rule("lost", 1), "normal", "包裹丢失、没收到"),
        Reason(Rule("signed", 1), "normal", "显示签收但没收到"),
        Reason(Rule("charged", 1), "normal", "重复扣款"),
        Reason(Rule("overdue", 1), "normal", "退款、发货超时"),
        Reason(Rule("address", 1), "normal", "发货前改地址"),
        Reason(Rule("loop", 1), "normal", "反复问同一件事"),
    )
}
PROPOSED: Final = frozenset({"loop"})
"""Rules that ask the shopper first; the others act at once."""

_URGENT: Final = {
    "report_injury": "injury",
    "threaten_report": "legal",
    "parcel_lost": "lost",
    "signed_not_received": "signed",
    "merchant_sent_wrong_address": "address",
}
_TROUBLE: Final = frozenset({"complaint", "after_sales"})
_GLAD: Final = frozenset({"praise", "thanks", SAID_GOOD})
_SURE: Final = 0.5
_SURELY: Final = 0.8  # calls somebody away from other work


class Marked(NamedTuple):
    """How one of the shopper's messages ended: its line, its closing marks ("" for none), and was it pleased?"""

    line: int
    marks: str
    pleased: bool


def by_words(said: Utterance) -> list[Signal]:
    """The escalations that one message calls for by what it says."""
    found = []
    if said.reading is not None and said.reading.wants_human:
        found.append(escalation("asked_for_person", (said.line,), said.text))
    found += [escalation(cue.kind, (said.line,), cue.words) for cue in said.cues if cue.kind in REASONS]
    known = {signal.rule.name for signal in found}
    return found + [escalation(name, (said.line,), said.text) for name in _by_intent(said) if name not in known]


def by_marks(
    said: Utterance, recent: Sequence[Marked], *, veto: bool = True
) -> tuple[list[Signal], tuple[Marked, ...]]:
    """The escalations that exclamation marks call for, and how the last messages ended, this one included."""
    marked = Marked(said.line, mark_at_end(said.text) or "", pleased(said))
    last = (*recent, marked)[-ENOUGH:]
    found = []
    run = run_in(said.text)
    if run is not None:
        found.append(_unless(marked.pleased and veto, "exclamation_run", (said.line,), run))
    elif len(last) == ENOUGH and all(one.marks for one in last):
        lines = tuple(one.line for one in last)
        glad = all(one.pleased for one in last)
        found.append(_unless(glad and veto, "exclamation_messages", lines, "".join(one.marks for one in last)))
    return found, last


def pleased(said: Utterance) -> bool:
    """Is the message glad beyond doubt: by its polarity, by a word of praise or thanks, and without any trouble?"""
    reading = said.reading
    if reading is None or reading.emotion.polarity <= PLEASED or reading.urgency == "high":
        return False
    names = [intent.name for intent in reading.intents if intent.p >= _SURE]
    praises = any(cue.kind in _GLAD for cue in said.cues) or bool({"praise", "thank"} & set(names))
    return praises and not _in_trouble(names, said, reading)


def escalation(name: str, evidence: tuple[int, ...], words: str) -> Signal:
    """The signal of a rule that fired."""
    reason = REASONS[name]
    return Signal("escalate", reason.level, reason.rule, evidence, words)


def _by_intent(said: Utterance) -> list[str]:
    """The rules that a message's intents call for, where the reader holds it urgent."""
    if said.reading is None or said.reading.urgency != "high":
        return []
    return [_URGENT[intent.name] for intent in said.reading.intents if intent.name in _URGENT and intent.p >= _SURELY]


def _in_trouble(names: Sequence[str], said: Utterance, reading: Reading) -> bool:
    if reading.wants_human or any(group_of(name) in _TROUBLE for name in names):
        return True
    return any(cue.kind == "trouble" or cue.kind in REASONS for cue in said.cues)


def _unless(suppressed: bool, name: str, evidence: tuple[int, ...], words: str) -> Signal:
    signal = escalation(name, evidence, words)
    return Signal("suppressed_positive", name, signal.rule, evidence, words) if suppressed else signal
