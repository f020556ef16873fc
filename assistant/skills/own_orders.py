"""Which of the customer's own orders is meant: named, described, the only one that fits, or to be asked."""

import re
from collections.abc import Callable, Sequence

from assistant import phrases
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import order_card, order_choice
from crm_core.commerce import orders
from crm_core.commerce.orders import Order
from crm_core.database import Tx
from nlp.words import terms

MOST_CHOICES = 5
# Words that go on with the order just talked about, rather than ask about orders anew.
_POINTS_BACK = re.compile(r"^那|这个|这单|那个|那单|它|刚才|[呢呐]$|^(?:能|可以|还能|还可以|什么时候|多久)")


def find(tx: Tx, question: Question, fits: Callable[[Order], bool], ask: str) -> Order | Finding:
    """The order a question is about, or the finding that says why there is none yet: sign in, not yours, which one.

    `fits` says whether the question makes sense for an order; `ask` is how to ask for the one that is meant.
    """
    if question.customer is None:
        return Finding((Sentence(phrases.SIGN_IN_FIRST, ()),), aside=not question.personal)
    if question.named and question.order is not None:
        order = orders.order_of(tx, question.customer.id, question.order)
        if order is None:
            text = phrases.NOT_AMONG_YOURS.format(number=question.order)
            return Finding((Sentence(text, (), (question.order,)),))
        return order
    own = orders.orders_of(tx, question.customer.id)
    if not own:
        return Finding((Sentence(phrases.NO_ORDERS, ()),), aside=not question.personal)
    described = _described(question.text, own)
    candidates = described or [order for order in own if fits(order)] or own
    if not described and _POINTS_BACK.search(question.text):
        for order in own:
            if order.number == question.order:
                return order
    fitting = [order for order in candidates if fits(order)] or candidates
    if len(fitting) == 1:
        return fitting[0]
    choices = tuple(order_choice(order, question.zone) for order in fitting[:MOST_CHOICES])
    cards = tuple(order_card(order, question.zone) for order in fitting[:MOST_CHOICES])
    return Finding(ask=ask, cards=cards, choices=choices)


def _described(text: str, own: Sequence[Order]) -> list[Order]:
    """The orders whose items the text names: those that share the most of its words, if any share one."""
    said = {term for term in terms(text) if term.startswith(("w", "2")) and len(term) > 2}
    scored = []
    for order in own:
        sold = " ".join(f"{line.title} {line.category or ''}" for line in order.lines)
        scored.append((len(said & set(terms(sold))), order))
    best = max(score for score, _ in scored)
    return [order for score, order in scored if score == best] if best else []
