"""Text files whole: decoded strictly, bounded in size; plain ones become sections by their numbered headings."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge_base.ingestion.outlines import Ingested, Outline
from knowledge_base.ingestion.unusable import UnusableFile

LARGEST_TEXT = 8 * 1024 * 1024
"""Bytes of a text document; a long novel has three million."""

_NUMBERED = re.compile(
    r"(?P<one>第[一二三四五六七八九十百0-9]{1,4}[章节条部分篇])|(?P<two>[一二三四五六七八九十]{1,3}、)"
    r"|(?P<three>[（(][一二三四五六七八九十]{1,3}[)）])|(?P<dotted>\d{1,2}(?:\.\d{1,2}){0,3}[.、\s])"
)
_UNITS = "倍元折天年月日时分秒个件瓶支盒包斤克米寸升万千百%"  # 2.5 倍 begins like a heading and is an amount
_ENDS = "。！？!?；;，,：:、"
_LONGEST_HEADING = 40


def read_text(path: Path) -> str:
    """A text file with plain line breaks; UTF-8, UTF-16 with its mark, or GB18030. Raises `UnusableFile` otherwise."""
    if path.stat().st_size > LARGEST_TEXT:
        raise UnusableFile(path, f"文件超过 {LARGEST_TEXT // 1024 // 1024} MB，请拆成几个文件")
    raw = path.read_bytes()
    if not raw.strip():
        raise UnusableFile(path, "文件是空的")
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw and not utf16:
        raise UnusableFile(path, "内容不是文本")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnusableFile(path, "编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8")


def read_plain_text(path: Path, file: str) -> Ingested:
    """The passages of a plain text file; short numbered lines (一、 第二章 3.1) are its headings."""
    outline = Outline(file, path.stem)
    tell_lines(read_text(path).split("\n"), outline)
    return outline.finish()


def tell_lines(lines: list[str], outline: Outline) -> None:
    """Tell an outline lines of running text: numbered headings, and paragraphs broken by a page's width.

    A paragraph ends at a blank line, after closing punctuation, and before a heading.
    """
    paragraph = ""
    for line in map(str.strip, lines):
        level = heading_level(line)
        if level or not line:
            outline.paragraph(paragraph)
            paragraph = ""
            if level:
                outline.heading(level, line)
            continue
        gap = " " if paragraph[-1:].isascii() and line[:1].isascii() and paragraph else ""
        paragraph += gap + line
        if line[-1] in "。！？!?；;：:":
            outline.paragraph(paragraph)
            paragraph = ""
    outline.paragraph(paragraph)


def heading_level(line: str) -> int:
    """How deep a numbered heading lies (1 to 4), 0 for a line that is none."""
    if not 2 < len(line) <= _LONGEST_HEADING or line[-1] in _ENDS:
        return 0
    found = _NUMBERED.match(line)
    if found is None or len(line) - found.end() < 2:
        return 0
    if found["dotted"]:
        depth = found["dotted"].strip(". 、\t").count(".")
        if line[found.end()] in _UNITS or (depth == 0 and found["dotted"][-1].isspace()):
            return 0
        return min(4, 2 + depth)
    return 1 if found["one"] else 2 if found["two"] else 3
