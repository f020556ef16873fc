"""Word documents: headings, paragraphs, list items and tables in reading order, without pictures and revisions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from knowledge_base.ingestion.archives import DAMAGE, checked_archive
from knowledge_base.ingestion.outlines import Ingested, Outline
from knowledge_base.ingestion.sheets_xlsx import OLE
from knowledge_base.ingestion.unusable import UnusableFile

MOST_BODY = 32 * 1024 * 1024
"""Bytes of a document's body after unpacking; a thousand pages have about ten million."""

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


def read_word(path: Path, file: str) -> Ingested:
    """The passages of a DOCX file. Raises `UnusableFile` when it is damaged, locked, too large or carries macros."""
    with path.open("rb") as opened:
        head = opened.read(512 * 1024)
    if head.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in head or path.suffix.lower() == ".docx"
        raise UnusableFile(path, "文档有密码，请去掉密码后再导入" if locked else "这是旧版 doc，请另存为 docx")
    names = checked_archive(path, most_held=MOST_BODY)
    if "word/document.xml" not in names:
        raise UnusableFile(path, "这个压缩包不是 docx 文档")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnusableFile(path, "文档里有宏，请另存为不带宏的 docx")
    import docx  # 40 ms and lxml's whole tree: paid only when a document is read
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(str(path))
        outline = Outline(file, path.stem)
        _tell(document, outline)
    except (etree.LxmlError, OpcError, AttributeError, TypeError, IndexError, RecursionError, *DAMAGE) as error:
        raise UnusableFile(path, "打不开这个文档，文件已损坏") from error
    return outline.finish()


def _tell(document: Any, outline: Outline) -> None:
    """Tell an outline the paragraphs and tables of a document."""
    from docx.text.paragraph import Paragraph

    levels: dict[str, int | None] = {}
    for item in document.iter_inner_content():
        if not isinstance(item, Paragraph):
            outline.table(_rows(item))
            continue
        text = item.text
        if not text.strip():
            continue
        style = item.style
        name = style.style_id if style is not None else ""
        if name not in levels:
            levels[name] = _level(style)
        level = levels[name]
        if level is not None:
            outline.heading(level, text)
        else:
            numbered = item._p.pPr is not None and item._p.pPr.numPr is not None
            outline.paragraph(f"- {text}" if numbered else text)


def _level(style: Any) -> int | None:
    """The heading level of a paragraph style, its ancestors asked too: 0 for the title, None for running text."""
    for _ in range(10):
        if style is None:
            return None
        if style.name == "Title":
            return 0
        found = _HEADING_STYLE.match(style.name or "")
        if found:
            return int(found[1])
        style = style.base_style
    return None


def _rows(table: Any) -> list[list[str]]:
    """The cells of a table; a merged cell is told once, in its first place."""
    rows = []
    for row in table.rows:
        cells: list[str] = []
        before = None
        for cell in row.cells:
            cells.append("" if cell._tc is before else cell.text)
            before = cell._tc
        rows.append(cells)
    return rows
