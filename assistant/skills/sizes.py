"""Which size fits: the shopper's height and weight set against the ranges that the sizes of a product state."""

import re
from collections.abc import Sequence

from assistant.skills import attributes
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.commerce.products import Product

_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:cm|kg|公斤|厘米|斤)?\s*[-~—–至到]\s*(\d+(?:\.\d+)?)\s*(kg|公斤|cm|厘米|斤)?")
_ONE_SIDED = re.compile(r"(\d+(?:\.\d+)?)\s*(kg|公斤|cm|厘米|斤)?\s*(以下|以内|内|以上)")
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?)\s*(公斤|kg|千克|斤)(半)?")
_KILOGRAMS = {"公斤", "kg", "千克"}
_OF = {"height": re.compile("身高"), "weight": re.compile("体重")}
_MOST = 3


def advice(question: Question, found: Sequence[Product]) -> Finding | None:
    """The sizes whose own stated ranges hold what the shopper said of themselves; None where no size states any."""
    own = _own_measures(question)
    if not own:
        return None
    judged = [(product, _fits(product, own)) for product in found]
    known = [(product, fits) for product, fits in judged if fits]
    if not known:
        return None
    if len(known) == 1:
        return _alone(*known[0])
    fitting = [product for product, fits in known if all(inside for _, _, inside in fits)]
    half = [product for product, fits in known if any(inside for _, _, inside in fits)]
    if not fitting and not half:
        stated = "；".join(
            f"{product.name} {name} {value}" for product, fits in known[:_MOST] for name, value, _ in fits
        )
        sources = tuple(product_source(product) for product, _ in known[:_MOST])
        text = f"按资料里写的尺码范围，没有一个正好合您：{stated}。"
        return Finding((Sentence(text, sources, (stated,)),), focus_sku=known[0][0].sku)
    said = []
    for product in (fitting or half)[:_MOST]:
        fits = _fits(product, own)
        grounds = "、".join(f"{name} {value}" for name, value, _ in fits)
        state = "现在有货" if product.stock else "现在缺货"
        how = "您说的在它的范围里" if fitting else "只有一项在它的范围里，介于两码之间时可以按穿衣习惯选"
        text = f"建议选 {product.name}：{grounds}，{how}。{state}。"
        said.append(Sentence(text, (product_source(product),), (product.name, grounds)))
    chosen = (fitting or half)[:_MOST]
    return Finding(tuple(said), cards=tuple(map(product_card, chosen)), focus_sku=chosen[0].sku)


def _alone(product: Product, fits: Sequence[tuple[str, str, bool]]) -> Finding:
    """The only one there is: whether it fits."""
    stated = "、".join(f"{name} {value}" for name, value, _ in fits)
    inside = "在" if all(one for _, _, one in fits) else "不在"
    text = f"{product.name} 写明的{stated}，您说的{inside}这个范围里。"
    sentence = Sentence(text, (product_source(product),), (product.name, stated))
    return Finding((sentence,), cards=(product_card(product),), focus_sku=product.sku)


def _own_measures(question: Question) -> dict[str, float]:
    """Height in cm and weight in kg as the message gives them: 178, 80公斤, 6斤半."""
    own = {
        entity.kind: float(entity.value)
        for entity in question.reading.entities
        if entity.kind in _OF and _number(entity.value)
    }
    weight = _WEIGHT.search(question.plain)
    if "weight" not in own and weight is not None:
        own["weight"] = (float(weight[1]) + (0.5 if weight[3] else 0.0)) / (1 if weight[2] in _KILOGRAMS else 2)
    return own


def _fits(product: Product, own: dict[str, float]) -> list[tuple[str, str, bool]]:
    """For each figure the shopper gave: the attribute that speaks of it, its words, and whether it holds the figure."""
    fits = []
    for kind, pattern in _OF.items():
        for name, value in product.attributes.items():
            text = attributes.shown(value)
            bounds = _bounds(text)
            if kind in own and pattern.search(name) and bounds is not None:
                fits.append((name, text, bounds[0] <= own[kind] <= bounds[1]))
    return fits


def _bounds(text: str) -> tuple[float, float] | None:
    match = _RANGE.search(text)
    if match is not None:
        low, high = float(match[1]), float(match[2])
        return (low / 2, high / 2) if match[3] == "斤" else (low, high)
    match = _ONE_SIDED.search(text)
    if match is None:
        return None
    bound = float(match[1]) / (2 if match[2] == "斤" else 1)
    return (0.0, bound) if match[3] in ("以下", "以内", "内") else (bound, float("inf"))


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
