"""What to do about a question, decided from values alone."""

from dataclasses import dataclass

from assistant import phrases
from assistant.citing import source_of
from assistant.dialogue import Dialogue
from assistant.figures import unsupported
from assistant.grounding import Grounds
from assistant.skills.skill import Finding, Sentence
from crm_core.conversations.events import Card, Choice, Errand
from knowledge_base.search import Hit

MOST_SUGGESTIONS = 3
CERTAIN = 0.7  # of the intent that led to a skill
SUGGEST_FROM = 0.35  # below this score a neighbouring question only distracts


@dataclass(frozen=True)
class Decision:
    """What the bot will say to one question, and what it rests on."""

    kind: str  # answer, ask, unsure
    sentences: tuple[Sentence, ...]
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    skill: str | None = None
    focus_order: str | None = None
    focus_sku: str | None = None
    question: str | None = None  # what was answered, where it is more than what was typed
    errand: Errand | None = None


def decide(dialogue: Dialogue, grounds: Grounds) -> Decision:
    """First the asker's own record, then the shop's knowledge above its cut, else say so and propose a person."""
    if grounds.asking.declined:
        return Decision("answer", (Sentence(phrases.NOT_DONE, ()),))
    if grounds.asking.refused is not None:
        told = phrases.NO_MATCH if grounds.asking.refused == "mismatch" else phrases.TOO_MANY_TRIES
        return Decision("answer", (Sentence(told, ()),), choices=(_PERSON,), focus_order=grounds.asking.order)
    finding = grounds.finding
    if finding is not None and finding.ask is not None:
        ask = Sentence(finding.ask, (), tuple(choice.text for choice in finding.choices))
        said = (*_supported(finding.sentences), ask)
        return Decision(
            "ask", said, finding.cards, finding.choices, grounds.skill, finding.focus_order, finding.focus_sku
        )
    sentences = _supported(finding.sentences) if finding is not None else ()
    known = grounds.found.verdict == "answer" and _concerns(finding, grounds.found.hits)
    if finding is None or not sentences:
        return _quoting(grounds) if known else _unsure(dialogue, grounds.found.hits)
    if finding.aside and not known and grounds.sure < CERTAIN and not any(one.sources for one in sentences):
        # Neither the knowledge nor the reader is sure: nobody is sent to sign in for a guess.
        return _unsure(dialogue, grounds.found.hits)
    if finding.last_resort and known:
        return _quoting(grounds)
    if finding.unknown:
        return Decision("unsure", sentences, choices=(_PERSON,), focus_sku=finding.focus_sku)
    if known and finding.aside:
        if not any(one.sources for one in sentences):
            return _quoting(grounds)  # the way to sign in is no part of an answer that needs none
        sentences = (_quoted(grounds.found.hits[0]), *sentences)
    elif known and finding.general:
        sentences = (*sentences, _quoted(grounds.found.hits[0]))
    return Decision(
        "answer",
        sentences,
        finding.cards,
        finding.choices,
        grounds.skill,
        finding.focus_order,
        finding.focus_sku,
        finding.asked,
        finding.errand,
    )


def _concerns(finding: Finding | None, hits: tuple[Hit, ...]) -> bool:
    """Is the passage about what the finding is about, where that matters?"""
    if finding is None or not finding.about or not hits:
        return True
    article = hits[0].article
    said = f"{article.title}{article.text}".lower()
    return any(word in said for word in finding.about)


_PERSON = Choice(phrases.TO_A_PERSON, phrases.TO_A_PERSON)


def _supported(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    return tuple(sentence for sentence in sentences if not unsupported(sentence.text, sentence.values))


def _quoting(grounds: Grounds) -> Decision:
    quoted = (_quoted(grounds.found.hits[0]),)
    return Decision("answer", quoted, skill="knowledge", focus_sku=grounds.names)


def _quoted(hit: Hit) -> Sentence:
    article = hit.article
    return Sentence(article.text, (source_of(article),), (article.text,))


def _unsure(dialogue: Dialogue, hits: tuple[Hit, ...]) -> Decision:
    near = [hit.article for hit in hits if hit.article.kind == "article" and hit.score >= SUGGEST_FROM]
    choices = [Choice(article.title, article.title) for article in near[:MOST_SUGGESTIONS]]
    opening = phrases.UNSURE_AGAIN if dialogue.unsure else phrases.UNSURE
    text = opening + (phrases.PERHAPS if choices else phrases.PROPOSE_PERSON)
    return Decision("unsure", (Sentence(text, ()),), choices=(*choices, _PERSON))
