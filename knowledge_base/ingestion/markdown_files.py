"""Markdown: headings become sections, tables rows with their column names, front matter the scope of the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge_base.articles import Scope
from knowledge_base.ingestion.faq_columns import FaqColumns
from knowledge_base.ingestion.outlines import Ingested, Outline
from knowledge_base.ingestion.texts import read_text
from knowledge_base.ingestion.unusable import UnusableFile

MOST_LINES = 50_000
"""Lines of a Markdown file; the parser takes about 50 µs and 1 kB for each."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])")
_TAG = re.compile(r"<br\s*/?>|</?[A-Za-z][^<>\n]{0,300}>|<!--.{0,300}?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|~~|`{1,3})(?=\S)([^*_~`\n]{1,500}?)(?<=\S)\1")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_markdown(path: Path, file: str) -> Ingested:
    """The passages of a Markdown file. Raises `UnusableFile` when it is too large, not text, or its scope is wrong."""
    text = read_text(path)
    if text.count("\n") > MOST_LINES:
        raise UnusableFile(path, f"超过 {MOST_LINES} 行，请拆成几个文件")
    scope, category = Scope(), ""
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        values = {}
        for line in front[1].splitlines():
            name, colon, value = line.partition(":") if ":" in line else line.partition("：")
            if colon:
                values[name.strip()] = value.strip().strip("\"'[]")
        try:
            scope, category = FaqColumns.of(values).scope_only(values)
        except ValueError as error:
            raise UnusableFile(path, f"文件开头的说明里，{error}") from error
    outline = Outline(file, path.stem, scope, category)
    _tell(_parser().parse(text), outline)
    return outline.finish()


@cache
def _parser() -> MarkdownIt:
    # Only blocks are parsed: inline markup is taken off by bounded patterns, so no text can make the parser slow.
    return MarkdownIt("commonmark").enable("table").disable("inline")


def _tell(tokens: list[Token], outline: Outline) -> None:
    """Tell an outline the blocks of a parsed document."""
    stream = iter(tokens)
    marker = ""
    for token in stream:
        if token.type == "heading_open":
            outline.heading(int(token.tag[1]), _plain(next(stream).content))
        elif token.type == "table_open":
            outline.table(_rows(stream))
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            outline.paragraph(marker + _plain(token.content))
            marker = ""
        elif token.type in {"fence", "code_block"}:
            outline.paragraph(token.content)
        elif token.type == "html_block":
            outline.paragraph(_plain(token.content))


def _rows(stream: Iterator[Token]) -> list[list[str]]:
    """The cells of a table, up to its end."""
    rows: list[list[str]] = []
    for token in stream:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_plain(token.content))
    return rows


def _plain(text: str) -> str:
    """Inline Markdown as the text a reader sees."""
    text = _TAG.sub(lambda tag: "\n" if tag[0][1:3].lower() == "br" else "", text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", text).strip()
