"""Every skill in one glance: which intents are its business."""

from collections.abc import Mapping
from types import MappingProxyType

from assistant.skills.logistics import where_is_it
from assistant.skills.order_status import order_status
from assistant.skills.pairing import ABOUT_PAIRS, pairing
from assistant.skills.products import INTENTS as PRODUCT_INTENTS
from assistant.skills.products import product_facts
from assistant.skills.refunds import refund_progress
from assistant.skills.returns import returnable
from assistant.skills.skill import Question, Skill

SKILLS: Mapping[str, tuple[Skill, frozenset[str]]] = MappingProxyType(
    {
        "logistics": (
            where_is_it,
            frozenset(
                {
                    "ask_logistics",
                    "ask_arrival_date",
                    "ask_tracking_number",
                    "complain_slow_logistics",
                    "parcel_lost",
                    "parcel_stalled",
                    "signed_not_received",
                }
            ),
        ),
        "order_status": (
            order_status,
            frozenset(
                {
                    "ask_order_status",
                    "urge_dispatch",
                    "ask_dispatch_date",
                    "verify_order",
                    "ask_past_purchase",
                }
            ),
        ),
        "refunds": (
            refund_progress,
            frozenset({"ask_refund_progress", "ask_refund_date", "ask_refund_amount", "ask_refund_destination"}),
        ),
        "returns": (returnable, frozenset({"ask_returnable", "request_return_refund", "request_exchange"})),
        "pairing": (pairing, frozenset({"ask_compatibility"})),
        "product": (product_facts, PRODUCT_INTENTS),
    }
)
# Skills whose last question a short turn may ask again about something else: 台灯那个, 那青瓷那盘呢
GO_ON = frozenset({"logistics", "order_status", "refunds", "returns", "pairing"})
SURE = 0.3  # below this an intent is a guess that must not pull a record into the answer


def skill_for(question: Question, going_on: str | None) -> tuple[str | None, Skill | None, float]:
    """Whose business the question is and how surely: the skill it goes on with, else that of its surest intent."""
    if going_on is not None and going_on in SKILLS:
        return going_on, SKILLS[going_on][0], 1.0
    if ABOUT_PAIRS.search(question.said):
        return "pairing", pairing, 1.0
    for intent in question.reading.intents:
        if intent.p < SURE:
            break
        for name, (skill, intents) in SKILLS.items():
            if intent.name in intents:
                return name, skill, intent.p
    return None, None, 0.0
