"""May this be returned, until when, and what is excepted: the shop's own rule applied to the shopper's own order."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial

from assistant.citing import source_of
from assistant.skills import own_orders
from assistant.skills.meant import sibling
from assistant.skills.order_status import state_of
from assistant.skills.products import stock_of
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import day, minute, order_card, order_source
from crm_core.commerce.orders import Line, Order
from crm_core.conversations.events import Choice
from crm_core.database import Tx
from knowledge_base.articles import Article
from nlp.words import terms

RETURN, EXCHANGE = "申请退货", "申请换货"
RECEIVED = {"delivered", "finished"}
LATELY = timedelta(days=30)  # what was received longer ago is asked about by name
WINDOW_QUESTION = "收到商品后几天内可以无理由退货"
_NUMERALS = {"七": 7, "十": 10, "十五": 15, "三十": 30}
_WINDOW = re.compile(r"(\d{1,2}|七|十五|十|三十)\s*[天日](?:之?内)?(?:[^。；\n]{0,30}?)无理由")
_OPENED = re.compile(
    r"(?<![没未不])(?<!没有)(?:拆|开封|用了|用坏|涂|下水|打开|激活|通电)|(?<![没未])(?<!没有)[\u4e00-\u9fff](?<![没未不通超经])过(?![敏期去来几年节滤])"
)
_EXCEPTION = re.compile(
    r"不[能可][^，。；]{0,6}退|不支持|不适用|不可退|不能退|不退|不可以退|概不|恕不|除外|不予|不接受退"
)
_CONDITION = re.compile(
    r"[了后过][的]?(?:一律|概)?不|(?:开封|拆[封开]?|使用|用|穿|洗|下水|激活|试[用穿]|开锅|剪标|打开)[^，。；]{0,4}(?:后|的|过|了)|[\u4e00-\u9fff](?<![超经通])过|如果|一旦拆"
)
_OF_EVERY_RULE = frozenset("不能可以退换货的了吗无理由")
_ALIKE = 3  # letters that such a sentence shares with the message
_LOOKED_AT = 3
_SENTENCES = re.compile(r"[^。；\n]+[。；]?")


def returnable(tx: Tx, question: Question) -> Finding | None:
    """Whether an order is still within the shop's return window, by the rule in force when it was placed."""
    if question.how_to and not question.personal:
        return None
    lately = partial(_received_lately, question.now)
    order = own_orders.find(tx, question, "您想退换哪一个订单里的商品？", lately, own_only=False)
    if not isinstance(order, Order):
        return _for_anyone(question, order) if question.customer is None and order is not None else order
    received = [line for line in order.lines if line.status in RECEIVED and line.delivered_at is not None]
    rule = _window(question, order.ordered_at, order.lines[0].sku)
    sentences: list[Sentence] = []
    open_to_return = False
    if received and rule is not None:
        for line in _meant(received, question.said):
            judged, allowed = _judged(question, order, line, *rule)
            sentences += judged
            open_to_return = open_to_return or allowed
    if not sentences:
        sentences.append(state_of(order, question))
    focus = order.lines[0].sku
    if _exchanges(question):
        wanted = sibling(tx, question, _meant(order.lines, question.said)[0].sku)
        instead = wanted.one if wanted is not None and wanted.one.sku != focus else None
        if instead is not None:
            focus = instead.sku
            sentences += stock_of(instead)
    apply = EXCHANGE if _exchanges(question) else RETURN
    choices = (Choice(apply, apply, order=order.number),) if open_to_return else ()
    return Finding(
        tuple(sentences),
        cards=(order_card(order, question.zone),),
        choices=choices,
        focus_order=order.number,
        as_of=order.ordered_at,
        focus_sku=focus,
        general=rule is None or not received,
    )


def _for_anyone(question: Question, asked_to_sign_in: Finding) -> Finding:
    """The rule itself, for who has not shown which order is theirs."""
    rule = _window(question, question.now, question.sku)
    if rule is None:
        return asked_to_sign_in
    _, article = rule
    quoted = Sentence(article.text, (source_of(article),), (article.text,))
    return Finding((quoted, *asked_to_sign_in.sentences), last_resort=True, focus_order=asked_to_sign_in.focus_order)


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


def _window(question: Question, at: datetime, sku: str | None) -> tuple[int, Article] | None:
    """How many days the shop gives, and where it says so."""
    found = question.shelf.search(WINDOW_QUESTION, k=10, at=at, sku=sku)
    for hit in found.hits:
        match = _WINDOW.search(hit.article.text) or _WINDOW.search(hit.article.title)
        if match and "有货" not in hit.article.title:
            return _NUMERALS.get(match[1]) or int(match[1]), hit.article
    return None


def _judged(question: Question, order: Order, line: Line, days: int, rule: Article) -> tuple[list[Sentence], bool]:
    delivered: datetime = line.delivered_at  # type: ignore[assignment]
    # The day of receipt is not counted; the last day counts to its end.
    last_day = delivered.astimezone(question.zone).date() + timedelta(days=days)
    until = datetime.combine(last_day, time.max, question.zone)
    sources = (order_source(order), source_of(rule))
    signed, ends = minute(delivered, question.zone), day(until, question.zone)
    found = _exception(question, order, line)
    exception, conditional = found if found is not None else (None, False)
    opened = bool(_OPENED.search(question.said))
    barred = exception is not None and (not conditional or opened)
    deed = "换货" if _exchanges(question) else "无理由退货"
    if barred:
        text = f"「{line.title}」{'拆封或用过以后' if conditional else ''}不能{deed}，店铺规则写明："
    elif question.now <= until:
        text = f"「{line.title}」{signed} 签收，按{days}天{deed}计算，{ends} 24:00 前可以申请，现在还在期限内。"
    else:
        text = (
            f"「{line.title}」{signed} 签收，{days}天{deed}到 {ends} 24:00 为止，现在已经过了期限；"
            "如果是质量问题，请回复「转人工」处理。"
        )
    judged = [Sentence(text, sources, (line.title, signed, str(days), ends, "24:00"))]
    if exception is not None:
        judged.append(exception)
    elif opened:
        judged.append(Sentence(f"用过或拆过的以店铺规则为准：{rule.text}", (source_of(rule),), (rule.text,)))
    return judged, not barred and question.now <= until


def _exchanges(question: Question) -> bool:
    return "换" in f"{question.text}{question.said}" and "退" not in question.said


def _exception(question: Question, order: Order, line: Line) -> tuple[Sentence, bool] | None:
    """The shop's own sentence that takes this kind of product out of the rule, and whether only once it was used."""
    kind = {term for term in terms(f"{line.category or ''} {line.title}") if len(term) > 2}
    query = f"{line.category or line.title} 哪些情况不支持无理由退货"
    best: tuple[int, str, Article] | None = None
    for hit in question.shelf.search(query, k=10, at=order.ordered_at, sku=line.sku).hits:
        for sentence in _SENTENCES.findall(hit.article.text):
            shared = len(kind & set(terms(sentence)))
            if shared and _EXCEPTION.search(sentence) and "退" in sentence and (best is None or shared > best[0]):
                best = shared, sentence.strip(), hit.article
    if best is None:
        # What the shop says to just these words: 开过锅的不能无理由退.
        own = question.shelf.search(question.said, at=order.ordered_at, sku=line.sku)
        said = {letter for letter in question.plain if letter.isalnum()}
        for hit in own.hits[:_LOOKED_AT]:
            for sentence in _SENTENCES.findall(hit.article.text):
                shared = len(said & set(sentence) - _OF_EVERY_RULE)
                if _EXCEPTION.search(sentence) and "退" in sentence and shared >= _ALIKE and best is None:
                    best = shared, sentence.strip(), hit.article
    if best is None:
        return None
    _, sentence, article = best
    conditional = _CONDITION.search(sentence) is not None
    told = f"请留意店铺规则：{sentence}" if conditional else sentence
    return Sentence(told, (source_of(article),), (sentence,)), conditional
