"""Everything one message tells us, in one value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp.reading.entities import Entity, entities_in
from nlp.reading.intents import Intent, intents_in
from nlp.words import fold


@dataclass(frozen=True)
class Reading:
    """What a message says, asks and names. Offsets are characters of the given text."""

    text: str
    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    wants_human: bool

    def as_json(self) -> dict[str, Any]:
        """The object that `zhanggui read --json` prints."""
        return {
            "text": self.text,
            "intents": [{"name": one.name, "label": one.label, "p": round(one.p, 4)} for one in self.intents],
            "entities": [{"kind": one.kind, "span": [one.start, one.end], "value": one.value} for one in self.entities],
            "wants_human": self.wants_human,
        }


class Reader:
    """Reads messages; stateless, used by many threads."""

    def read(self, text: str, now: datetime | None = None) -> Reading:  # noqa: ARG002
        """Read one message, as of `now`."""
        folded = fold(text)
        intents = intents_in(folded.text)
        return Reading(
            text=text,
            intents=intents,
            entities=entities_in(folded, text),
            wants_human=any(intent.name == "ask_human" for intent in intents),
        )
