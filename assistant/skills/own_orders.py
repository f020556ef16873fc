"""Which of the customer's own orders is meant: named, described, the only one that fits, or to be asked."""

from collections.abc import Callable, Sequence

from assistant import phrases
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import order_card, order_choice
from crm_core.commerce import orders
from crm_core.commerce.orders import Order
from crm_core.database import Tx
from nlp.words import terms

MOST_CHOICES = 5
_ALIKE = 0.05
_DESCRIBES = 1.0


def find(
    tx: Tx, question: Question, ask: str, *fits: Callable[[Order], bool], own_only: bool = True
) -> Order | Finding | None:
    """The order a question is about, or the finding that says why there is none yet: sign in, not yours, which one.

    Each of `fits` says for which orders the question makes sense, the likeliest first; `ask` is how to ask for the one
    that is meant. A question that need not be about an order (`own_only` false) is not where nothing ties it to one:
    None.
    """
    if question.customer is None:
        return _verified(tx, question) or Finding(
            (Sentence(phrases.SIGN_IN_FIRST, ()),),
            aside=not question.personal,
            focus_order=question.order if question.named else None,
        )
    if question.named and question.order is not None:
        order = orders.order_of(tx, question.customer.id, question.order)
        if order is None:
            return Finding((Sentence(phrases.NOT_AMONG_YOURS, ()),))
        return order
    own = question.own(tx)
    if not own:
        return Finding((Sentence(phrases.NO_ORDERS, ()),), aside=not question.personal)
    candidates = _candidates(question, own, fits)
    if not candidates and not own_only and not question.personal:
        return None
    # Where the question fits no order, the newest is the one that people mean.
    candidates = candidates or own[:1]
    if len(candidates) == 1:
        return candidates[0]
    choices = tuple(order_choice(order, question.zone) for order in candidates[:MOST_CHOICES])
    cards = tuple(order_card(order, question.zone) for order in candidates[:MOST_CHOICES])
    return Finding(ask=ask, cards=cards, choices=choices)


def asks_own(question: Question) -> bool:
    """Is the shopper known, so that a question that speaks of an order can only be about theirs?"""
    return question.customer is not None


def _verified(tx: Tx, question: Question) -> Order | None:
    """The one order that an anonymous shopper has shown to be theirs, by its number and the phone behind it."""
    if question.verified is None or question.order is None:
        return None
    return orders.order_of(tx, question.verified, question.order)


def _candidates(question: Question, own: Sequence[Order], fits: Sequence[Callable[[Order], bool]]) -> Sequence[Order]:
    """The orders that may be meant, newest first."""
    if question.corrects:
        own = [order for order in own if order.number != question.order] or own
    described = _described(question, own)
    if described:
        return _fitting(described, fits) or described
    if question.leans and not question.corrects:
        in_focus = [order for order in own if order.number == question.order]
        if in_focus:
            return in_focus
    return _fitting(own, fits) or (own if question.corrects else [])


def _fitting(own: Sequence[Order], fits: Sequence[Callable[[Order], bool]]) -> Sequence[Order]:
    for fit in fits:
        fitting = [order for order in own if fit(order)]
        if fitting:
            return fitting
    return []


def _described(question: Question, own: Sequence[Order]) -> list[Order]:
    """The orders whose items the message names or its page shows: those that share the most with it, if any do."""
    said = {term for term in terms(question.said) if term.startswith(("w", "2")) and len(term) > 2}
    named: dict[str, float] = {}
    for mention in question.names.found_in(
        question.said, among=dict.fromkeys(line.sku for order in own for line in order.lines)
    ):
        for sku in mention.skus:
            named[sku] = max(named.get(sku, 0.0), mention.score)
    scored = []
    for order in own:
        sold = " ".join(f"{line.title} {line.category or ''}" for line in order.lines)
        scored.append((len(said & set(terms(sold))) + max(named.get(line.sku, 0.0) for line in order.lines), order))
    best = max(score for score, _ in scored)
    meant = [order for score, order in scored if best - score < _ALIKE] if best >= _DESCRIBES else []
    # The same thing bought again and again: the last time is meant.
    return meant[:1] if len({tuple(line.sku for line in order.lines) for order in meant}) == 1 else meant
