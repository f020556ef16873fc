"""Workbooks as streams of records: openpyxl in its read-only mode, behind checks that bound time and memory."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from knowledge_base.ingestion.archives import checked_archive
from knowledge_base.ingestion.unusable import UnusableFile

OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of the old Office container: an old .xls or .doc, or a new file under a password."""
WIDEST = 512
"""Columns read of a row; no shop export comes near."""
SAFE_DIGITS = 15
"""Digits a spreadsheet keeps of a number; a longer one was rounded when the cell was typed."""


def is_workbook(head: bytes) -> bool:
    """Whether a file with these first bytes is for `workbook_rows()` to read, or to refuse with the right words."""
    return head.startswith((b"PK\x03\x04", OLE))


def workbook_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str] | str]]]:
    """(column names, (row number, cells as text) of each row below) of the first visible sheet that holds something.

    Dates become ISO text, whole numbers lose their `.0`, numbers of more than 15 digits come in scientific notation (what
    they were is lost). Raises `UnusableFile` for anything but a healthy XLSX of sane size.
    """
    check_workbook(path)
    records = _records(path)
    for _, cells in records:
        if isinstance(cells, str):
            break
        if any(cells):
            while not cells[-1]:
                cells.pop()
            return cells, records
    raise UnusableFile(path, "工作簿里没有内容，第一行应当是列名")


def workbook_size(path: Path) -> int:
    """The number of rows the first sheet says it has, 0 when it does not say."""
    check_workbook(path)
    with contextlib.suppress(Exception), zipfile.ZipFile(path) as archive:
        with archive.open("xl/worksheets/sheet1.xml") as sheet:
            stated = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"', sheet.read(4096))
        return int(stated[1]) if stated else 0
    return 0


def check_workbook(path: Path) -> None:
    """Raise `UnusableFile` unless the file is an XLSX without macros that unpacks to a bounded size."""
    with path.open("rb") as file:
        head = file.read(512 * 1024)
    if head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in head or path.suffix.lower() == ".xlsx":
            raise UnusableFile(path, "工作簿有密码，请去掉密码后再导入")
        raise UnusableFile(path, "这是旧版 xls，请在表格软件里另存为 xlsx")
    names = checked_archive(path)
    if "xl/workbook.xml" not in names:
        raise UnusableFile(path, "这个压缩包不是 xlsx 工作簿")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnusableFile(path, "工作簿里有宏，请另存为不带宏的 xlsx")


def _records(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets every kind of error of a damaged file through
        raise UnusableFile(path, "打不开这个工作簿，文件已损坏") from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # exporters state wrong ones; the rows themselves are the truth
            filled = False
            number = 0
            try:
                for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
                    texts = [_text(cell) for cell in cells]
                    filled = filled or any(texts)
                    yield number, texts
            except Exception:  # as above: a broken part ends the sheet, the rows before it were good
                yield number + 1, "从这一行起工作簿已损坏，其后的行都没有读"
                return
            if filled:
                return
    finally:
        book.close()


def _text(value: Any) -> str:
    """A cell as the text a person would have typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip().lstrip("'").strip() if value[:1] in "'\t \n" else value.rstrip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number_text(value)
    return moment_text(value)


def number_text(value: float) -> str:
    """A number without a needless `.0`; in scientific notation when a spreadsheet cannot have kept all its digits."""
    if isinstance(value, float) and not value.is_integer():
        return format(value, f".{SAFE_DIGITS}g")
    if abs(value) >= 10**SAFE_DIGITS:
        return format(float(value), ".5E")
    return str(int(value))


def moment_text(value: object) -> str:
    """A date, time or span as ISO text; a date cell at midnight is a date. Excel's fractions are rounded to the second."""
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
