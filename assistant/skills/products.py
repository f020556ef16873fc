"""What the record says of a product: price, stock, attributes, what it goes with."""

import re

from assistant.money import yuan
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.commerce import products
from crm_core.commerce.products import Product
from crm_core.conversations.events import Choice
from crm_core.database import Tx
from nlp.words import fold, segment

MOST_CHOICES = 4
SHORTEST_MENTION = 2  # folded characters that question and product name must share in one piece
LOOKED_AT = 8
CLEAR = 0.5  # an intent below this does not choose an attribute

# What a question about a product is asked with, whatever the product.
_ASKING = re.compile(
    r"多少钱?|什么|怎么|多久|多大|多重|哪里|哪个|几个?|请问|现在|价格|售价|卖|现货|有货|缺货|库存|还有|有没有|是不是|能不能|可以|"
    r"便宜点?|优惠|包邮|[吗呢啊呀吧的了么嘛哦是有没能会和跟就都也还再\s，。？?！!~]"
)
# Which of a shop's attribute columns answer which intent; a column named in the question always does.
ATTRIBUTES = {
    "ask_material": ("材质", "面料", "材料", "成分"),
    "ask_size": ("尺码", "尺寸", "规格", "大小", "长度", "高度"),
    "ask_weight": ("重量", "净重", "毛重", "克重"),
    "ask_colours": ("颜色", "色号", "配色"),
    "ask_ingredients": ("成分", "配料", "配方"),
    "ask_suitability": ("肤质", "适用", "人群", "月龄", "年龄", "场景"),
    "ask_shelf_life": ("保质期", "有效期"),
    "ask_storage": ("储存", "保存", "洗涤"),
    "ask_warranty": ("质保", "保修"),
    "ask_place_of_origin": ("产地", "原产"),
    "ask_quantity_in_pack": ("规格", "数量", "容量", "净含量", "包装"),
    "ask_smell": ("味道", "香型", "气味", "口味"),
    "ask_effect": ("功效", "效果"),
}
PRICE = {"ask_price", "bargain"}
STOCK = {"ask_stock", "ask_restock_date"}
INTENTS = frozenset(ATTRIBUTES) | PRICE | STOCK


def product_facts(tx: Tx, question: Question) -> Finding | None:
    """The facts asked for about one product, or which of several is meant; None when no product is in sight."""
    product = _meant(tx, question)
    if product is None or isinstance(product, Finding):
        return product
    facts = _facts(product, question)
    if not facts:
        return None
    return Finding(tuple(facts), cards=(product_card(product),), focus_sku=product.sku)


def _facts(product: Product, question: Question) -> list[Sentence]:
    return [*_price_and_stock(product, question), *_attributes(product, question)]


def _meant(tx: Tx, question: Question) -> Product | Finding | None:
    mentioned = _mentioned(tx, question)
    if len(mentioned) == 1:
        return mentioned[0]
    if any(found.sku == question.sku for found in mentioned) or (not mentioned and _names_nothing(question)):
        return products.product(tx, question.sku) if question.sku is not None else None
    if not mentioned:
        return None
    if not any(_facts(found, question) for found in mentioned):
        return None  # whichever it is, the record does not say
    choices = tuple(Choice(found.name, found.name, sku=found.sku) for found in mentioned[:MOST_CHOICES])
    cards = tuple(product_card(found) for found in mentioned[:MOST_CHOICES])
    return Finding(ask="您问的是哪一款？", cards=cards, choices=choices)


def _names_nothing(question: Question) -> bool:
    """Does the message leave open what it is about? Only then is it about the product in focus: 婴儿床多少钱 is not."""
    columns = {word for words in ATTRIBUTES.values() for word in words}
    rest = _ASKING.sub("", fold(question.said).text)
    for word in columns:
        rest = rest.replace(word, "")
    return question.leans or len(rest) < SHORTEST_MENTION


def _mentioned(tx: Tx, question: Question) -> list[Product]:
    """The products whose names share the longest piece with the question."""
    hits = question.catalogue.search(question.said, k=LOOKED_AT).hits
    words = segment(question.said)
    scored = [(_longest_shared(words, fold(hit.article.title).text), hit.article.id) for hit in hits]
    best = max((score for score, _ in scored), default=0)
    if best < SHORTEST_MENTION:
        return []
    skus = [sku for score, sku in scored if score == best]
    found = products.products_by_sku(tx, skus)
    return [found[sku] for sku in skus if sku in found]


def _longest_shared(words: list[str], name: str) -> int:
    """Length of the longest run of whole words of the question that the name holds: 婴儿床 is no 婴儿推车."""
    longest = 0
    for start in range(len(words)):
        run = ""
        for word in words[start:]:
            run += word
            if run not in name:
                break
            longest = max(longest, len(run))
    return longest


def _price_and_stock(product: Product, question: Question) -> list[Sentence]:
    asked = {intent.name for intent in question.reading.intents if intent.p >= CLEAR}
    said = []
    price = yuan(product.price)
    if asked & PRICE and price is not None:
        said.append(
            Sentence(f"{product.name} 现在的价格是 {price}。", (product_source(product),), (product.name, price))
        )
    if asked & STOCK and product.stock is not None:
        stock = str(product.stock)
        text = f"{product.name} 现在有货，库存 {stock} 件。" if product.stock > 0 else f"{product.name} 现在缺货。"
        said.append(Sentence(text, (product_source(product),), (product.name, stock)))
    return said


def _attributes(product: Product, question: Question) -> list[Sentence]:
    clear = [intent for intent in question.reading.intents if intent.p >= CLEAR]
    wanted = [word for intent in clear for word in ATTRIBUTES.get(intent.name, ())]
    text = fold(question.said).text
    said = []
    for name, value in product.attributes.items():
        if fold(name).text in text or any(word in name for word in wanted):
            shown = value if isinstance(value, str) else "、".join(value)
            said.append(
                Sentence(f"{product.name} 的{name}：{shown}。", (product_source(product),), (product.name, name, shown))
            )
    return said
