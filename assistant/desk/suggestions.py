"""Drafts for whoever serves: what the bot would have said, with its sources, and a talk track where a rival is named.

Drafts are shown to people at work and sent by nobody but them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.citing import source_of
from assistant.desk.fitting import fitting
from assistant.desk.talk_tracks import talk_track
from assistant.dialogue import Dialogue, Said, burst_of
from assistant.grounding import Grounds, gather
from assistant.parts import Assistant
from assistant.policy import SUGGEST_FROM, Decision, decide
from assistant.understanding import askings
from crm_core.conversations.events import Source
from crm_core.desk.replies import Reply
from nlp.reading.reading import Reading

MOST = 3


@dataclass(frozen=True)
class Draft:
    """A reply nobody has sent yet. `kind` is answer, talk_track or canned."""

    kind: str
    text: str
    sources: tuple[Source, ...] = ()
    title: str = ""


def drafts(
    a: Assistant, customer: str | None, dialogue: Dialogue, canned: Sequence[Reply] = ()
) -> tuple[int, list[Draft]]:
    """Up to three drafts for what the shopper said last, the best first, and the entry they answer (0: none)."""
    open_to = _waiting(a, dialogue)
    if not open_to.unanswered:
        return 0, []
    reading = a.reader.read(burst_of(open_to), a.clock())
    asked = askings(a, open_to, reading)
    grounds = [gather(a, customer, open_to, asking) for asking in asked]
    decisions = [decide(open_to, one) for one in grounds]
    found = [
        *_rivals(a, reading, open_to, decisions),
        *_answers(decisions),
        *_canned(a, reading.text, canned),
        *_near(grounds),
    ]
    return open_to.unanswered[-1].seq, _distinct(found)[:MOST]


def _waiting(a: Assistant, dialogue: Dialogue) -> Dialogue:
    """The dialogue with something open in it: what is unanswered, else the last thing asked that was no call for us."""
    asking = tuple(said for said in dialogue.unanswered if not _only_calls(a, said.text))
    if asking:
        return replace(dialogue, unanswered=asking)
    for place in range(len(dialogue.said) - 2, -1, -2):
        text = dialogue.said[place]
        if text and not _only_calls(a, text):
            said = Said(dialogue.seq, a.clock(), text, dialogue.focus_sku, dialogue.focus_order)
            return replace(dialogue, unanswered=(said,), said=dialogue.said[:place], asked=None)
    return replace(dialogue, unanswered=())


def _only_calls(a: Assistant, text: str) -> bool:
    """Does it ask for a person, and for nothing that a draft could answer?"""
    reading = a.reader.read(text, a.clock())
    return reading.wants_human and len(text.strip()) <= len("麻烦帮我转一下人工客服谢谢")


def _rivals(a: Assistant, reading: Reading, dialogue: Dialogue, decisions: Sequence[Decision]) -> list[Draft]:
    if not reading.competitors:
        return []
    sku = next((decision.focus_sku for decision in decisions if decision.focus_sku), None) or dialogue.focus_sku
    if sku is None:
        named = a.catalogue.search(reading.text, k=1, at=a.clock())
        sku = named.hits[0].article.id if named.verdict == "answer" else None
    with a.record.reading() as tx:
        track = talk_track(tx, reading.competitors[0].brand, sku)
    return [Draft("talk_track", track.text, track.sources, f"提到 {track.brand}")] if track else []


def _answers(decisions: Sequence[Decision]) -> list[Draft]:
    """What the bot would say, as one reply: only what it knows."""
    known = [decision for decision in decisions if decision.kind != "unsure"]
    sentences = [sentence for decision in known for sentence in decision.sentences]
    if not sentences:
        return []
    sources = {(source.kind, source.id): source for sentence in sentences for source in sentence.sources}
    text = "\n".join(dict.fromkeys(sentence.text for sentence in sentences))
    return [Draft("answer", text, tuple(sources.values()))]


def _canned(a: Assistant, said: str, among: Sequence[Reply]) -> list[Draft]:
    """What people here say to such a message, with its places still to be filled."""
    reply = fitting(a.shelf.embedder, said, among)
    return [Draft("canned", reply.text, title=reply.title)] if reply is not None else []


def _near(grounds: Sequence[Grounds]) -> list[Draft]:
    """What else the shop's knowledge says about it: below the cut for the bot, and worth a look by a person."""
    hits = [hit for one in grounds for hit in one.found.hits if hit.score >= SUGGEST_FROM]
    hits.sort(key=lambda hit: -hit.score)
    return [Draft("answer", hit.article.text, (source_of(hit.article),), hit.article.title) for hit in hits]


def _distinct(found: Sequence[Draft]) -> list[Draft]:
    """Each thing once: a passage that stands in a draft before it is not shown again."""
    kept: list[Draft] = []
    for draft in found:
        if not any(draft.text in other.text for other in kept):
            kept.append(draft)
    return kept
