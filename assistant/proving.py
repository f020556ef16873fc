"""An anonymous shopper shows that an order is theirs: its number and the end of the phone it was placed with."""

import re
from dataclasses import replace

from assistant.dialogue import Dialogue
from assistant.grounding import Asking
from assistant.parts import Assistant
from assistant.skills.table import GO_ON
from crm_core.commerce import proofs
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from nlp.words import fold

_TAIL = re.compile(r"(?:尾号|后四位|末四位|后4位|尾数|手机|电话)\D{0,4}(\d{4})(?!\d)|(?<!\d)(\d{4})(?!\d)")

_BARE = 12  # characters of a message in which four digits alone are the end of a phone


def proved(a: Assistant, thread: Thread, dialogue: Dialogue, asking: Asking) -> Asking:
    """The question with whose order it is about, where this conversation showed it; as it is for who is signed in."""
    order = asking.order or dialogue.focus_order
    if thread.customer is not None or order is None:
        return asking
    now = a.clock()
    with a.record.reading() as tx:
        shown = proofs.owner_shown(tx, thread.conversation, order, now)
    if shown is not None:
        return replace(asking, order=order, named=True, verified=shown)
    tail = _tail(asking, order)
    if tail is None:
        return asking

    def work(tx: Tx) -> tuple[str | None, bool]:
        if not proofs.may_try(tx, thread.conversation, order, now):
            return None, False
        return proofs.try_to_show(tx, thread.conversation, order, tail, now), True

    owner, tried = a.record.write(work, thread.conversation).result()
    if owner is None:
        return replace(asking, order=order, refused="mismatch" if tried else "too_often")
    going_on = dialogue.skill if dialogue.skill in GO_ON else "order_status"
    if asking.skill is None and not any(intent.p >= 0.5 for intent in asking.reading.intents):
        asking = replace(asking, skill=going_on)
    return replace(asking, order=order, named=True, verified=owner)


def _tail(asking: Asking, order: str) -> str | None:
    """The last four digits of a phone that the message gives beside the order's number."""
    for entity in asking.reading.entities:
        if entity.kind == "phone":
            return entity.value[-4:]
    left = re.sub(re.escape(fold(order).text), " ", fold(asking.said).text)
    match = _TAIL.search(left)
    if match is None or (match[1] is None and len(left.strip()) > _BARE):
        return None
    return match[1] or match[2]
