"""Short ways to say what was said: utterances with readings made by hand, and sessions read by the real reader."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.insights.cues import SAID_BAD, SAID_GOOD, Cue
from assistant.insights.utterances import Role, Utterance, spoken, utterance_of
from crm_core.conversations.events import AgentSpoke, BotReplied, ShopperSpoke
from nlp.reading.competitors import Competitor
from nlp.reading.emotion import Emotion
from nlp.reading.intents import Intent
from nlp.reading.price import PriceCue
from nlp.reading.reading import Reader, Reading

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
CALM = Emotion("neutral", 0.0, 0.0)


def shopper(
    seq: int,
    text: str,
    *,
    second: float | None = None,
    intents: Sequence[str] = (),
    polarity: float = 0.0,
    price: Sequence[str] = (),
    rivals: Iterable[tuple[str, bool]] = (),
    cues: Iterable[tuple[str, str]] = (),
    wants_human: bool = False,
    guessed: bool = False,
) -> Utterance:
    """A shopper's message whose reading is given, every minute one unless `second` says when.

    Its words tell the mood unless it is `guessed`.
    """
    name = "neutral" if not polarity else "satisfied" if polarity > 0 else "angry"
    reading = Reading(
        text=text,
        intents=tuple(Intent(one, one, 0.9) for one in intents),
        emotion=Emotion(name, polarity, abs(polarity)),
        urgency="normal",
        price_cues=tuple(PriceCue(0, len(text), text, kind) for kind in price),
        competitors=tuple(Competitor(0, len(text), brand, comparing) for brand, comparing in rivals),
        entities=(),
        wants_human=wants_human,
    )
    told = [] if guessed or not polarity else [(SAID_GOOD if polarity > 0 else SAID_BAD, text)]
    found = tuple(Cue(kind, 0, len(words), words, "test:1") for kind, words in (*cues, *told))
    return spoken(seq, seq, "shopper", text, _at(seq, second), reading, found)


def answer(seq: int, text: str = "满199减20", role: Role = "bot") -> Utterance:
    """What the bot or an agent said."""
    return spoken(seq, seq, role, text, _at(seq, None))


def untimed(said: Utterance) -> Utterance:
    """The same in a log without times."""
    return replace(said, at=None)


def read(reader: Reader, *said: str) -> list[Utterance]:
    """A session read by the real reader; a line that begins with b: or a: is the bot's or an agent's."""
    utterances = []
    for seq, line in enumerate(said, 1):
        who, _, text = line.rpartition(":") if line[:2] in ("b:", "a:") else ("", "", line)
        event = (
            BotReplied(text, 0, "answer") if who == "b" else AgentSpoke(text, "a") if who else ShopperSpoke(text, "")
        )
        utterance = utterance_of(event, reader, seq=seq, line=seq, at=_at(seq, None))
        assert utterance is not None
        utterances.append(utterance)
    return utterances


def _at(seq: int, second: float | None) -> datetime:
    return NOON + timedelta(seconds=60 * seq if second is None else second)
