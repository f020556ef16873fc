"""Web pages: the main text under its headings, without menus, scripts and what is hidden."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from knowledge_base.ingestion.outlines import Ingested, Outline
from knowledge_base.ingestion.texts import LARGEST_TEXT
from knowledge_base.ingestion.unusable import UnusableFile

DEEPEST = 400
"""Elements within elements; what lies deeper is not read."""

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "head",
        "dialog",
        "menu",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "li",
        "dd",
        "dt",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "address",
        "details",
        "summary",
        "ul",
        "ol",
        "dl",
        "body",
        "html",
        "center",
        "td",
        "th",
        "tr",
        "fieldset",
    ]
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-16": "utf-16"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|sidebar|footer|cookie|advert)(?:$|[\s_-])", re.IGNORECASE
)


def read_web_page(path: Path, file: str) -> Ingested:
    """The passages of an HTML file. Raises `UnusableFile` when it is too large or no text."""
    if path.stat().st_size > LARGEST_TEXT:
        raise UnusableFile(path, f"文件超过 {LARGEST_TEXT // 1024 // 1024} MB，请拆成几个文件")
    raw = path.read_bytes()
    if not raw.strip():
        raise UnusableFile(path, "文件是空的")
    text = _decoded(path, raw)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.LxmlError as error:
        raise UnusableFile(path, "这不是网页，读不出内容") from error
    if root is None:
        raise UnusableFile(path, "这不是网页，读不出内容")
    titles = root.xpath("//head/title/text()")
    outline = Outline(file, " ".join(str(titles[0]).split())[:80] if titles else path.stem)
    main = root.xpath("//main | //*[@role='main']") or root.xpath("//article")
    if len(main) == 1:
        _Teller(outline, _DROPPED).tell(main[0])
    else:  # the header of a whole page is the shop's banner, that of a main part its heading
        body = root.find("body")
        _Teller(outline, _DROPPED | {"header"}).tell(root if body is None else body)
    return outline.finish()


def _decoded(path: Path, raw: bytes) -> str:
    """The text of a page: its byte order mark, UTF-8, what it declares, GB18030, in this order."""
    declared = _CHARSET.search(raw[:4096])
    named = _CHINESE.get(declared[1].decode().lower(), "") if declared else ""
    guesses = (
        ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", *filter(None, [named]), "gb18030"]
    )
    for encoding in guesses:
        try:
            return raw.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise UnusableFile(path, "编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8")


class _Teller:
    """Walks a page's elements in order, without recursion, and tells an outline what a reader sees."""

    def __init__(self, outline: Outline, dropped: frozenset[str]) -> None:
        self._outline = outline
        self._dropped = dropped
        self._words: list[str] = []
        self._marker = ""

    def tell(self, root: Any) -> None:
        """Tell everything below an element."""
        skipped: Any = None
        depth = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            depth += 1 if event == "start" else -1
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    self._word(element.tail if element is not root else None)
                continue
            if event == "start":
                if depth > DEEPEST or self._unread(element) or self._begin(element):
                    skipped = element
                else:
                    self._word(element.text)
            else:
                self._end(element)
                if element is not root:
                    self._word(element.tail)
        self._flush()

    def _unread(self, element: Any) -> bool:
        if element.tag in self._dropped or element.get("hidden") is not None or element.get("aria-hidden") == "true":
            return True
        style, kind = element.get("style"), element.get("class")
        return bool((style and _HIDDEN.search(style)) or (kind and element.tag != "body" and _MENU.search(kind)))

    def _begin(self, element: Any) -> bool:
        """Act on an element's start; True when it was told whole (headings and plain tables)."""
        tag = element.tag
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._flush()
            self._outline.heading(int(tag[1]), "".join(element.itertext()))
            return True
        if tag == "table" and not element.xpath(".//table"):
            self._flush()
            rows = [
                [" ".join("".join(cell.itertext()).split()) for cell in row.iterchildren("td", "th")]
                for row in element.iter("tr")
            ]
            self._outline.table(rows)
            return True
        if tag in _BLOCKS:
            self._flush()
            if tag == "li":
                self._marker = "- "
        elif tag == "br":
            self._words.append("\n")
        return False

    def _end(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush()

    def _word(self, text: str | None) -> None:
        if text:
            self._words.append(re.sub(r"\s+", " ", text))

    def _flush(self) -> None:
        text = "\n".join(" ".join(line.split()) for line in "".join(self._words).split("\n")).strip()
        self._words.clear()
        if text:
            self._outline.paragraph(self._marker + text)
            self._marker = ""
