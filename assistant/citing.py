"""How a piece of the shop's knowledge is cited."""

from crm_core.conversations.events import Source
from knowledge_base.articles import Article


def source_of(article: Article) -> Source:
    """The citation of a passage: its question, or file, section and page."""
    title = article.title
    if article.kind == "passage":
        page = f" 第{article.source.page}页" if article.source.page else ""
        title = f"{article.source.file}{page} · {article.source.section or article.title}"
    return Source("article", article.id, title)
