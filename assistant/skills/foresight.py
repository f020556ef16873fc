"""What a shopper's own history makes worth saying unasked: the improved version of what disappointed, what runs out."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.money import yuan
from assistant.skills import edges
from assistant.skills.skill import Question, Sentence
from assistant.skills.wording import day, order_source, product_source
from crm_core.commerce import habits, products, relations
from crm_core.commerce.orders import Order
from crm_core.commerce.products import Product
from crm_core.database import Tx
from crm_core.desk import past_tickets


def improved(tx: Tx, question: Question, product: Product) -> list[Sentence]:
    """For who returned or complained of this product: the version that the shop says replaces it, first of all."""
    if question.customer is None:
        return []
    newer = next(
        (
            edge
            for edge in relations.related(tx, product.sku)
            if edge.predicate == "replaces" and edge.object == product.sku
        ),
        None,
    )
    if newer is None:
        return []
    sore = habits.disappointed_by(question.own(tx)) | past_tickets.complained_of(tx, question.customer.id)
    better = products.product(tx, newer.subject)
    if product.sku not in sore or better is None or not better.stock:
        return []
    note = f"，{newer.note.rstrip('。')}" if newer.note else ""
    offer = edges.offered(better)
    text = f"您之前对 {product.name} 不太满意，它的升级款是 {offer}{note}。"
    return [Sentence(text, (product_source(better), product_source(product)), (product.name, offer, note))]


def running_out(tx: Tx, own: Sequence[Order], now: datetime, zone: ZoneInfo) -> list[Sentence]:
    """What is bought again and again and is due: when it was bought last, and what it costs today."""
    for due in habits.due_again(own, now):
        product = products.product(tx, due.sku)
        if product is None or not product.stock:
            continue
        last, every, price = day(due.last, zone), str(due.every), yuan(product.price)
        order = next(one for one in own if any(line.sku == due.sku for line in one.lines))
        text = f"您上次买「{product.name}」是 {last}，照以往大约 {every} 天用完，差不多该补了；现在 {price}，有货。"
        sources = (order_source(order), product_source(product))
        return [Sentence(text, sources, (product.name, last, every, price or ""))]
    return []
