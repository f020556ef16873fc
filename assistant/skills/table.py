"""Every skill in one glance: which intents are its business, and which wordings."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from assistant.skills import comparing, coupons, membership, purchases, recommending, requests, rivals
from assistant.skills.belonging import belonging
from assistant.skills.comparing import comparison
from assistant.skills.coupons import coupon_facts
from assistant.skills.logistics import where_is_it
from assistant.skills.membership import membership as member_facts
from assistant.skills.order_status import ABOUT as ABOUT_ORDERS
from assistant.skills.order_status import order_status
from assistant.skills.pairing import pairing
from assistant.skills.products import INTENTS as PRODUCT_INTENTS
from assistant.skills.products import product_facts
from assistant.skills.protection import price_protection
from assistant.skills.recommending import recommendation
from assistant.skills.refunds import refund_progress
from assistant.skills.returns import returnable
from assistant.skills.skill import Question, Skill


class Row(NamedTuple):
    """A skill, the intents that are its business, and the wording that calls it whatever the reader thinks."""

    skill: Skill
    intents: frozenset[str]
    wording: re.Pattern[str] | None = None


SKILLS: Mapping[str, Row] = MappingProxyType(
    {
        "membership": Row(member_facts, membership.INTENTS, re.compile("积分|会员|等级|级别")),
        "coupons": Row(
            coupon_facts,
            frozenset(
                {
                    "ask_get_coupon",
                    "ask_coupon_rule",
                    "coupon_fails",
                    "bargain",
                    "ask_discount",
                    "ask_bulk_discount",
                    "complain_price_rise",
                }
            ),
            coupons.ABOUT,
        ),
        "comparing": Row(comparison, frozenset({"ask_difference", "ask_which_better"}), comparing.ABOUT),
        "requests": Row(requests.errand, requests.INTENTS, requests.ABOUT),
        "purchases": Row(purchases.past_purchases, frozenset({"ask_past_purchase"}), purchases.ABOUT),
        "rivals": Row(rivals.rival, frozenset({"compare_competitor"})),
        "logistics": Row(
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
        "order_status": Row(
            order_status,
            frozenset({"ask_order_status", "urge_dispatch", "ask_dispatch_date", "verify_order", "ask_past_purchase"}),
            ABOUT_ORDERS,
        ),
        "refunds": Row(
            refund_progress,
            frozenset({"ask_refund_progress", "ask_refund_date", "ask_refund_amount", "ask_refund_destination"}),
        ),
        "price_protection": Row(price_protection, frozenset({"price_protection"})),
        "returns": Row(returnable, frozenset({"ask_returnable", "request_return_refund", "request_exchange"})),
        "pairing": Row(pairing, frozenset({"ask_compatibility"})),
        "belonging": Row(belonging, frozenset({"ask_compatibility", "ask_bundle", "ask_new_arrivals"})),
        "recommending": Row(recommendation, recommending.INTENTS, recommending.ABOUT),
        "product": Row(product_facts, PRODUCT_INTENTS),
    }
)
# Skills whose last question a short turn may ask again about something else: 台灯那个, 那青瓷那盘呢
GO_ON = frozenset({"logistics", "order_status", "refunds", "returns", "price_protection"})
# Skills after which a message may name another product and nothing else: 8升呢
ABOUT_PRODUCTS = frozenset({"product", "comparing", "belonging", "pairing", "recommending"})
# What the graph states is looked at before anything else where products are in sight …
FIRST = ("pairing", "belonging")
# … and these where nothing else had anything to say.
LAST = ("product",)
# What a shopper asks for in so many words is not something else, however sure the reader is.
ASKED_OUTRIGHT = frozenset({"requests", "purchases"})
SURE = 0.3  # below this an intent is a guess that must not pull a record into the answer
WORDED = 0.8  # what a wording that calls a skill is worth beside an intent


def skills_for(question: Question, going_on: str | None) -> Iterator[tuple[str, Skill, float]]:
    """The skills whose business the question may be, the surest first, each with how sure that is."""
    if going_on is not None and going_on in SKILLS:
        yield going_on, SKILLS[going_on].skill, 1.0
        return
    for name in FIRST:
        if question.mentions or question.sku is not None or question.personal:
            yield name, SKILLS[name].skill, 1.0
    surest = {intent.name: intent.p for intent in question.reading.intents if intent.p >= SURE}
    called: list[tuple[float, str]] = []
    for name, row in SKILLS.items():
        if name in FIRST:
            continue
        p = max((p for intent, p in surest.items() if intent in row.intents), default=0.0)
        if row.wording is not None and row.wording.search(question.said):
            p = max(p, 1.0 if name in ASKED_OUTRIGHT else WORDED)
        if p:
            called.append((p, name))
    # The table's order settles what is equally sure.
    for p, name in sorted(called, key=lambda one: -one[0]):
        yield name, SKILLS[name].skill, p
    if question.mentions or question.sku is not None:
        for name in LAST:
            if name not in {one for _, one in called}:
                yield name, SKILLS[name].skill, 0.5
