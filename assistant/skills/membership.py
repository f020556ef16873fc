"""The asker's own member level and points, with the shop's rule beside them."""

import re

from assistant import phrases
from assistant.skills.skill import Finding, Question, Sentence
from crm_core.conversations.events import Source
from crm_core.database import Tx

INTENTS = frozenset({"ask_points", "ask_member_benefit", "ask_birthday_benefit"})
_LEVEL = re.compile(r"等级|级别|会员|什么卡|啥卡|几级|哪级")
_POINTS = re.compile(r"积分|点数")
_OWN = re.compile(r"我|俺|本人")
_STATE = re.compile(r"多少|几|什么|啥|还有|剩|查|到了没")
_RULE = re.compile(r"过期|清零|规则|怎么|咋|如何|能抵|抵多少|抵现|换|晒图|给多少|送多少|好处|权益|优惠|礼")


def membership(_: Tx, question: Question) -> Finding | None:
    """Level and points as the record holds them; None where only the shop's rule is asked."""
    own = bool(_OWN.search(question.said)) or bool(re.search(r"积分(?:还有|有)?多少|多少积分|积分查", question.said))
    if not own or not (_LEVEL.search(question.said) or _POINTS.search(question.said)):
        return None
    rule = bool(_RULE.search(question.said))
    if rule and not _STATE.search(question.said):
        return None
    customer = question.customer
    if customer is None:
        return Finding((Sentence(phrases.SIGN_IN_FIRST, ()),), aside=True)
    sources = (Source("article", f"customer:{customer.id}", "会员资料"),)
    said: list[Sentence] = []
    if customer.member_level:
        said.append(Sentence(f"您现在的会员等级是「{customer.member_level}」。", sources, (customer.member_level,)))
    if customer.points is not None and (_POINTS.search(question.said) or not said):
        points = str(customer.points)
        said.append(Sentence(f"您现在有 {points} 积分。", sources, (points,)))
    if not said:
        return None
    return Finding(tuple(said), general=rule)
