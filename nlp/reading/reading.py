"""Everything one message tells us, in one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from nlp.reading.competitors import Competitor, brand_rules, competitors_in
from nlp.reading.emotion import Emotion, EmotionHead, read_emotion
from nlp.reading.entities import Entity, entities_in
from nlp.reading.human import wish_for_human
from nlp.reading.intents import CERTAIN, Intent, groups, intents_in, labels
from nlp.reading.lexicon import Lexicon, Rule, rules_of
from nlp.reading.price import PriceCue, price_cues
from nlp.reading.products import ProductNames
from nlp.reading.urgency import Urgency, urgency_of
from nlp.words import fold

SHOP_ZONE: Final = ZoneInfo("Asia/Shanghai")
LISTS: Final = ("price", "comparing", "urgency", "human", "emotion")
WANTS_HUMAN: Final = "ask_human"


@dataclass(frozen=True)
class Reading:
    """What a message says, asks and names. Offsets are characters of the given text; intents stand surest first."""

    text: str
    intents: tuple[Intent, ...]
    emotion: Emotion
    urgency: Urgency
    price_cues: tuple[PriceCue, ...]
    competitors: tuple[Competitor, ...]
    entities: tuple[Entity, ...]
    wants_human: bool

    def as_json(self) -> dict[str, Any]:
        """Return the object that `zhanggui read --json` prints."""
        return {
            "text": self.text,
            "intents": [{"name": one.name, "label": one.label, "p": round(one.p, 4)} for one in self.intents],
            "emotion": {
                "name": self.emotion.name,
                "polarity": round(self.emotion.polarity, 3),
                "intensity": round(self.emotion.intensity, 3),
            },
            "urgency": self.urgency,
            "price_cues": [
                {"span": [cue.start, cue.end], "text": cue.text, "kind": cue.kind} for cue in self.price_cues
            ],
            "competitors": [
                {"span": [one.start, one.end], "brand": one.brand, "comparing": one.comparing}
                for one in self.competitors
            ],
            "entities": [{"kind": one.kind, "span": [one.start, one.end], "value": one.value} for one in self.entities],
            "wants_human": self.wants_human,
        }


class Reader:
    """Reads messages by the shipped word lists and, where given, trained heads; used by many threads at once."""

    def __init__(
        self,
        catalogue: Iterable[tuple[str, str]] = (),
        *,
        own_brands: Collection[str] = (),
        rivals: Sequence[tuple[str, Sequence[str]]] = (),
        emotion_head: EmotionHead | None = None,
    ) -> None:
        """Take the shop's goods as (SKU, name) pairs, the brands that are its own, and rivals with their spellings."""
        self._products = ProductNames(catalogue)
        self._own = frozenset(fold(brand).text for brand in own_brands)
        self._lexicon = Lexicon([*_listed(), *brand_rules(own_brands, rivals)])
        self._emotion_head = emotion_head

    def read(self, text: str, now: datetime | None = None) -> Reading:
        """Read one message, as of `now` (the present by default); days are those of `now`'s zone, else the shop's."""
        if now is None:
            now = datetime.now(SHOP_ZONE)
        elif now.tzinfo is UTC:
            now = now.astimezone(SHOP_ZONE)
        folded = fold(text)
        plain = folded.text
        hits = self._lexicon.scan(plain)
        cues = price_cues(text, folded, hits.get("price", ()))
        wish = wish_for_human(hits.get("human", ()))
        intents = intents_in(plain)
        if wish is not None and all(intent.name != WANTS_HUMAN for intent in intents):
            intents = (Intent(WANTS_HUMAN, labels()[WANTS_HUMAN], CERTAIN), *intents)
        elif wish is None:
            intents = tuple(intent for intent in intents if intent.name != WANTS_HUMAN)
        on_price = any(cue.kind == "compare" for cue in cues)
        return Reading(
            text=text,
            intents=intents,
            emotion=read_emotion(plain, hits.get("emotion", ()), self._emotion_head),
            urgency=urgency_of(hits.get("urgency", ()), {groups()[intent.name] for intent in intents}),
            price_cues=cues,
            competitors=competitors_in(
                folded, hits.get("competitors", ()), hits.get("comparing", ()), self._own, on_price
            ),
            entities=entities_in(folded, text, now, self._products),
            wants_human=wish is not None,
        )


@cache
def _listed() -> tuple[tuple[str, Rule], ...]:
    """Read the shipped lists once for all readers."""
    return tuple(pair for part in LISTS for pair in rules_of(part))
