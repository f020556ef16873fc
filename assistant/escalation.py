"""When a person should take over: one readable table, first hit wins; each hit names its rule, version and words.

| rule | fires on | lane | what the bot does |
|---|---|---|---|
| asked_for_person | the wish for a person, in any words | normal | hands over, no argument |
| accepted_the_offer | a yes to the bot's proposal | normal | hands over |
| self_harm, injury, danger, legal, fraud, minor, insult | words and intents of risk | senior | hands over |
| exclamation_run, exclamation_messages | three exclamation marks, unless pleased | senior | hands over |
| lost, signed, charged, overdue, address | a matter that does not wait | normal, and a ticket | hands over |
| loop | the same question in three turns | normal | proposes, once a session |
| unknown | what the bot does not know, twice in a row and then a third time | normal | proposes, then hands over |
| bot_failed | the bot broke down twice in a row | normal | hands over |
| vip | a customer of a high tier whom the knowledge does not answer | vip | proposes |
| the shop's own | words, products, order values that the shop lists | as listed | as listed |

The words are found by what also reads old logs (`insights.escalating`): live and mined, one rule is one rule. Several
hits in one burst: the first in the table is the reason, the highest lane among them the level. The risks and the
exclamation marks stay armed while an agent owns the session; the others only while the bot does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from assistant.dialogue import Dialogue
from assistant.insights.escalating import PROPOSED, REASONS
from assistant.insights.signals import Signal
from crm_core.conversations.movements import Level
from crm_core.conversations.packet import Quoted
from nlp.reading.human import wish_in
from nlp.reading.reading import Reading

Act = Literal["do", "propose"]

# A yes to 「也可以回复转人工」, and nothing more than a yes.
_ASSENT = re.compile(
    r"^(?:好的?|好吧|行|可以|嗯+|要|需要|麻烦|那就)?[,， ]*(?:帮我)?转(?:吧|一下|过去)?[。.！!~ ]*$"
    r"|^(?:好的?|行|可以|嗯+|要|需要)[。.！!~ ]*$"
)
_LANES: tuple[Level, ...] = ("normal", "vip", "senior")
UNKNOWN_PROPOSES, UNKNOWN_HANDS_OVER, FAILURES = 2, 3, 2  # times in a row


@dataclass(frozen=True)
class Heard:
    """What the rules look at: where the conversation stands, what the burst says, and what it set off."""

    dialogue: Dialogue
    reading: Reading
    signals: tuple[Signal, ...] = ()
    order_value: Callable[[], int | None] = lambda: None  # fen, of the order that is talked about


@dataclass(frozen=True)
class Rule:
    """A reason to hand over. `fires` returns the words that fired it with their places, or None."""

    name: str
    version: int
    label: str
    fires: Callable[[Heard], tuple[Quoted, ...] | None]
    level: Level = "normal"
    act: Act = "do"
    armed: Literal["bot", "always"] = "bot"
    ticket: str | None = None
    queue: str = ""


@dataclass(frozen=True)
class Hit:
    """A rule that fired, the words that fired it, and the lane of the highest among all that did."""

    rule: Rule
    quotes: tuple[Quoted, ...]
    level: Level

    @property
    def words(self) -> str:
        """The characters that fired the rule."""
        return "".join(quote.text for quote in self.quotes)


def _asked_for_a_person(heard: Heard) -> tuple[Quoted, ...] | None:
    """In one message, or in a burst that only says so as a whole."""
    if not heard.reading.wants_human:
        return None
    for said in reversed(heard.dialogue.unanswered):
        span = wish_in(said.text)
        if span is not None:
            return (Quoted(said.seq, said.text[slice(*span)], span),)
    return (Quoted(heard.dialogue.unanswered[-1].seq, heard.reading.text),)


def _accepted_the_offer(heard: Heard) -> tuple[Quoted, ...] | None:
    text = heard.reading.text.strip()
    if not heard.dialogue.person_offered or not _ASSENT.match(text):
        return None
    return (Quoted(heard.dialogue.unanswered[-1].seq, text),)


def _by_signal(name: str, kinds: tuple[str, ...] = ("escalate",)) -> Callable[[Heard], tuple[Quoted, ...] | None]:
    def fires(heard: Heard) -> tuple[Quoted, ...] | None:
        for signal in heard.signals:
            if signal.kind in kinds and signal.rule.name == name:
                return _quotes(heard, signal)
        return None

    return fires


def _quotes(heard: Heard, signal: Signal) -> tuple[Quoted, ...]:
    texts = {said.seq: said.text for said in heard.dialogue.unanswered}
    last = signal.evidence[-1]
    start = texts.get(last, "").find(signal.words)
    span = (start, start + len(signal.words)) if start >= 0 and signal.words else None
    before = tuple(Quoted(line, "") for line in signal.evidence[:-1])
    return (*before, Quoted(last, signal.words, span))


def _rule(name: str, *, ticket: str | None = None) -> Rule:
    """A rule whose words, lane and version are those of the log's own reading."""
    reason = REASONS[name]
    senior = reason.level == "senior"
    return Rule(
        name,
        reason.rule.version,
        reason.label,
        _by_signal(name),
        level="senior" if senior else "normal",
        act="propose" if name in PROPOSED else "do",
        armed="always" if senior else "bot",
        ticket=ticket,
    )


PRESSED = Rule("pressed_button", 1, "买家点了转人工", lambda _: ())
UNKNOWN = Rule("unknown", 1, "连续答不上来", lambda _: None)
BOT_FAILED = Rule("bot_failed", 1, "机器人连续出错", lambda _: None)
VIP = Rule("vip", 1, "高等级会员", lambda _: None, level="vip", act="propose")

RULES = (
    replace(_rule("asked_for_person"), fires=_asked_for_a_person),
    Rule("accepted_the_offer", 2, "同意转人工", _accepted_the_offer),
    _rule("self_harm"),
    _rule("injury", ticket="complaint"),
    _rule("danger", ticket="complaint"),
    _rule("legal", ticket="complaint"),
    _rule("fraud", ticket="complaint"),
    _rule("minor"),
    _rule("insult"),
    _rule("exclamation_run"),
    _rule("exclamation_messages"),
    _rule("lost", ticket="lost_parcel"),
    _rule("signed", ticket="lost_parcel"),
    _rule("charged", ticket="refund"),
    _rule("overdue", ticket="refund"),
    _rule("address", ticket="logistics"),
    _rule("loop"),
)


def rules_for(shop: tuple[Rule, ...] = (), *, literal_marks: bool = False) -> tuple[Rule, ...]:
    """The table with the shop's own rules; `literal_marks`: three exclamation marks count from the pleased, too."""
    rules: tuple[Rule, ...] = RULES
    if literal_marks:
        both = ("escalate", "suppressed_positive")
        rules = tuple(
            replace(rule, fires=_by_signal(rule.name, both)) if rule.name.startswith("exclamation_") else rule
            for rule in rules
        )
    return (*rules, *shop)


def by_count(rule: Rule, dialogue: Dialogue) -> Hit:
    """The hit of a rule that counts turns: its evidence is the message at which the count was full."""
    last = dialogue.unanswered[-1]
    return Hit(rule, (Quoted(last.seq, last.text),), rule.level)


def hits(rules: tuple[Rule, ...], heard: Heard, *, armed: Literal["bot", "always"] = "bot") -> list[Hit]:
    """Every rule that fires, in the order of the table, each with the highest lane among those that act."""
    found = []
    for rule in rules:
        if armed == "always" and rule.armed != "always":
            continue
        quotes = rule.fires(heard)
        if quotes is not None:
            found.append((rule, quotes))
    lane = max((_LANES.index(rule.level) for rule, _ in found if rule.act == "do"), default=0)
    return [Hit(rule, quotes, max(rule.level, _LANES[lane], key=_LANES.index)) for rule, quotes in found]


def first_hit(
    rules: tuple[Rule, ...], heard: Heard, *, armed: Literal["bot", "always"] = "bot"
) -> tuple[Hit | None, Hit | None]:
    """The first hit that hands over, and the first that proposes."""
    found = hits(rules, heard, armed=armed)
    does = next((hit for hit in found if hit.rule.act == "do"), None)
    return does, next((hit for hit in found if hit.rule.act == "propose"), None)
