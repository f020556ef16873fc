"""May this be returned, until when, and what is excepted: the shop's own rule applied to the shopper's own order."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial

from assistant.citing import source_of
from assistant.skills import own_orders
from assistant.skills.order_status import state_of
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, minute, order_card, order_source
from crm_core.commerce.orders import Line, Order
from crm_core.database import Tx
from knowledge_base.articles import Article
from nlp.words import terms

RECEIVED = {"delivered", "finished"}
LATELY = timedelta(days=30)  # what was received longer ago is asked about by name
WINDOW_QUESTION = "收到商品后几天内可以无理由退货"
_NUMERALS = {"七": 7, "十": 10, "十五": 15, "三十": 30}
_WINDOW = re.compile(r"(\d{1,2}|七|十五|十|三十)\s*[天日](?:之?内)?(?:[^。；\n]{0,30}?)无理由")
_OPENED = re.compile(r"(?<![没未不])(?<!没有)拆|开封|用过|用了|涂|试过|穿过|洗过|下水|喝过|吃过|打开")
_EXCEPTION = re.compile(r"不支持|不适用|不可退|不能退|除外|不予")
_SENTENCES = re.compile(r"[^。；\n]+[。；]?")


def returnable(tx: Tx, question: Question) -> Finding | None:
    """Whether an order is still within the shop's return window, by the rule in force when it was placed."""
    if question.how_to and not question.personal:
        return None
    lately = partial(_received_lately, question.now)
    order = own_orders.find(tx, question, "您想退换哪一个订单里的商品？", lately, own_only=False)
    if not isinstance(order, Order):
        return order
    sentences = [state_of(order, question)]
    received = [line for line in order.lines if line.status in RECEIVED and line.delivered_at is not None]
    rule = _window(question, order)
    if received and rule is not None:
        for line in _meant(received, question.said):
            sentences += _judged(question, order, line, *rule)
    return Finding(
        tuple(sentences),
        cards=(order_card(order, question.zone),),
        focus_order=order.number,
        focus_sku=order.lines[0].sku,
        general=rule is None or not received,
    )


def _meant(lines: Sequence[Line], said: str) -> Sequence[Line]:
    """The items that the message names, each told apart by words the others lack; the first where it names none."""
    pairs = {term for term in terms(said) if term.startswith("2")}
    shared = [pairs & set(terms(f"{line.title} {line.category or ''}")) for line in lines]
    return [
        line
        for line, own in zip(lines, shared, strict=True)
        if own and not any(own < other for other in shared) and shared.index(own) == lines.index(line)
    ] or lines[:1]


def _received_lately(now: datetime, order: Order) -> bool:
    return any(line.delivered_at is not None and now - line.delivered_at < LATELY for line in order.lines)


def _window(question: Question, order: Order) -> tuple[int, Article] | None:
    """How many days the shop gives, and where it says so."""
    found = question.shelf.search(WINDOW_QUESTION, k=10, at=order.ordered_at, sku=order.lines[0].sku)
    for hit in found.hits:
        match = _WINDOW.search(hit.article.text) or _WINDOW.search(hit.article.title)
        if match and "有货" not in hit.article.title:
            return _NUMERALS.get(match[1]) or int(match[1]), hit.article
    return None


def _judged(question: Question, order: Order, line: Line, days: int, rule: Article) -> list[Sentence]:
    delivered: datetime = line.delivered_at  # type: ignore[assignment]
    # The day of receipt is not counted; the last day counts to its end.
    last_day = delivered.astimezone(question.zone).date() + timedelta(days=days)
    until = datetime.combine(last_day, time.max, question.zone)
    sources = (order_source(order), source_of(rule))
    signed, ends = minute(delivered, question.zone), day(until, question.zone)
    exception = _exception(question, order, line)
    if exception is not None and _OPENED.search(question.said):
        text = f"「{line.title}」{signed} 签收，{days}天无理由退货的期限是 {ends} 24:00，但拆封或用过的要看下面这条。"
    elif question.now <= until:
        text = f"「{line.title}」{signed} 签收，按{days}天无理由退货计算，{ends} 24:00 前可以申请，现在还在期限内。"
    else:
        text = (
            f"「{line.title}」{signed} 签收，{days}天无理由退货到 {ends} 24:00 为止，现在已经过了期限；"
            "如果是质量问题，请回复「转人工」处理。"
        )
    judged = [Sentence(text, sources, (line.title, signed, str(days), ends, "24:00"))]
    if exception is not None:
        judged.append(exception)
    return judged


def _exception(question: Question, order: Order, line: Line) -> Sentence | None:
    """The shop's own sentence that takes this kind of product out of the rule, quoted."""
    kind = {term for term in terms(f"{line.category or ''} {line.title}") if len(term) > 2}
    query = f"{line.category or line.title} 哪些情况不支持无理由退货"
    best: tuple[int, str, Article] | None = None
    for hit in question.shelf.search(query, k=10, at=order.ordered_at, sku=line.sku).hits:
        for sentence in _SENTENCES.findall(hit.article.text):
            shared = len(kind & set(terms(sentence)))
            if shared and _EXCEPTION.search(sentence) and "退" in sentence and (best is None or shared > best[0]):
                best = shared, sentence.strip(), hit.article
    if best is None:
        return None
    _, sentence, article = best
    return Sentence(f"请留意店铺规则：{sentence}", (source_of(article),), (sentence,))
