"""What to say when another brand is named: the shop's own words for it, else what the record says of our own product.

Nothing is ever said about the other brand. A shop's wording may hold {商品}, {特点}, {价格} and {品牌}: our product's
name, what the record says of it, its price, and the brand that was named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.money import yuan
from crm_core.commerce import products
from crm_core.commerce.products import Product
from crm_core.conversations.events import Source
from crm_core.database import Tx
from crm_core.desk import desk_rules
from nlp.words import fold

DOCUMENT = "talk_tracks"
ANY = "*"
DEFAULT = "给您说说我们这款{商品}：{特点}，现在 {价格}。您最看重哪一点？我帮您对照着看。"
MOST_POINTS = 3
LONGEST_POINT = 40
_NEEDS_PRODUCT = re.compile(r"\{(?:商品|特点|价格)\}")
_PLACES = re.compile(r"\{(商品|特点|价格|品牌)\}")


@dataclass(frozen=True)
class TalkTrack:
    """Words for an agent, and what they rest on."""

    brand: str
    text: str
    sources: tuple[Source, ...]


def talk_track(tx: Tx, brand: str, sku: str | None) -> TalkTrack | None:
    """What to say now that this brand was named, about the product the talk is about; None when there is nothing."""
    wording = _of(desk_rules.document(tx, DOCUMENT).value or {}, brand)
    product = products.product(tx, sku) if sku else None
    if wording is None:
        wording = default(product)
    if wording is None or (product is None and _NEEDS_PRODUCT.search(wording)):
        return None
    sources = (Source("product", product.sku, product.name),) if product is not None else ()
    return TalkTrack(brand, filled(wording, brand, product), sources)


def default(product: Product | None) -> str | None:
    """The wording of a shop that has written none: our own facts, and no word about anybody else's."""
    if product is None:
        return None
    left_out = [
        place for place, known in (("：{特点}", points(product)), ("，现在 {价格}", product.price)) if not known
    ]
    wording = DEFAULT
    for place in left_out:
        wording = wording.replace(place, "")
    return wording


def filled(wording: str, brand: str, product: Product | None) -> str:
    """The wording with its places filled from the record."""
    values = {"品牌": brand}
    if product is not None:
        values |= {"商品": product.name, "特点": "；".join(points(product)), "价格": yuan(product.price) or ""}
    return _PLACES.sub(lambda place: values.get(place[1], ""), wording)


def points(product: Product) -> list[str]:
    """What speaks for a product by the shop's own record, in its own words."""
    found = []
    for name, value in product.attributes.items():
        said = value if isinstance(value, str) else "、".join(value)
        if said.strip() and len(said) <= LONGEST_POINT:
            found.append(f"{name}{said}" if len(name) > 1 else said)
    return found[:MOST_POINTS]


def checked(value: Any) -> dict[str, str]:
    """A shop's wordings, brand by brand; raises ValueError saying which is none."""
    if not isinstance(value, Mapping):
        raise ValueError("应为 {品牌: 话术} 的对象，* 代表其他品牌")
    for brand, text in value.items():
        if not isinstance(brand, str) or not brand.strip() or len(brand) > 50:
            raise ValueError(f"品牌「{str(brand)[:50]}」应为 1 到 50 个字")
        if not isinstance(text, str) or not text.strip() or len(text) > 500:
            raise ValueError(f"「{brand}」的话术应为 1 到 500 个字")
        if unknown := set(re.findall(r"\{([^{}]*)\}", text)) - {"商品", "特点", "价格", "品牌"}:
            raise ValueError(
                f"「{brand}」的话术里有不认识的 {{{unknown.pop()}}}；可以用 {{商品}}、{{特点}}、{{价格}}、{{品牌}}"
            )
    return {brand.strip(): text.strip() for brand, text in value.items()}


def _of(wordings: Mapping[str, str], brand: str) -> str | None:
    wanted = fold(brand).text
    named = next((text for name, text in wordings.items() if fold(name).text == wanted), None)
    return named if named is not None else wordings.get(ANY)
