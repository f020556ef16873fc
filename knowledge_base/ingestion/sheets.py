"""Tables as rows, whatever they were saved as: CSV, XLSX and JSON lines are read as a stream, in flat memory.

Every importer reads through `rows()`. Headers are kept as the file gives them (each importer has its own aliases),
cells are text without the wrapping that shop exports put around long numbers, and whatever is wrong with one row is
told on that row; only a file that is no table at all raises `UnusableFile`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from knowledge_base.ingestion.sheets_xlsx import is_workbook, workbook_rows, workbook_size
from knowledge_base.ingestion.unusable import UnusableFile

LONGEST_LINE = 8 * 1024 * 1024
"""Bytes without a line break after which a text file is taken for something else (bounds the memory of one row)."""
LONGEST_JSON = 1024 * 1024
"""Characters of one JSON line; a longer one is reported and skipped."""

_CHUNK = 1024 * 1024
_DELIMITERS = (",", "\t", ";", "|")
_UTF8_RUN = 16
"""So many well-formed multi-byte characters before the first bad one mean damaged UTF-8, never GB18030."""
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?(?:1[1-9]|2[0-9])")
_WRAPPERS = frozenset("\"'=`“‘\ufeff")
_MAGIC = (
    (b"%PDF-", "这是 PDF 文件，不是表格"),
    (b"\x89PNG", "这是图片，不是表格"),
    (b"\xff\xd8\xff", "这是图片，不是表格"),
    (b"GIF8", "这是图片，不是表格"),
    (b"Rar!", "这是压缩包，请先解压"),
    (b"7z\xbc\xaf", "这是压缩包，请先解压"),
    (b"\x1f\x8b", "这是压缩包，请先解压"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table: its line in the file and its cells by header.

    Cells of CSV and XLSX are stripped text ("" when empty); values of JSON lines keep their JSON type. `problem` is a
    Chinese sentence when the row could not be read (then `values` holds what could). `rounded` names the columns whose
    number a spreadsheet has shortened (6.9E+18): an identifier there is lost, an amount is not.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    rounded: tuple[str, ...] = ()


def rows(path: str | Path) -> Iterator[Row]:
    """The records of a CSV, XLSX or JSON-lines file, in file order, one at a time.

    The file is judged by what it holds, then by its suffix. Raises `UnusableFile` before the first row is asked for.
    """
    path = Path(path)
    head = _head_of(path)
    if is_workbook(head):
        header, records = workbook_rows(path)
        return _table(header, records)
    _refuse_foreign(path, head)
    encoding, _ = _encoding_of(path)
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        return _json_rows(path, encoding)
    delimiter, first, names = _header_of(path, encoding)
    return _table(names, _csv_records(path, encoding, delimiter, first))


def headers(path: str | Path) -> tuple[str, ...]:
    """The column names of a CSV or XLSX file as `rows()` uses them; the keys of the first object of JSON lines."""
    path = Path(path)
    head = _head_of(path)
    if is_workbook(head):
        return tuple(_named(workbook_rows(path)[0]))
    _refuse_foreign(path, head)
    encoding, _ = _encoding_of(path)
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        first = next((row for row in _json_rows(path, encoding) if row.problem is None), None)
        return tuple(first.values) if first else ()
    return tuple(_named(_header_of(path, encoding)[2]))


def size_hint(path: str | Path) -> int:
    """About how many records `rows()` will give: a text file's lines, the size a workbook states (0: unknown)."""
    path = Path(path)
    head = _head_of(path)
    if is_workbook(head):
        return workbook_size(path)
    _refuse_foreign(path, head)
    return _encoding_of(path)[1]


def clean(cell: str) -> str:
    """A cell without tabs, blanks, and the wrappings that force text in spreadsheets: `'123`, `="123"`, `"123"`."""
    cell = cell.strip()
    if not cell or cell[0] not in _WRAPPERS:
        return cell
    cell = cell.lstrip("\ufeff")
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[1:]
    if len(cell) > 1 and (cell[0], cell[-1]) in {('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("`", "`")}:
        cell = cell[1:-1]
    elif cell[:1] in {"'", "`"}:
        cell = cell[1:]
    return cell.strip()


def _head_of(path: Path) -> bytes:
    """The first bytes of an existing, non-empty, readable file; anything else raises `UnusableFile`."""
    if not path.exists():
        raise UnusableFile(path, "文件不存在")
    if not path.is_file():
        raise UnusableFile(path, "这里应当是一个文件")
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise UnusableFile(path, f"文件读不了（{error.strerror}）") from error
    if not head.strip():
        raise UnusableFile(path, "文件是空的")
    return head


def _refuse_foreign(path: Path, head: bytes) -> None:
    """Raise `UnusableFile` for the well-known files that are no table, whatever their suffix says."""
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise UnusableFile(path, "打不开这个工作簿，文件已损坏或不是 xlsx")
    for magic, reason in _MAGIC:
        if head.startswith(magic):
            raise UnusableFile(path, reason + "，这里应当是 CSV、XLSX 或 JSONL")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table)", head, re.IGNORECASE):
        raise UnusableFile(path, "内容是网页，不是表格；请在表格软件里另存为 CSV 或 XLSX")
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnusableFile(path, "内容不是文本，这里应当是 CSV、XLSX 或 JSONL")


def _encoding_of(path: Path) -> tuple[str, int]:
    """The encoding the whole file decodes in, strictly, and its number of lines.

    Raises `UnusableFile` when neither UTF-8 nor GB18030 fits, or when a line has no end.
    """
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            _first_bad(path, "utf-16", whole=True)
            return "utf-16", path.stat().st_size // 64
    bad, lines, wide = _first_bad(path, "utf-8-sig")
    if bad == 0:
        return "utf-8-sig", lines
    if wide < _UTF8_RUN:
        worse, lines, _ = _first_bad(path, "gb18030")
        if worse == 0:
            return "gb18030", lines
    raise UnusableFile(path, f"第 {bad} 行附近的编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8")


def _first_bad(path: Path, encoding: str, *, whole: bool = False) -> tuple[int, int, int]:
    """(line of the first undecodable byte or 0, lines in all, characters beyond ASCII decoded before it).

    `whole` raises `UnusableFile` instead of returning a bad line.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = wide = since_break = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                bad = lines + good.count("\n") + 1
                if whole:
                    raise UnusableFile(path, f"第 {bad} 行附近的编码不对，请另存为 UTF-8") from error
                return bad, lines, wide + sum(character > "\x7f" for character in good)
            if wide < _UTF8_RUN:
                wide += sum(character > "\x7f" for character in text)
            lines += text.count("\n")
            last = max(text.rfind("\n"), text.rfind("\r"))
            since_break = since_break + len(text) if last < 0 else len(text) - last
            if since_break > LONGEST_LINE:
                raise UnusableFile(path, f"第 {lines + 1} 行超过 {LONGEST_LINE // 1024 // 1024} MB，这不像是表格")
            if not chunk:
                return 0, lines, wide


def _header_of(path: Path, encoding: str) -> tuple[str, int, list[str]]:
    """(delimiter, line the records begin after, column names) of a CSV file: the first line with something in it."""
    with path.open("r", encoding=encoding, newline="") as file:
        sample = file.read(256 * 1024)
    best: tuple[int, str, int, list[str]] = (0, ",", 0, [])
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            for cells in reader:
                names = [clean(cell) for cell in cells]
                if any(names):
                    filled = sum(any(map(str.isalnum, name)) for name in names)
                    if filled > best[0]:
                        best = (filled, delimiter, reader.line_num, names)
                    break
        except csv.Error:
            continue
    filled, delimiter, line, names = best
    if not filled:
        raise UnusableFile(path, "没有表头，第一行应当是列名")
    return delimiter, line, names


def _csv_records(path: Path, encoding: str, delimiter: str, after: int) -> Iterator[tuple[int, list[str] | str]]:
    """(line, cells) of each record below the header; a str in place of cells says why the rest is unreadable."""
    with path.open("r", encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        before = 0
        while True:
            before = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield before + 1, "从这一行起读不下去，多半是少了一个引号；其后的行都没有读"
                return
            if reader.line_num > after:
                yield before + 1, [clean(cell) for cell in cells]


def _named(names: list[str]) -> list[str]:
    """Column names made distinct: a repeated one gets its number, an empty one stays empty (its cells are dropped)."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if not name or seen[name] == 1 else f"{name}({seen[name]})")
    return distinct


def _table(names: list[str], records: Iterator[tuple[int, list[str] | str]]) -> Iterator[Row]:
    """Rows of a table whose records are lists of cells; empty records are skipped."""
    names = _named(names)
    width = len(names)
    has_gaps = "" in names
    for line, cells in records:
        if isinstance(cells, str):
            yield Row(line, problem=cells)
            continue
        joined = "".join(cells)
        if not joined:
            continue
        problem = None
        if len(cells) != width:
            if len(cells) > width and any(cells[width:]):
                problem = f"这一行有 {len(cells)} 格，表头只有 {width} 列"
            cells = cells[:width] + [""] * (width - len(cells))
        values = dict(zip(names, cells, strict=True))
        if has_gaps:
            values.pop("", None)
        rounded: tuple[str, ...] = ()
        if "E" in joined or "e" in joined:
            rounded = tuple(name for name, cell in values.items() if _ROUNDED.fullmatch(cell))
        yield Row(line, values, problem, rounded)


def _json_rows(path: Path, encoding: str) -> Iterator[Row]:
    """Rows of a JSON-lines file; a line that is no object is a row with a problem. An array is an unusable file."""
    with path.open("r", encoding=encoding) as file:
        start = file.read(64).lstrip()
    if start.startswith("["):
        raise UnusableFile(path, "这是一个 JSON 数组；这里应当是 JSONL，每行一个对象")
    return _json_lines(path, encoding, msgspec.json.Decoder(dict[str, Any]).decode)


def _json_lines(path: Path, encoding: str, decode: Callable[[str], dict[str, Any]]) -> Iterator[Row]:
    with path.open("r", encoding=encoding) as file:
        for line, text in enumerate(file, 1):
            if text.isspace():
                continue
            if len(text) > LONGEST_JSON:
                yield Row(line, problem=f"这一行超过 {LONGEST_JSON // 1024} KB")
                continue
            try:
                values = decode(text)
            except msgspec.ValidationError:
                yield Row(line, problem="这一行应当是一个 JSON 对象 {…}")
            except (msgspec.DecodeError, RecursionError):
                yield Row(line, problem="这一行不是完整的 JSON")
            else:
                yield Row(line, values)
