"""A known customer is greeted as one: by the member level they hold, and with what is about to run out at home."""

from assistant import phrases
from assistant.parts import Assistant
from assistant.skills.foresight import running_out
from assistant.skills.wording import product_card
from crm_core.commerce import orders, products
from crm_core.conversations.events import BotReplied
from crm_core.customers import customers

_ORDINARY = "普通"


def welcomed(a: Assistant, customer: str | None, reply: BotReplied) -> BotReplied:
    """The greeting, and for who is signed in what their own history adds to it; other replies as they are."""
    if customer is None or reply.text != phrases.GREETING:
        return reply
    with a.record.reading() as tx:
        person = customers.find(tx, customer)
        due = running_out(tx, orders.orders_of(tx, customer), a.clock(), a.zone)
        known = products.products_by_sku(
            tx, [source.id for one in due for source in one.sources if source.kind == "product"]
        )
    level = person.member_level if person is not None else None
    text = phrases.GREETING
    if level and _ORDINARY not in level:
        text = phrases.GREETING_MEMBER.format(level=level)
    return BotReplied(
        "\n".join((text, *(one.text for one in due))),
        reply.answers,
        reply.decision,
        sources=tuple(source for one in due for source in one.sources),
        cards=tuple(map(product_card, known.values())),
        focus_sku=next(iter(known), None),
    )
