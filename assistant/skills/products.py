"""What the record says of a product: price, stock, attributes, and what its description says."""

import re
from collections.abc import Sequence

from assistant.money import yuan
from assistant.skills import attributes, sizes
from assistant.skills.foresight import improved
from assistant.skills.meant import Meant, meant
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.commerce.products import Product
from crm_core.conversations.events import Choice
from crm_core.database import Tx

MOST_TOLD = 4
INTENTS = frozenset(
    {
        "ask_material", "ask_size", "ask_weight", "ask_colours", "ask_ingredients", "ask_suitability", "ask_shelf_life",
        "ask_storage", "ask_warranty", "ask_place_of_origin", "ask_quantity_in_pack", "ask_smell", "ask_effect",
        "ask_price", "ask_stock", "ask_restock_date", "ask_function", "ask_size_advice", "ask_recommendation",
        "ask_usage", "ask_presale", "ask_new_arrivals", "ask_which_colour",
    }
)  # fmt: skip
_PRICE = re.compile(r"多少钱|什么价|啥价|价格|售价|单价|几块钱?|几多钱|好多钱|怎么卖|咋卖|多少米")
_STOCK = re.compile(
    r"现货|有货|没货|缺货|库存|断货|卖完|售罄|还有(?:吗|么|没|不|货)|有没有|(?:有|卖)[^，。？?]{0,8}[吗么嘛不没]$|有卖"
)
_IN_STOCK = re.compile(r"现货|有货|没货|缺货|库存|断货|卖完|售罄|有没有|多少|几件|货")
_ASKS = re.compile(r"[吗么嘛?？]|[不没]$|多少|多久|几|什么|啥|哪|怎么|咋|如何|多[大长重高宽厚深]|是否|有没有")
_FILLER = re.compile(
    r"[一二三四五]代|哪个|哪款|哪种|应该|该|选|推荐|再?[来买拍]?一[单份次包袋箱]|现在|目前|请问|一?[个件只支把口双套条块盒瓶]|[的了呢啊呀吧哦亲嘛吗么?？!！。，,\s]|还|子|要|想|买|老板|那款|卖|有|没|不|是"
)


def product_facts(tx: Tx, question: Question) -> Finding | None:
    """The facts asked for about the product that is meant, once for variants that agree; None when none is in sight."""
    which = meant(tx, question)
    if which is None:
        return None
    rest = which.rest
    names_only = not _FILLER.sub("", rest) and not _asks_of_the_record(rest, question)
    if names_only and question.before and (which.how == "context" or question.leans or question.corrects):
        rest = question.before  # only another product was named: the last question once more
    advice = sizes.advice(question, which.products)
    if advice is not None:
        return advice
    told = [_facts(product, question, rest, which.how) for product in which.products]
    if not any(told):
        return _nothing_said(which, question, rest)
    if (
        len(told) > MOST_TOLD
        and len({_gist(facts, product) for facts, product in zip(told, which.products, strict=True)}) > 1
    ):
        return _which_one(which.products)
    strong = any(sure for facts in told for sure, _ in facts)
    sentences = _together(which.products, [[sentence for _, sentence in facts] for facts in told])
    ahead = improved(tx, question, which.one)
    sentences = (*ahead, *sentences)
    cards = tuple(product_card(product) for product in which.products[:MOST_TOLD])
    return Finding(sentences, cards=cards, focus_sku=which.one.sku, last_resort=not strong, asked=rest or None)


def _asks_of_the_record(rest: str, question: Question) -> bool:
    return bool(_PRICE.search(rest) or _STOCK.search(rest) or question.wants("ask_price", "ask_stock"))


Told = list[tuple[bool, Sentence]]


def _facts(product: Product, question: Question, rest: str, how: str) -> Told:
    said: Told = []
    # What goes on about a product is about the product; a name may only be the place of a more general question.
    enough = attributes.SURE if how in ("context", "picked") else attributes.STRONG
    beside = _FILLER.sub("", _IN_STOCK.sub("", _PRICE.sub("", rest)))
    facts = attributes.asked_for(product, rest, question.catalogue.embedder, question.names.attributes)
    # 安装多少钱 asks for the price of something else: only what names nothing beside the product is its price.
    asks_price = (_PRICE.search(rest) or (question.wants("ask_price") and len(rest) <= 6)) and len(beside) < 2
    asks_stock = (_STOCK.search(rest) or question.wants("ask_stock", "ask_restock_date")) and len(beside) < 2
    if asks_price:
        said += [(True, one) for one in _price(product)]
    if asks_stock:
        said += [(True, one) for one in stock_of(product)]
    if said and not any(fact.score >= attributes.SURE for fact in facts):
        return said
    if not said and facts and facts[0].score < attributes.STRONG and attributes.clause_about(product, rest, least=1.0):
        facts = []  # the description says it in the shopper's own words
    for fact in facts:
        missing = attributes.not_listed(rest, fact)
        beyond = f"，没有写「{missing}」" if missing else ""
        text = f"{product.name} 的{fact.name}：{fact.value}{beyond}。"
        sure = fact.score >= enough
        values = (product.name, fact.name, fact.value, missing or "")
        said.append((sure, Sentence(text, (product_source(product),), values)))
    if not said and (clause := attributes.clause_about(product, rest)) is not None:
        text = f"{product.name}：{clause}。"
        said.append((False, Sentence(text, (product_source(product),), (product.name, clause))))
    return said


def _price(product: Product) -> list[Sentence]:
    price = yuan(product.price)
    if price is None:
        return []
    text = f"{product.name} 现在的价格是 {price}。"
    return [Sentence(text, (product_source(product),), (product.name, price))]


def stock_of(product: Product) -> list[Sentence]:
    """Whether it can be had, and when again where the record says."""
    if product.stock is None:
        return []
    stock = str(product.stock)
    ended = product.status is not None and re.search(r"停产|下架|off", product.status)
    if product.stock > 0:
        text = f"{product.name} 现在有货，库存 {stock} 件。"
    else:
        text = (
            f"{product.name} 已经{'停产' if '停' in (product.status or '') else '下架'}，没有货了。"
            if ended
            else f"{product.name} 现在缺货，没有现货。"
        )
    said = [Sentence(text, (product_source(product),), (product.name, stock))]
    if product.stock <= 0:
        for name, value in product.attributes.items():
            if name.startswith("预计"):
                shown = attributes.shown(value)
                said.append(Sentence(f"{name}：{shown}。", (product_source(product),), (name, shown)))
    return said


def _together(found: Sequence[Product], told: Sequence[Sequence[Sentence]]) -> tuple[Sentence, ...]:
    """Each product's sentences; said once where all variants agree but for their names."""
    gists = [
        tuple(one.text.replace(product.name, "") for one in said) for product, said in zip(found, told, strict=True)
    ]
    if len(found) > 1 and len(set(gists)) == 1:
        names = " / ".join(product.name for product in found[:MOST_TOLD])
        sources = tuple(product_source(product) for product in found[:MOST_TOLD])
        values = tuple(product.name for product in found)
        return tuple(
            Sentence(one.text.replace(found[0].name, names, 1), sources, (*one.values, *values)) for one in told[0]
        )
    return tuple(one for said in told[:MOST_TOLD] for one in said)


def _gist(facts: Told, product: Product) -> str:
    return "".join(sentence.text.replace(product.name, "") for _, sentence in facts)


def _which_one(found: Sequence[Product]) -> Finding:
    shown = found[: MOST_TOLD + 1]
    choices = tuple(Choice(product.name, product.name, sku=product.sku) for product in shown)
    return Finding(ask="您问的是哪一款？", cards=tuple(map(product_card, shown)), choices=choices)


def _nothing_said(which: Meant, question: Question, rest: str) -> Finding | None:
    """The product is known and the record does not say: that is told, unless the shop's knowledge knows."""
    if which.how == "context" and not (question.leans or question.picked or len(question.plain) <= 8):
        return None
    product = which.one
    if not _FILLER.sub("", rest):
        # Only a name was said: what it is and costs is the answer.
        some = which.products[:MOST_TOLD]
        said = _together(some, [[*_price(one), *stock_of(one)] for one in some])
        cards = tuple(product_card(one) for one in some)
        return Finding(said, cards=cards, focus_sku=product.sku, last_resort=which.how != "context")
    if not _ASKS.search(question.plain):
        return None
    # Sizes in a name would read as if they were the answer.
    base = question.names.by_sku[product.sku].base if product.sku in question.names.by_sku else ""
    at = product.name.lower().find(base) if base else -1
    called = f"{product.name[at : at + len(base)]} " if at >= 0 else "这款"
    text = f"{called}的资料里没有写这一点，我不想乱猜。需要的话回复「转人工」，请客服核实。"
    sentence = Sentence(text, (product_source(product),), (product.name,))
    cards = (product_card(product),)
    # An attribute that this product has not is not answered by what is said of another.
    head = question.names.by_sku[product.sku].head if product.sku in question.names.by_sku else product.name
    missing = attributes.absent(product, rest, question.names.attributes) is not None
    about = (head, base or product.name) if missing else ()
    return Finding((sentence,), cards=cards, focus_sku=product.sku, last_resort=True, unknown=True, about=about)
