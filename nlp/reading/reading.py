"""Everything one message tells us, in one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from nlp.reading.competitors import Competitor, brand_rules, competitors_in
from nlp.reading.emotion import Emotion, EmotionHead, read_emotion
from nlp.reading.entities import Entity, entities_in
from nlp.reading.heads import Heads, shipped_heads
from nlp.reading.human import wish_for_human
from nlp.reading.intents import Intent, intents, intents_of
from nlp.reading.lexicon import Hit, Lexicon, rules_of
from nlp.reading.price import PriceCue, price_cues
from nlp.reading.products import ProductNames
from nlp.reading.urgency import Urgency, urgency_of
from nlp.words import Folded, fold

SHOP_ZONE: Final = ZoneInfo("Asia/Shanghai")

SURELY: Final = 0.85  # probability from which an intent makes a message urgent by itself
_LISTS: Final = ("price", "comparing", "urgency", "human", "emotion", "intent_rules")
_NOTHING: Final[tuple[Hit, ...]] = ()
_ASK_HUMAN: Final = "ask_human"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says, asks, names and feels. Offsets are characters of the given text."""

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
            "intents": [{"name": one.name, "label": one.label, "p": one.p} for one in self.intents],
            "emotion": {
                "name": self.emotion.name,
                "polarity": self.emotion.polarity,
                "intensity": self.emotion.intensity,
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


class _Shop(NamedTuple):
    """What a reader knows of the shop: its goods, its brands as given and folded, and the lists without them."""

    products: ProductNames | None
    brands: frozenset[str]
    own: frozenset[str]
    lexicon: Lexicon


class Reader:
    """Reads messages: one scan for all lists, then each part looks at its own hits. Used by many threads at once."""

    def __init__(
        self,
        catalogue: Iterable[tuple[str, str]] = (),
        *,
        own_brands: Collection[str] = (),
        rivals: Iterable[tuple[str, Sequence[str]]] = (),
        heads: Heads | None = None,
        emotion_head: EmotionHead | None = None,
    ) -> None:
        """Take what a shop sells and whom it competes with.

        `catalogue` are (SKU, name) pairs to find in messages; `own_brands` never count as competitors; `rivals` adds
        brands, each with its other spellings, to the shipped list. `heads` stand in for the shipped trained heads,
        `emotion_head` for their half that knows feelings.
        """
        self._rivals = tuple(rivals)
        self._never = frozenset(own_brands)
        self._heads = heads if heads is not None else shipped_heads()
        self._emotion_head = emotion_head
        self._shop = self._shop_of(catalogue, self._never)

    def get_to_know(self, catalogue: Iterable[tuple[str, str]], own_brands: Collection[str]) -> None:
        """Take what the shop sells now; own brands are added to those given at first. Messages being read keep the old.

        Takes about a fifth of a second where the brands are others than before.
        """
        self._shop = self._shop_of(catalogue, self._never | frozenset(own_brands))

    def _shop_of(self, catalogue: Iterable[tuple[str, str]], own_brands: frozenset[str]) -> _Shop:
        """Compile what depends on the shop; the lists only where its brands are others than before."""
        pairs = list(catalogue)
        products = ProductNames(pairs) if pairs else None
        known: _Shop | None = getattr(self, "_shop", None)
        if known is not None and known.brands == own_brands:
            return known._replace(products=products)
        lexicon = _lexicon(own_brands, self._rivals) if own_brands or self._rivals else _shipped()
        return _Shop(products, own_brands, frozenset(fold(brand).text for brand in own_brands), lexicon)

    def read(self, text: str, now: datetime | None = None) -> Reading:
        """Read one message, as of `now` (the present by default); days are those of `now`'s zone, else the shop's."""
        if now is None:
            now = datetime.now(SHOP_ZONE)
        elif now.tzinfo is UTC:
            now = now.astimezone(SHOP_ZONE)
        shop = self._shop  # once: another thread may exchange it
        folded = fold(text)
        hits = shop.lexicon.scan(folded.text)
        cues = price_cues(text, folded, hits.get("price", _NOTHING))
        opinions = self._heads.opinions(folded.text)
        feelings = opinions.feelings if self._emotion_head is None else self._emotion_head.shares(folded.text).tolist()
        wanted = intents_of(hits.get("intent_rules", _NOTHING), opinions.intents)
        wish = wish_for_human(hits.get("human", _NOTHING), folded.text)
        if wish is not None:
            wanted = _with_wish(wanted, wish.rule.weight)
        groups = {intents()[intent.name].group for intent in wanted}
        entities = entities_in(folded, text, now, shop.products)
        urgent = _outside_names(hits.get("urgency", _NOTHING), folded, entities)
        return Reading(
            text=text,
            intents=wanted,
            emotion=read_emotion(folded.text, hits.get("emotion", _NOTHING), feelings),
            urgency=urgency_of(urgent, groups, [one.name for one in wanted if one.p >= SURELY]),
            price_cues=cues,
            competitors=competitors_in(
                folded,
                hits.get("competitors", _NOTHING),
                hits.get("comparing", _NOTHING),
                shop.own,
                on_price=any(cue.kind == "compare" for cue in cues),
            ),
            entities=entities,
            wants_human=wish is not None,
        )


def _outside_names(hits: Sequence[Hit], folded: Folded, entities: Sequence[Entity]) -> Sequence[Hit]:
    """Leave out what only stands in the name of a product: 火星铲 is on no fire, 空气炸锅 has not vanished."""
    names = [(entity.start, entity.end) for entity in entities if entity.kind == "product"]
    if not names or not hits:
        return hits
    spans = [folded.span(hit.start, hit.end) for hit in hits]
    return [
        hit
        for hit, (start, end) in zip(hits, spans, strict=True)
        if not any(start < last and first < end for first, last in names)
    ]


def _with_wish(wanted: Sequence[Intent], sure: float) -> tuple[Intent, ...]:
    """Return the intents with the wish for a person at least as sure as the wording that shows it, surest first."""
    p = max([sure, *(intent.p for intent in wanted if intent.name == _ASK_HUMAN)])
    others = [intent for intent in wanted if intent.name != _ASK_HUMAN]
    wish = Intent(_ASK_HUMAN, intents()[_ASK_HUMAN].label, p)
    return tuple(sorted((wish, *others), key=lambda intent: -intent.p))


@cache
def _shipped() -> Lexicon:
    """Compile the shipped lists once for all readers of a process."""
    return _lexicon()


def _lexicon(own_brands: Collection[str] = (), rivals: Sequence[tuple[str, Sequence[str]]] = ()) -> Lexicon:
    """Compile the lists with a shop's own brands left out and its rivals added."""
    brands = brand_rules(own_brands, rivals)
    # A rival's name has the place of 别家 in what is said about prices: 优衣库才卖79.
    elsewhere = [(spelling, rule._replace(part="price", kind="<other>")) for spelling, rule in brands]
    return Lexicon([*(rule for name in _LISTS for rule in rules_of(name)), *brands, *elsewhere])
