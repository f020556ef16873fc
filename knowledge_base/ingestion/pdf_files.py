"""PDF: text by page, so that a citation can name the page. Read in a process of its own, which can be stopped.

A PDF is a program for a small machine, and one page can be made to run for hours or to unpack to gigabytes. So
`read_pdf()` starts this module as a child with limits on time and memory; the child prints one JSON line a page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from knowledge_base.ingestion.outlines import Ingested, Outline
from knowledge_base.ingestion.texts import tell_lines
from knowledge_base.ingestion.unusable import UnusableFile

MOST_PAGES = 2_000
LARGEST = 256 * 1024 * 1024
"""Bytes of a PDF file; scanned catalogues reach a hundred million."""
MOST_SECONDS = 120
MOST_MEMORY = 2 * 1024**3
MOST_CHARACTERS = 50_000
"""Of one page; a dense page of small print has about 5,000."""


def read_pdf(path: Path, file: str) -> Ingested:
    """The passages of a PDF, each with its page; pages without text are refused by number.

    Raises `UnusableFile` when it is damaged, locked, too long, or not read within time and memory.
    """
    if path.stat().st_size > LARGEST:
        raise UnusableFile(path, f"文件超过 {LARGEST // 1024 // 1024} MB，请拆成几个文件")
    room = Path(__file__).resolve().parents[2]
    paths = [str(room), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        child = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "knowledge_base.ingestion.pdf_files", str(path.resolve())],
            capture_output=True,
            timeout=MOST_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnusableFile(path, f"{MOST_SECONDS} 秒内没有读完，文件过于复杂") from error
    outline = Outline(file, path.stem)
    empty: list[int] = []
    finished = False
    for line in child.stdout.splitlines():
        said = json.loads(line)
        if "unusable" in said:
            raise UnusableFile(path, said["unusable"])
        finished = finished or "end" in said
        if "page" in said:
            if said["text"].strip():
                outline.page(said["page"])
                tell_lines(said["text"].split("\n"), outline)
            else:
                empty.append(said["page"])
    if not finished:
        raise UnusableFile(path, "读取时超出了内存或遇到损坏的页面")
    if empty:
        pages = "、".join(map(str, empty[:20])) + ("…" if len(empty) > 20 else "")
        outline.refuse(f"第 {pages} 页", "没有文字，可能是扫描的图片")
    return outline.finish()


def _limit_memory() -> None:
    """Refuse this process more memory than a sane PDF needs, where the system knows how to."""
    try:
        import resource
    except ImportError:  # Windows: the time limit is the only one
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")


def _main(path: str) -> None:
    """Print what a PDF holds: {"page", "text"} for each page, then {"end"}; or {"unusable": reason}."""
    _limit_memory()
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            _say(unusable="文件有密码，请去掉密码后再导入")
            return
        count = len(reader.pages)
        if count > MOST_PAGES:
            _say(unusable=f"有 {count} 页，超过 {MOST_PAGES} 页，请拆成几个文件")
            return
        if count == 0:
            _say(unusable="一页也没有")
            return
    except (PyPdfError, MemoryError, RecursionError, ArithmeticError, LookupError, AttributeError, TypeError):
        _say(unusable="打不开这个 PDF，文件已损坏")
        return
    except (ValueError, OSError, NotImplementedError, AssertionError):
        _say(unusable="打不开这个 PDF，文件已损坏或加密方式不支持")
        return
    for number, page in enumerate(reader.pages, 1):
        try:
            text = page.extract_text()[:MOST_CHARACTERS]
        except Exception:  # a page is a program: it may fail in any way, and only this page is lost
            text = ""
        _say(page=number, text=text.encode("utf-8", "replace").decode())
    _say(end=True)


if __name__ == "__main__":
    _main(sys.argv[1])
