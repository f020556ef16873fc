"""The questions of one turn answered in their order: what one is about, the next may lean on."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue import Dialogue
from assistant.grounding import Asking, gather
from assistant.parts import Assistant
from assistant.policy import Decision, decide
from assistant.proving import proved
from crm_core.conversations.timeline import Thread


def answered(a: Assistant, thread: Thread, dialogue: Dialogue, asked: Sequence[Asking]) -> list[Decision]:
    """What to say to each question."""
    decisions = []
    for asking in asked:
        asking = proved(a, thread, dialogue, asking)
        decision = decide(dialogue, gather(a, thread.customer, dialogue, asking))
        decisions.append(decision)
        cards = tuple(card.sku for card in decision.cards if card.kind == "product" and card.sku)
        dialogue = replace(
            dialogue,
            focus_sku=decision.focus_sku or dialogue.focus_sku,
            focus_order=decision.focus_order or dialogue.focus_order,
            shown=(*cards, *dialogue.shown),
        )
    return decisions
