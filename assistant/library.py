"""Knowledge and products carried from the record to the indexes that search them."""

import re
from collections.abc import Iterable

from crm_core.commerce import products
from crm_core.commerce.products import Product
from crm_core.database import Database
from crm_core.knowledge import articles, cuts
from crm_core.knowledge.articles import StoredArticle
from knowledge_base.articles import Article, Scope, Source
from knowledge_base.search import KnowledgeBase
from nlp.reading.reading import Reader

PRODUCTS = "products"  # the revision that product imports bump
ALIASES = ("别名", "俗称", "昵称", "简称", "aliases")  # attributes that say what else a product is called
_BETWEEN = re.compile(r"[;；,，、|]")


def fill_shelf(shelf: KnowledgeBase, record: Database) -> None:
    """Index every published article, and answer from the shop's own cuts on."""
    with record.reading() as tx:
        stored = list(articles.all_articles(tx))
    shelf.fill(map(article_of, stored))
    use_cuts(shelf, record)


def use_cuts(shelf: KnowledgeBase, record: Database) -> None:
    """Answer from the confidences on that keep to the shop's error budgets."""
    with record.reading() as tx:
        shelf.use_cuts(cuts.in_force(tx))


def fill_catalogue(catalogue: KnowledgeBase, record: Database) -> None:
    """Index every product under what people call it."""
    with record.reading() as tx:
        found = list(products.all_products(tx))
    catalogue.fill(map(listing_of, found))


def tell_reader(reader: Reader, record: Database) -> None:
    """Tell the reader what the shop sells, under every name, and which brands are its own."""
    with record.reading() as tx:
        found = list(products.all_products(tx))
    reader.get_to_know(
        ((product.sku, name) for product in found for name in (product.name, *_called(product))),
        {product.brand for product in found if product.brand},
    )


def _called(product: Product) -> Iterable[str]:
    """What else a product is called, where its attributes say so."""
    for key in ALIASES:
        said = product.attributes.get(key, ())
        yield from filter(None, map(str.strip, _BETWEEN.split(said) if isinstance(said, str) else said))


def article_of(stored: StoredArticle) -> Article:
    """The stored row as the value that is searched."""
    return Article(
        id=stored.id,
        kind="passage" if stored.kind == "passage" else "article",
        title=stored.title,
        text=stored.text,
        similar=tuple(stored.similar),
        category=stored.category,
        scope=Scope(
            stored.valid_from, stored.valid_to, tuple(stored.skus), tuple(stored.platforms), tuple(stored.tiers)
        ),
        source=Source(stored.file, stored.section, stored.page),
    )


def listing_of(product: Product) -> Article:
    """A product as something that can be looked up: its name as the title, what is said of it as the text."""
    words: list[str] = [product.category or "", product.brand or "", *_words(product.attributes.values())]
    return Article(
        id=product.sku,
        kind="article",
        title=product.name,
        text=" ".join(filter(None, [*words, product.description or ""])),
        similar=(),
        category=product.category or "",
        scope=Scope(None, None, (), (), ()),
        source=Source("products"),
    )


def _words(values: Iterable[str | list[str]]) -> Iterable[str]:
    for value in values:
        yield value if isinstance(value, str) else " ".join(value)
