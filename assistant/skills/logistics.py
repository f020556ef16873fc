"""Where the parcel is, and whether it has stopped moving."""

from datetime import timedelta

from assistant.skills import own_orders
from assistant.skills.order_status import is_open, state_of
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import minute, order_card, order_source, parcel_source
from crm_core.commerce import logistics
from crm_core.commerce.logistics import Scan
from crm_core.commerce.orders import Line, Order
from crm_core.database import Tx

STALLED_AFTER = timedelta(days=3)
ON_THE_WAY = {"shipped"}
MISSING = {"parcel_lost", "signed_not_received"}


def where_is_it(tx: Tx, question: Question) -> Finding | None:
    """The last reports of the carrier about the parcels of one order."""
    when = question.reading.intents[0].name == "ask_arrival_date" if question.reading.intents else False
    fits = (is_open,) if when else (_is_on_its_way, is_open)
    order = own_orders.find(tx, question, "您想查哪一个订单的物流？", *fits)
    if not isinstance(order, Order):
        return order
    parcels = {line.tracking_no: line for line in order.lines if line.tracking_no}
    sentences = [state_of(order, question)]
    for number, line in parcels.items():
        sentences += _parcel(question, order, line, logistics.track(tx, number or ""))
    return Finding(
        tuple(sentences),
        cards=(order_card(order, question.zone),),
        focus_order=order.number,
        focus_sku=order.lines[0].sku,
        general=not parcels and not question.named,
    )


def _is_on_its_way(order: Order) -> bool:
    return any(line.status in ON_THE_WAY for line in order.lines)


def _parcel(question: Question, order: Order, line: Line, scans: list[Scan]) -> list[Sentence]:
    source = parcel_source(line)
    number = line.tracking_no or ""
    if not scans:
        text = f"快递单号 {number}，承运方还没有上传物流轨迹。"
        return [Sentence(text, (source,), (number,))]
    last = scans[0]
    when = minute(last.at, question.zone)
    said = Sentence(
        f"最新物流（{line.carrier or '快递'} {number}）：{when} {last.text or last.status}",
        (source,),
        (when, number, last.text, last.status or "", line.carrier or ""),
    )
    silent = question.now - last.at
    if line.status == "shipped" and silent >= STALLED_AFTER:
        days = str(silent.days)
        text = f"这个包裹已经 {days} 天没有新的物流记录，可能滞留或丢失，建议回复「转人工」请客服向快递公司核实。"
        return [said, Sentence(text, (source, order_source(order)), (days,))]
    if any(intent.name in MISSING for intent in question.reading.intents):
        text = (
            "如果您确实没有收到，请先看看是否由家人、驿站或物业代收；仍找不到请回复「转人工」，由客服向快递公司核实。"
        )
        return [said, Sentence(text, (source,))]
    return [said]
