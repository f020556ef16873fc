"""Workbooks as streams of records, read straight from the parts of the archive (ECMA-376, SpreadsheetML).

A general workbook library builds an object for each cell and fills every gap between row numbers; both cost too much on
200,000 order rows, and the second hangs on a forged row number. This reads what an import needs and nothing else: text,
numbers, dates and truth values of the first visible sheet that holds something.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from lxml import etree

from knowledge_base.ingestion.archives import DAMAGE, checked_archive
from knowledge_base.ingestion.unusable import UnusableFile

OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of the old Office container: an old .xls or .doc, or a new file under a password."""
WIDEST = 512
"""Columns read of a row; no shop export comes near."""
SAFE_DIGITS = 15
"""Digits a spreadsheet keeps of a number; a longer one was rounded when the cell was typed."""

_EPOCH = datetime(1899, 12, 30)  # day 0, so that the day after 28 February 1900 falls where spreadsheets put it
_EPOCH_1904 = datetime(1904, 1, 1)
_LAST_DAY = 2_958_465  # 9999-12-31
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])  # ECMA-376 18.8.30
_NOT_A_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def is_workbook(head: bytes) -> bool:
    """Whether a file with these first bytes is for `workbook_rows()` to read, or to refuse with the right words."""
    return head.startswith((b"PK\x03\x04", OLE))


def workbook_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str] | str]]]:
    """(column names, (row number, cells as text) of each row below) of the first visible sheet that holds something.

    Dates become ISO text, whole numbers lose their `.0`, numbers of more than 15 digits come in scientific notation
    (what they were is lost). A str in place of cells says why the rest is unreadable. Raises `UnusableFile` for
    anything but a healthy XLSX of sane size.
    """
    check_workbook(path)
    records = _records(path)
    for _, cells in records:
        if isinstance(cells, str):
            break
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            return cells, records
    raise UnusableFile(path, "工作簿里没有内容，第一行应当是列名")


def workbook_size(path: Path) -> int:
    """The number of rows the first sheet says it has, 0 when it does not say."""
    check_workbook(path)
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
            stated = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"', sheet.read(4096))
    except DAMAGE:
        return 0
    return int(stated[1]) if stated else 0


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


def number_text(value: float) -> str:
    """A number without a needless `.0`; in scientific notation when a spreadsheet cannot have kept all its digits."""
    if not value.is_integer():
        return format(value, f".{SAFE_DIGITS}g")
    if abs(value) >= 10**SAFE_DIGITS:
        return format(value, ".5E")
    return str(int(value))


def moment_text(serial: float, epoch: datetime = _EPOCH) -> str:
    """A spreadsheet's day number as ISO text, to the second; a whole day is a date, a day below 1 a time of day."""
    if not 0 <= serial <= _LAST_DAY:
        return number_text(serial)
    moment = epoch + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return moment.time().isoformat()
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


class _Strings:
    """The shared strings of a workbook, kept as one run of bytes: a list of str would be four times as large."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("q", [0])

    def add(self, text: str) -> None:
        """Append the next string."""
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            return ""
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()


def _elements(part: IO[bytes], tag: str) -> Iterator[Any]:
    """The complete elements of one name, each emptied and dropped after use; a document type is an error."""
    events = etree.iterparse(part, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, remove_comments=True)
    for number, (_, element) in enumerate(events):
        if number == 0 and element.getroottree().docinfo.doctype:
            raise ValueError("document type")
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _local(element: Any) -> str:
    """The name of an element without its namespace ("" for an unresolved entity)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _written(element: Any) -> str:
    """The text of a rich or plain string, without its phonetic reading."""
    parts = []
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(grandchild.text or "" for grandchild in child if _local(grandchild) == "t")
    text = "".join(parts)
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


class _Book:
    """What a sheet's cells refer to: shared strings, which styles are dates, the epoch, and the sheets in order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        names = {name.lower(): name for name in archive.namelist()}
        self._names = names
        self.epoch = _EPOCH
        self.sheets: list[str] = []
        self.strings = _Strings()
        self.date_styles: set[str] = set()
        self._read_book()
        self._read_styles()
        if "xl/sharedstrings.xml" in names:
            with archive.open(names["xl/sharedstrings.xml"]) as part:
                for element in _elements(part, "si"):
                    self.strings.add(_written(element))

    def _read_book(self) -> None:
        targets = {}
        with self.archive.open(self._names["xl/_rels/workbook.xml.rels"]) as part:
            for element in _elements(part, "Relationship"):
                target = element.get("Target", "")
                targets[element.get("Id")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
        with self.archive.open(self._names["xl/workbook.xml"]) as part:
            for element in _elements(part, "workbookPr"):
                if element.get("date1904") in {"1", "true"}:
                    self.epoch = _EPOCH_1904
        with self.archive.open(self._names["xl/workbook.xml"]) as part:
            for element in _elements(part, "sheet"):
                name = targets.get(element.get(_RELATION) or element.get(_RELATION_STRICT), "")
                if element.get("state", "visible") == "visible" and name in self._names:
                    self.sheets.append(self._names[name])

    def _read_styles(self) -> None:
        if "xl/styles.xml" not in self._names:
            return
        own = {}
        with self.archive.open(self._names["xl/styles.xml"]) as part:
            for element in _elements(part, "numFmt"):
                own[element.get("numFmtId")] = element.get("formatCode", "")
        with self.archive.open(self._names["xl/styles.xml"]) as part:
            for element in _elements(part, "cellXfs"):
                for number, style in enumerate(element):
                    code = style.get("numFmtId", "0")
                    if _is_date(own[code]) if code in own else code.isdigit() and int(code) in _DATE_FORMATS:
                        self.date_styles.add(str(number))


def _is_date(pattern: str) -> bool:
    """Whether a number format shows a date or time."""
    if pattern.lower() in {"general", "standard"}:
        return False
    return re.search("[ymdhs]", _NOT_A_PATTERN.sub("", pattern), re.IGNORECASE) is not None


def _records(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of the first visible sheet that holds something, blank ones included as they come."""
    try:
        archive = zipfile.ZipFile(path)
        book = _Book(archive)
    except (etree.LxmlError, *DAMAGE) as error:
        raise UnusableFile(path, "打不开这个工作簿，文件已损坏") from error
    with closing(archive):
        for name in book.sheets:
            filled = False
            number = 0
            try:
                with archive.open(name) as part:
                    for element in _elements(part, "row"):
                        stated = element.get("r", "")
                        number = int(stated) if stated.isdigit() else number + 1
                        cells = _cells(element, book)
                        filled = filled or any(cells)
                        yield number, cells
            except (etree.LxmlError, *DAMAGE):
                yield number + 1, "从这一行起工作簿已损坏，其后的行都没有读"
                return
            if filled:
                return


_COLUMNS: dict[str, int] = {}


def _column(letters: str) -> int:
    """The index of a column by its letters, from 0; -1 when it is none we read."""
    index = _COLUMNS.get(letters)
    if index is None:
        index = 0
        for letter in letters[:4]:
            index = index * 26 + ord(letter) - 64
        index = index - 1 if letters.isascii() and letters.isupper() and 0 < index <= WIDEST else -1
        if index >= 0:
            _COLUMNS[letters] = index
    return index


def _cells(row: Any, book: _Book) -> list[str]:
    """The cells of a row as text, gaps as ""."""
    cells: list[str] = []
    for element in row:
        where = element.get("r")
        index = len(cells) if where is None else _column(where.rstrip("0123456789"))
        if not 0 <= index < WIDEST:
            continue
        text = _cell(element, book)
        if index == len(cells):
            cells.append(text)
        elif index > len(cells):
            cells.extend([""] * (index - len(cells)))
            cells.append(text)
        else:
            cells[index] = text
    return cells


def _cell(element: Any, book: _Book) -> str:
    """One cell as the text a person would have typed."""
    kind = element.get("t", "n")
    value = ""
    for child in element:
        name = _local(child)
        if name == "v":
            value = child.text or ""
        elif name == "is":
            value = _written(child)
    if not value:
        return ""
    if kind == "n":
        return _number(value, element.get("s") in book.date_styles, book.epoch)
    if kind == "s":
        return _unquoted(book.strings[int(value)]) if value.isdigit() else ""
    if kind == "b":
        return "是" if value == "1" else "否"
    return value.replace("T", " ") if kind == "d" else _unquoted(value)


def _number(value: str, is_moment: bool, epoch: datetime) -> str:
    """A numeric cell's text."""
    if not is_moment and len(value) <= SAFE_DIGITS and value.isdigit():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number != number or number in {float("inf"), float("-inf")}:
        return ""
    return moment_text(number, epoch) if is_moment else number_text(number)


def _unquoted(text: str) -> str:
    """A text cell without blanks around it and without the apostrophe that forces text."""
    text = text.strip()
    return text[1:].strip() if text[:1] == "'" else text
