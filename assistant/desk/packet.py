"""The hand-over packet: read from the log once, so that nobody has to ask the shopper again."""

from collections.abc import Sequence

from assistant.desk import handover
from assistant.dialogue import Dialogue
from assistant.escalation import Hit
from assistant.insights.asking import says_nothing
from assistant.insights.session import Summary, sum_up
from assistant.insights.signals import TAGS
from assistant.insights.utterances import Utterance, utterance_of
from assistant.parts import Assistant
from crm_core.commerce import orders
from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, Entry, ShopperSpoke
from crm_core.conversations.movements import HandoffRequested
from crm_core.conversations.packet import Known, Mood, OrderInQuestion, Packet, Tried
from crm_core.conversations.timeline import Thread
from crm_core.customers import customers
from crm_core.database import Tx
from crm_core.privacy import masking

MOST_TRIED = 5
MOST_ENTRIES = 120  # of the session, the latest
LONGEST = 160  # characters of anything quoted
MOST_ORDERS = 3


def request_of(a: Assistant, thread: Thread, dialogue: Dialogue, hit: Hit) -> HandoffRequested:
    """The request that a rule calls for, with everything a person needs to begin."""
    with a.record.reading() as tx:
        entries = _of_session(tx, dialogue)
        customer = customers.find(tx, thread.customer) if thread.customer else None
        phone = customers.contact(tx, thread.customer)[1] if thread.customer and customer else None
        said = [
            one
            for entry in entries
            if (one := utterance_of(entry.event, a.reader, seq=entry.seq, line=entry.seq, at=entry.at)) is not None
        ]
        summary = sum_up(said)
        tier = customer.member_level if customer is not None else None
        level = handover.level_of(a, hit.level, tier)
        packet = Packet(
            reason=hit.rule.label,
            rule=hit.rule.name,
            version=hit.rule.version,
            level=level,
            summary=need_of(said),
            evidence=hit.quotes,
            tried=_tried(entries),
            emotion=tuple(Mood(one.line, one.name, round(one.polarity, 3)) for one in summary.curve),
            tags=_tags(summary),
            orders=_orders(tx, thread.customer, dialogue, entries),
            skus=_skus(dialogue, entries),
            phone=masking.phone(phone),
            tier=tier,
            requested_at=a.clock(),
        )
    rule = hit.rule
    return HandoffRequested(rule.name, rule.version, hit.words, level, hit.quotes, packet, rule.ticket, rule.queue)


def need_of(said: Sequence[Utterance]) -> str:
    """What the shopper wants, in one line: the last thing said that is more than a wish for a person."""
    for one in reversed(said):
        if one.role == "shopper" and one.reading is not None:
            if one.reading.wants_human and len(one.plain) <= len("转人工客服谢谢"):
                continue
            if not says_nothing(one):
                return _short(one.text)
    return ""


def _of_session(tx: Tx, dialogue: Dialogue) -> list[Entry]:
    session = dialogue.session
    if session is None:
        return []
    seq = max(int(session.id.rpartition(":")[2]) - 1, dialogue.seq - MOST_ENTRIES)
    return timeline.since(tx, session.conversation, seq, MOST_ENTRIES)


def _tried(entries: Sequence[Entry]) -> tuple[Tried, ...]:
    asked: list[str] = []
    tried = []
    for entry in entries:
        if isinstance(entry.event, ShopperSpoke):
            asked.append(entry.event.text)
        elif isinstance(entry.event, BotReplied) and entry.event.decision not in ("social", "handoff"):
            reply = entry.event
            sources = tuple(source.title or source.id for source in reply.sources)
            tried.append(Tried(_short("\n".join(asked)), _short(reply.text), reply.decision, sources))
            asked = []
    return tuple(tried[-MOST_TRIED:])


def _tags(summary: Summary) -> tuple[Known, ...]:
    return tuple(
        dict.fromkeys(
            Known(f"{tag.kind}:{tag.value}" if tag.value else tag.kind, TAGS.get(tag.kind, tag.kind), tag.score)
            for tag in summary.tags
        )
    )


def _orders(tx: Tx, customer: str | None, dialogue: Dialogue, entries: Sequence[Entry]) -> tuple[OrderInQuestion, ...]:
    named = [dialogue.focus_order]
    for entry in reversed(entries):
        if isinstance(entry.event, ShopperSpoke):
            named.append(entry.event.order)
        elif isinstance(entry.event, BotReplied):
            named += [source.id for source in entry.event.sources if source.kind == "order"]
    ids = list(dict.fromkeys(name for name in named if name))[:MOST_ORDERS]
    if customer is None or not ids:
        return tuple(OrderInQuestion(name) for name in ids)
    found = []
    for name in ids:
        order = orders.order_of(tx, customer, name)
        status = order.lines[0].status if order is not None and order.lines else ""
        titles = "、".join(line.title or line.sku for line in order.lines) if order is not None else ""
        found.append(OrderInQuestion(name, status, titles))
    return tuple(found)


def _skus(dialogue: Dialogue, entries: Sequence[Entry]) -> tuple[str, ...]:
    named = [dialogue.focus_sku, *(entry.event.sku for entry in entries if isinstance(entry.event, ShopperSpoke))]
    return tuple(dict.fromkeys(sku for sku in named if sku))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
