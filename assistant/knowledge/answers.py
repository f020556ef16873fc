"""What a person answered, made fit for everybody: without greeting and name, and not when it was about one buyer."""

import re
from collections.abc import Sequence
from typing import Final

from assistant.insights import asking
from assistant.insights.utterances import spoken
from crm_core.knowledge.gaps import OpenQuestion
from knowledge_base import gaps
from nlp.embedding.embedder import Embedder

SHORTEST: Final = 6
_PERSONAL: Final = re.compile(
    r"[您你](?:[那这的上]|那一|这一)[单笔个]|[您你]的(?:订单|快递|包裹|地址|账户|账号|情况)|订单号|单号|手机号|\d{5,}|@"
    r"|[帮给为][您你]\S{0,2}(?:查|登记|申请|打|催|改|补|安排|留|记)|[一-龥](?:先生|女士|小姐)"
    r"|我(?:去|这就|现在|马上|刚|提交|已经|都|发您|把)|我这边(?:马上|已|就)|已经?(?:帮|为|给|记|登记|提交|申请|安排)"
)
_CLAUSE: Final = re.compile(r"[^，。！？；,!?;～~\s]+[，。！？；,!?;～~\s]*")
_INTRODUCES: Final = re.compile(
    r"(?:夜班|白班|早班|晚班)?[一-龥]{2,4}[～~]|我?(?:这边)?是[一-龥]{0,10}?(?:客服|组|班|售后|仓库|专员|顾问)?[一-龥]{0,4}"
)


def best(questions: Sequence[OpenQuestion], embedder: Embedder) -> tuple[str, list[OpenQuestion]] | None:
    """The answer of a person that most others agree with, made fit for everybody, and the questions it was given to.

    Only answers that worked count: an order followed, or nobody asked again. None when there is none; nothing is ever
    made up.
    """
    worked = [(one, text) for one in questions if one.worked and (text := for_everybody(one.answer))]
    if not worked:
        return None
    text = worked[gaps.central([text for _, text in worked], embedder)][1]
    return text, [one for one, said in worked if said == text] + [one for one, said in worked if said != text]


def for_everybody(answer: str) -> str:
    """An answer without greeting and name; empty when it speaks of one buyer's own matter, or says too little."""
    clauses = _CLAUSE.findall(answer.strip())
    while clauses and _opens_only(clauses[0]):
        clauses = clauses[1:]
    text = "".join(clauses).strip().rstrip("～~，,")
    if len(text) < SHORTEST or _PERSONAL.search(text):
        return ""
    return text


def _opens_only(clause: str) -> bool:
    said = spoken(0, 0, "agent", clause, None)
    return not asking.answers(said) or _INTRODUCES.fullmatch(clause.rstrip("，。！？；,!?; ")) is not None
