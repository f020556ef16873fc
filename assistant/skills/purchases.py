"""What the shopper bought before: their own items of the kind that is named, the latest first."""

import re

from assistant import phrases
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, order_card, order_source
from crm_core.database import Tx

ABOUT = re.compile(
    r"(?:买过|拍过|下过单|订过)(?:的)?(?:什么|啥|哪)|以前买的(?:什么|啥|哪)|(?:历史|以往|过去)的?(?:订单|购买)|买了(?:些)?(?:什么|啥)"
)
_MOST = 5


def past_purchases(tx: Tx, question: Question) -> Finding | None:
    """Up to five purchases with their days; None where it is not asked what was bought."""
    if not ABOUT.search(question.said):
        return None
    if question.customer is None:
        return Finding((Sentence(phrases.SIGN_IN_FIRST, ()),), aside=not question.personal)
    own = question.own(tx)
    if not own:
        return Finding((Sentence(phrases.NO_ORDERS, ()),))
    lines = dict.fromkeys(line.sku for order in own for line in order.lines)
    named = {sku for one in question.names.found_in(question.said, among=lines) for sku in one.skus}
    kinds = {question.names.by_sku[sku].category for sku in named if sku in question.names.by_sku}
    bought = [
        (order, line)
        for order in own
        for line in order.lines
        if not named or line.sku in named or (line.category or "").lower() in kinds
    ][:_MOST]
    items = [f"{day(order.ordered_at, question.zone)} {line.title}" for order, line in bought]
    text = "您买过：" + "；".join(items) + "。"
    sources = tuple({order.number: order_source(order) for order, _ in bought}.values())
    cards = tuple(order_card(order, question.zone) for order in {order.number: order for order, _ in bought}.values())
    first, line = bought[0]
    return Finding((Sentence(text, sources, tuple(items)),), cards=cards, focus_order=first.number, focus_sku=line.sku)
