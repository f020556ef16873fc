"""All a reply may use: what a skill found in the record, and what the shop's knowledge says."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.dialogue import Dialogue
from assistant.parts import Assistant
from assistant.skills.coupons import ABOUT as ABOUT_COUPONS
from assistant.skills.coupons import coupon_facts
from assistant.skills.skill import Finding, Question
from assistant.skills.table import ABOUT_PRODUCTS, skills_for
from crm_core.customers import customers
from crm_core.customers.customers import Customer
from crm_core.database import Tx
from knowledge_base.search import Found
from nlp.reading.reading import Reading
from nlp.words import terms

LONGEST_FOLLOW_UP = 12  # characters; a longer question names its own topic

# 咋个办嘛 after the trouble was told: it asks on without a word of its own.
_NOTHING_NEW = re.compile(
    r"^(?:那|这)?(?:要|该)?(?:咋个?|怎么?样?|如何|为[啥什]么?|啥|什么)(?:办|弄|整|搞|处理|解决|回事|原因)?(?:才好|好)?[嘛呢呀啊吗么了哦?？。！]*$"
)


@dataclass(frozen=True)
class Asking:
    """One question of a turn: as it is to be understood, and what was tapped or named with it."""

    text: str  # standing alone: what the knowledge is asked
    said: str  # as it was typed: what orders and products are told apart by
    reading: Reading
    order: str | None = None
    sku: str | None = None
    named: bool = False
    picked: bool = False  # the product was tapped or chosen for this question
    skill: str | None = None  # set when the question goes on with what the bot asked or answered before
    corrects: bool = False  # the last answer was about the wrong order
    confirmed: bool = False  # yes to what the bot proposed …
    declined: bool = False  # … or no
    verified: str | None = None  # whose order it was shown to be …
    refused: str | None = None  # … or why it was not: mismatch, too_often


@dataclass(frozen=True)
class Grounds:
    """What stands behind an answer to one question."""

    asking: Asking
    skill: str | None
    finding: Finding | None
    found: Found
    sure: float  # how surely the skill was the right one to ask
    names: str | None = None  # the product that the message speaks of, whoever answers it


def gather(a: Assistant, customer_id: str | None, dialogue: Dialogue, asking: Asking) -> Grounds:
    """Ask the skills whose business this may be, and the knowledge."""
    now = a.clock()
    with a.record.reading() as tx:
        customer: Customer | None = None
        if customer_id is not None:
            customer = customers.find(tx, customer_id) or Customer(customer_id)
        question = Question(
            text=asking.text,
            said=asking.said,
            reading=asking.reading,
            customer=customer,
            order=asking.order or dialogue.focus_order,
            sku=asking.sku or dialogue.focus_sku,
            named=asking.named,
            corrects=asking.corrects,
            now=now,
            zone=a.zone,
            catalogue=a.catalogue,
            shelf=a.shelf,
            names=a.names.of(a.catalogue, a.record),
            picked=asking.picked,
            before=dialogue.question if dialogue.skill in ABOUT_PRODUCTS else None,
            shown=dialogue.shown,
            confirmed=asking.confirmed,
            verified=asking.verified,
        )
        name, finding, sure = _looked_up(tx, question, asking.skill)
    tier = customer.member_level if customer is not None else None
    # What is asked about a purchase is answered by the rules of the day it was made.
    at = finding.as_of if finding is not None and finding.as_of is not None else now
    found = a.shelf.search(asking.said, at=at, sku=question.sku, tier=tier)
    if found.verdict == "unsure" and asking.text != asking.said:
        found = a.shelf.search(asking.text, at=at, sku=question.sku, tier=tier)
    if found.verdict == "unsure" and dialogue.skill == "knowledge" and dialogue.question is not None:
        found = _follow_up(a, dialogue.question, asking.said, at, tier) or found
    spoken = next((one.skus[0] for one in question.mentions if one.headed), None)
    return Grounds(asking, name, finding, found, sure, spoken)


def _looked_up(tx: Tx, question: Question, going_on: str | None) -> tuple[str | None, Finding | None, float]:
    """The first skill that has something to say; one that only has a last resort waits for a better one."""
    kept: tuple[str | None, Finding | None, float] = (None, None, 0.0)
    for name, skill, sure in skills_for(question, going_on):
        finding = skill(tx, question)
        if finding is None:
            continue
        if not finding.last_resort and not finding.aside:
            beside = (
                coupon_facts(tx, question) if name == "membership" and ABOUT_COUPONS.search(question.said) else None
            )
            if beside is not None:
                finding = replace(finding, sentences=(*finding.sentences, *beside.sentences))
            return name, finding, sure
        if kept[1] is None or _weight(finding) > _weight(kept[1]):
            kept = (name, finding, sure)
    return kept


def _weight(finding: Finding) -> int:
    """A fact, if a weak one, before an honest don't know, and that before the way to sign in."""
    if finding.ask is not None or any(sentence.sources for sentence in finding.sentences):
        return 1 if finding.unknown else 2
    return 0


def _follow_up(a: Assistant, question: str, said: str, at: datetime, tier: str | None) -> Found | None:
    """The last passage again, if it holds what is asked on: 押金要多少 after 租帐篷."""
    if len(said) > LONGEST_FOLLOW_UP:
        return None
    pairs = {term for term in terms(said) if term.startswith("2")}
    found = a.shelf.search(f"{question}，{said}", at=at, tier=tier)
    if found.verdict == "unsure":
        return None
    if _NOTHING_NEW.match(said):
        return found
    held = set(terms(found.hits[0].article.text)) - set(terms(question))
    return found if pairs & held else None
