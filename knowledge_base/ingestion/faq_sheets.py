"""Tables of questions and answers: CSV, XLSX and JSON lines become articles, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.articles import Article, Source, article_id
from knowledge_base.ingestion.faq_columns import FaqColumns, FaqEntry
from knowledge_base.ingestion.outlines import Ingested, Refused
from knowledge_base.ingestion.sheets import Row, headers, rows
from knowledge_base.ingestion.unusable import UnusableFile


@dataclass(frozen=True, slots=True)
class _Taken:
    line: int
    entry: FaqEntry


def read_faq_sheet(path: Path, file: str) -> Ingested:
    """The articles of a table; bad rows are refused with their line. `file` names the table in citations.

    A question that comes twice for the same shoppers and time keeps its first answer: the same answer again adds its
    other ways to ask, a different one is refused. Raises `UnusableFile` when the columns are missing.
    """
    names = headers(path)
    columns = FaqColumns.of(names)
    if not columns.complete:
        found = "、".join(name for name in names if name)[:120] or "没有列名"
        raise UnusableFile(path, f"应当有「问题（question）」和「答案（answer）」两列，文件里是：{found}")
    known: dict[tuple[str, ...], FaqColumns] = {}
    taken: dict[str, _Taken] = {}
    refused: list[Refused] = []
    for row in rows(path):
        problem = row.problem or _take(row, known, taken)
        if problem:
            refused.append(Refused(f"{file} 第 {row.line} 行", problem, row.line))
    counts: Counter[str] = Counter()
    articles = []
    for one in taken.values():
        entry = one.entry
        counts[entry.key] += 1
        name = article_id(file, entry.key, counts[entry.key])
        # no line number: it would change with every row put in above, and the article with it
        source = Source(file)
        articles.append(
            Article(name, "article", entry.question, entry.answer, entry.similar, entry.category, entry.scope, source)
        )
    return Ingested(articles, refused)


def _take(row: Row, known: dict[tuple[str, ...], FaqColumns], taken: dict[str, _Taken]) -> str | None:
    """Take a row in, or say why not. Rows of JSON lines may each have other keys."""
    shape = tuple(row.values)
    columns = known.setdefault(shape, FaqColumns.of(shape))
    if row.rounded and set(row.rounded) & set(columns.headers.get("skus", ())):
        return "商品编码被表格软件改成了科学计数法，请把这一列设为文本"
    try:
        entry = columns.entry(row.values)
    except ValueError as error:
        return str(error)
    before = taken.get(entry.key)
    if before is None:
        taken[entry.key] = _Taken(row.line, entry)
    elif before.entry.answer != entry.answer:
        return f"与第 {before.line} 行是同一个问题，答案却不同；只取了先出现的"
    else:
        similar = tuple(dict.fromkeys((*before.entry.similar, *entry.similar)))
        merged = FaqEntry(before.entry.question, entry.answer, similar, before.entry.category, entry.scope)
        taken[entry.key] = _Taken(before.line, merged)
    return None
