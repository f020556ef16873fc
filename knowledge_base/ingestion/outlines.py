"""A document as headings, paragraphs, tables and pages, whatever kind of file it came from; it becomes passages.

Every reader of a document format tells an `Outline` what it meets, in order. The path of headings above a paragraph
stays with its passages, a table's row is told with its column names, and a table of questions and answers becomes
articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_base.articles import Article, Scope, Source, article_id
from knowledge_base.ingestion.faq_columns import FaqColumns
from knowledge_base.passages import split

PATH = " › "
"""Stands between the headings of a path, as in 退换货政策 › 运费."""
MOST_PASSAGES = 20_000
"""Passages of one document; a thousand pages of policy have about 5,000."""
_LONGEST_HEADING = 80


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a file that was not taken: where it stands and why, in Chinese; `line` is 0 where it has no lines."""

    place: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a file gave: its articles in order, and what was refused."""

    articles: list[Article] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class Outline:
    """Collects one document in reading order. `file` names it in citations, `title` stands in for missing headings."""

    def __init__(self, file: str, title: str, scope: Scope | None = None, category: str = "") -> None:
        self._file = file
        self._title = title
        self._scope = scope or Scope()
        self._category = category
        self._path: list[tuple[int, str]] = []
        self._page: int | None = None
        self._blocks: list[str] = []
        self._seen: Counter[str] = Counter()
        self._articles: list[Article] = []
        self._refused: list[Refused] = []

    def heading(self, level: int, text: str) -> None:
        """Begin a section: it lies below the nearest heading of a lower level number."""
        self._close()
        text = " ".join(text.split())
        if not text:
            return
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, text[:_LONGEST_HEADING]))
        if len(text) > _LONGEST_HEADING:
            self.paragraph(text)

    def page(self, number: int) -> None:
        """Everything that follows stands on this page (from 1); a section that goes on is continued there."""
        self._close()
        self._page = number

    def paragraph(self, text: str) -> None:
        """Add a paragraph or list item to the section."""
        text = text.strip()
        if text:
            self._blocks.append(text)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table whose first row names the columns; rows of questions and answers become articles of their own."""
        rows = [[" ".join(cell.split()) for cell in row] for row in rows]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        header, *body = rows
        columns = FaqColumns.of(header)
        if columns.complete and body:
            self._faq(columns, header, body)
        elif not body or len(header) == 1:
            self._blocks += ["；".join(filter(None, row)) for row in rows]
        else:
            self._blocks += [self._told(header, row) for row in body]

    def refuse(self, place: str, reason: str) -> None:
        """Note a part that could not be read."""
        self._refused.append(Refused(f"{self._file} {place}".rstrip(), reason))

    def finish(self) -> Ingested:
        """Everything collected; a document without any text is one refusal."""
        self._close()
        if not self._articles and not self._refused:
            self.refuse("", "里面没有文字")
        return Ingested(self._articles, self._refused)

    @property
    def _section(self) -> str:
        return PATH.join(text for _, text in self._path)

    @staticmethod
    def _told(header: Sequence[str], row: Sequence[str]) -> str:
        """A table's row as a sentence that stands alone; the first cell names what the row is about."""
        cells = [*row, *[""] * (len(header) - len(row))]
        told = [f"{name}：{cell}" if name else cell for name, cell in zip(header, cells, strict=False) if cell]
        return "；".join([*told, *filter(None, cells[len(header) :])])

    def _faq(self, columns: FaqColumns, header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
        source = Source(self._file, self._section, self._page)
        for number, row in enumerate(body, 1):
            try:
                entry = columns.entry(dict(zip(header, row, strict=False)))
            except ValueError as error:
                self.refuse(f"{self._section} 表格第 {number} 行", str(error))
                continue
            self._seen[entry.key] += 1
            name = article_id(self._file, entry.key, self._seen[entry.key])
            category = entry.category or self._category
            scope = entry.scope if entry.scope != Scope() else self._scope
            self._articles.append(
                Article(name, "article", entry.question, entry.answer, entry.similar, category, scope, source)
            )

    def _close(self) -> None:
        """Turn the blocks of the section into passages."""
        blocks, self._blocks = self._blocks, []
        section = self._section
        title = section or self._title
        for text in split(blocks):
            if len(self._articles) >= MOST_PASSAGES:
                if not self._refused or self._refused[-1].place != f"{self._file} 其余部分":
                    self.refuse("其余部分", f"一份文档最多取 {MOST_PASSAGES} 段")
                return
            self._seen[section] += 1
            name = article_id(self._file, section, "passage", self._seen[section])
            source = Source(self._file, section, self._page)
            self._articles.append(Article(name, "passage", title, text, (), self._category, self._scope, source))
