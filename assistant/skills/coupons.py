"""Which coupons hold now, for whom and whether they stack; the same list for everybody of a member level."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day
from crm_core.commerce import coupons
from crm_core.commerce.coupons import Coupon
from crm_core.conversations.events import Source
from crm_core.database import Tx
from nlp.words import fold

ABOUT = re.compile(r"券|优惠码|红包")
_STACKS = re.compile(r"叠加|同时用|一起用|叠着|叠用|和.{0,6}一起")
_MOST = 4
_MOST_ASIDE = 2
_DEAR = {"discount", "bargain", "expensive", "budget"}
_LATER = re.compile(r"明年|以后|将来|下个月|过后|涨价多少")


def coupon_facts(tx: Tx, question: Question) -> Finding | None:
    """The coupon that is named, whatever its state, or all that the asker may use today."""
    known = coupons.all_coupons(tx)
    if not known:
        return None
    if not ABOUT.search(question.said):
        return _for_everyone(question, known)
    level = question.customer.member_level if question.customer is not None else None
    named = _named(question, known)
    if named:
        return Finding(tuple(_one(question, coupon) for coupon in named[:_MOST]))
    usable = [coupon for coupon in known if coupon.holds(question.now) and coupon.open_to(level)]
    asked_tier = [coupon for coupon in known if coupon.holds(question.now) and _tier_named(question, coupon)]
    listed = [*asked_tier, *(coupon for coupon in usable if coupon not in asked_tier)]
    # A member is told what is theirs first.
    listed.sort(key=lambda coupon: (coupon not in asked_tier, not coupon.tiers))
    if not listed:
        return Finding((Sentence("现在没有查到可以领用的优惠券。", ()),), last_resort=True)
    return Finding(
        tuple(_one(question, coupon) for coupon in listed[:_MOST]), general=bool(_STACKS.search(question.said))
    )


def _for_everyone(question: Question, known: Sequence[Coupon]) -> Finding | None:
    """Who finds the price too high is told of what is open to every shopper, and of nothing else."""
    if not any(cue.kind in _DEAR for cue in question.reading.price_cues) or _LATER.search(question.said):
        return None
    open_to_all = [coupon for coupon in known if coupon.holds(question.now) and not coupon.tiers][:_MOST_ASIDE]
    if not open_to_all:
        return None
    said = Sentence("价格以商品页为准，现在人人可用的优惠有：", ())
    return Finding((said, *(_one(question, coupon) for coupon in open_to_all)), aside=True)


def _named(question: Question, known: Sequence[Coupon]) -> list[Coupon]:
    """The coupons whose own name the message says, beyond the word for coupon: 秋游券, NEW10."""
    scored = []
    for coupon in known:
        title = fold(coupon.title or "").text
        letters = {"".join(pair) for pair in pairwise(title)} - {"优惠", "惠券", "专享", "享券", "属券", "专属"}
        shared = sum(pair in question.plain for pair in letters if "券" not in pair or len(title) <= 3)
        if fold(coupon.code).text in question.plain:
            shared += 3
        if shared and not _tier_named(question, coupon):
            scored.append((shared, coupon))
    best = max((score for score, _ in scored), default=0)
    return [coupon for score, coupon in scored if score == best]


def _tier_named(question: Question, coupon: Coupon) -> bool:
    return any(fold(tier).text in question.plain for tier in coupon.tiers)


def _one(question: Question, coupon: Coupon) -> Sentence:
    title = coupon.title or coupon.code
    parts = [f"「{title}」{(coupon.rule or '').rstrip('。')}"]
    values = [title, coupon.rule or ""]
    if coupon.tiers:
        tiers = "、".join(coupon.tiers)
        parts.append(f"{tiers}可用")
        values.append(tiers)
    ends = day(coupon.valid_to, question.zone) if coupon.valid_to is not None else None
    starts = day(coupon.valid_from, question.zone) if coupon.valid_from is not None else None
    if coupon.valid_to is not None and question.now > coupon.valid_to:
        parts.append(f"{ends} 已经过期，现在用不了了")
    elif coupon.valid_from is not None and question.now < coupon.valid_from:
        parts.append(f"{starts} 才开始，现在还不能用")
    elif ends is not None:
        parts.append(f"有效期到 {ends}")
    values += [one for one in (ends, starts) if one]
    if coupon.stackable is not None:
        parts.append("可以和其他优惠叠加" if coupon.stackable else "不能和其他优惠叠加")
    return Sentence("，".join(parts) + "。", (Source("article", f"coupon:{coupon.code}", title),), tuple(values))
