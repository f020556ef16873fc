"""A file or a folder becomes articles; what could not be taken is listed with its reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge_base.ingestion.faq_sheets import read_faq_sheet
from knowledge_base.ingestion.markdown_files import read_markdown
from knowledge_base.ingestion.outlines import Ingested, Refused
from knowledge_base.ingestion.pdf_files import read_pdf
from knowledge_base.ingestion.texts import read_plain_text
from knowledge_base.ingestion.unusable import UnusableFile
from knowledge_base.ingestion.web_pages import read_web_page
from knowledge_base.ingestion.word_files import read_word

MOST_FILES = 5_000
DEEPEST_FOLDER = 16

_READERS: dict[str, Callable[[Path, str], Ingested]] = {
    ".csv": read_faq_sheet,
    ".tsv": read_faq_sheet,
    ".xlsx": read_faq_sheet,
    ".jsonl": read_faq_sheet,
    ".ndjson": read_faq_sheet,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".docx": read_word,
    ".pdf": read_pdf,
    ".html": read_web_page,
    ".htm": read_web_page,
    ".txt": read_plain_text,
}
_OLD = {".xls": "旧版 xls，请另存为 xlsx", ".doc": "旧版 doc，请另存为 docx", ".xlsm": "带宏的工作簿，请另存为 xlsx"}


def read_articles(path: str | Path) -> Ingested:
    """The articles of a file, read by its suffix, or of all files in a folder (hidden ones left out), in stable order.

    Ids depend on the file's name (its path below the folder given) and the address within it, so importing a file again
    changes only what changed. Raises `UnusableFile` for a single file of which nothing can be used; in a folder such a
    file is one refusal.
    """
    path = Path(path)
    if not path.exists():
        raise UnusableFile(path, "文件不存在")
    if not path.is_dir():
        return _read(path, path.name)
    gathered = Ingested()
    count = 0
    for found in _files_below(path):
        file = found.relative_to(path).as_posix()
        count += 1
        if count > MOST_FILES:
            gathered.refused.append(Refused(path.name, f"文件夹里超过 {MOST_FILES} 个文件，其余的没有读"))
            break
        try:
            one = _read(found, file)
        except UnusableFile as error:
            gathered.refused.append(Refused(file, error.reason))
            continue
        gathered.articles.extend(one.articles)
        gathered.refused.extend(one.refused)
    if count == 0:
        raise UnusableFile(path, "文件夹里没有文件")
    return gathered


def _read(path: Path, file: str) -> Ingested:
    suffix = path.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        known = " ".join(sorted(name[1:] for name in _READERS))
        raise UnusableFile(path, _OLD.get(suffix, f"不认识这种文件，能读的有：{known}"))
    if not path.is_file():
        raise UnusableFile(path, "这里应当是一个文件")
    try:
        return reader(path, file)
    except OSError as error:
        raise UnusableFile(path, f"文件读不了（{error.strerror or error}）") from error


def _files_below(folder: Path) -> Iterator[Path]:
    """The files in a folder and its sub-folders, sorted; links are not followed."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        if len(here.relative_to(folder).parts) >= DEEPEST_FOLDER:
            folders.clear()
        for name in sorted(names):
            found = here / name
            if not name.startswith((".", "~$")) and not found.is_symlink():
                yield found
