"""What the carrier last said of a parcel, and whether it has stopped moving."""

from datetime import timedelta

from assistant.skills.skill import Question, Sentence
from assistant.skills.wording import minute, order_source, parcel_source
from crm_core.commerce import logistics
from crm_core.commerce.orders import Line, Order
from crm_core.database import Tx

STALLED_AFTER = timedelta(days=3)
CHECK = "申请物流核查"
MISSING = {"parcel_lost", "signed_not_received"}


def news(tx: Tx, question: Question, order: Order) -> list[Sentence]:
    """The last report about every parcel of an order."""
    parcels = {line.tracking_no: line for line in order.lines if line.tracking_no}
    return [one for number, line in parcels.items() for one in _parcel(tx, question, order, line, number or "")]


def stalled(tx: Tx, question: Question, order: Order) -> bool:
    """Has one of its parcels on the way been silent for days?"""
    for line in order.lines:
        if line.status == "shipped" and line.tracking_no:
            scans = logistics.track(tx, line.tracking_no)
            if scans and question.now - scans[0].at >= STALLED_AFTER:
                return True
    return False


def _parcel(tx: Tx, question: Question, order: Order, line: Line, number: str) -> list[Sentence]:
    scans = logistics.track(tx, number)
    source = parcel_source(line)
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
        text = (
            f"这个包裹已经 {days} 天没有新的物流记录，可能滞留或丢失，抱歉让您久等了。"
            "我可以为您登记物流核查，由客服向快递公司核实。"
        )
        return [said, Sentence(text, (source, order_source(order)), (days,))]
    if any(intent.name in MISSING for intent in question.reading.intents):
        text = (
            "如果您确实没有收到，请先看看是否由家人、驿站或物业代收；仍找不到请回复「转人工」，由客服向快递公司核实。"
        )
        return [said, Sentence(text, (source,))]
    return [said]
