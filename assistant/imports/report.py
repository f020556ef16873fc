"""What became of a file: how many rows were taken, which were not and why, and what is worth a second look."""

import csv
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from assistant.imports.columns import OURS
from knowledge_base.ingestion.sheets import Row

ALL_TAKEN, UNUSABLE, SOME_REJECTED = 0, 2, 3
"""The exit codes of the contract."""
FIRST_REJECTS = 20
"""Rejected rows that the report itself repeats; all of them are in the file of rejected rows."""
LINES_NAMED = 5
MOST_NOTICES = 50
"""Different notices of one file; a file that has more is odd in one way many times over."""
_ROUNDABLE = re.compile(r"0\d+|\d{12,}")
_GUARDED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken."""

    line: int
    reason: str


@dataclass(frozen=True)
class Report:
    """What became of one file. `rows` = `taken` + `rejected`; `unchanged` of the taken said nothing new."""

    file: Path
    kind: str
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejected_file: Path | None = None
    first_rejects: tuple[Rejected, ...] = ()
    notices: tuple[str, ...] = ()
    made_passwords: tuple[tuple[str, str], ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # column name → header in this file
    platform: str | None = None
    unusable: str | None = None  # why nothing of the file could be taken
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """0 all taken, 3 some rejected, 2 unusable file."""
        if self.unusable is not None:
            return UNUSABLE
        return SOME_REJECTED if self.rejected else ALL_TAKEN

    def as_json(self) -> dict[str, Any]:
        """The report for machines; made passwords included, for they are told nowhere else."""
        return {
            "file": str(self.file),
            "kind": self.kind,
            "platform": self.platform,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "taken": self.taken,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejected_file": None if self.rejected_file is None else str(self.rejected_file),
            "rejects": [{"line": one.line, "reason": one.reason} for one in self.first_rejects],
            "notices": list(self.notices),
            "made_passwords": [{"login": login, "password": password} for login, password in self.made_passwords],
            "columns": dict(self.columns),
            "unusable": self.unusable,
        }


def exit_code(reports: Iterable[Report]) -> int:
    """The exit code of a run over several files: an unusable file weighs more than rejected rows."""
    codes = {report.exit_code for report in reports}
    return UNUSABLE if UNUSABLE in codes else SOME_REJECTED if SOME_REJECTED in codes else ALL_TAKEN


class Notices:
    """Things worth a second look, counted by what they say: a million equal ones take the room of one."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}
        self._left_out = 0

    def add(self, what: str, line: int | None = None) -> None:
        """Note `what`, at this line of the file or about the file as a whole."""
        if what not in self._counts:
            if len(self._counts) >= MOST_NOTICES:
                self._left_out += 1
                return
            self._counts[what], self._lines[what] = 0, []
        self._counts[what] += 1
        if line is not None and len(self._lines[what]) < LINES_NAMED:
            self._lines[what].append(line)

    def told(self) -> tuple[str, ...]:
        """The notices as sentences: 第 3、9 行等 57 行：…."""
        told = []
        for what, lines in self._lines.items():
            if not lines:
                told.append(what)
                continue
            named = "、".join(map(str, lines))
            rest = f"等 {self._counts[what]} 行" if self._counts[what] > len(lines) else ""
            told.append(f"第 {named} 行{rest}：{what}")
        if self._left_out:
            told.append(f"另有 {self._left_out} 条提示没有列出")
        return tuple(told)


class RejectedRows:
    """The rows that were not taken, kept on disk until the file of rejected rows is written.

    It is FILE.rejected.csv in `folder`, or beside the import file.
    """

    def __init__(self, path: Path, headers: Sequence[str], *, write: bool, folder: Path | None = None):
        self.path = path
        self._target = (folder or path.parent) / (path.name + ".rejected.csv")
        self.count = 0
        self.first: list[Rejected] = []
        self._write = write
        self._headers = dict.fromkeys(header for header in headers if header not in OURS)
        self._spool: IO[bytes] | None = None
        self._raw: set[int] = set()

    def add(self, row: Row, reason: str) -> None:
        """Keep a row and why it was not taken."""
        self.count += 1
        if len(self.first) < FIRST_REJECTS:
            self.first.append(Rejected(row.line, reason))
        if not self._write:
            return
        if self._spool is None:
            self._spool = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self._headers.update(dict.fromkeys(header for header in row.values if header not in OURS))
        if row.problem is not None and len(self._raw) < 10_000:
            self._raw.add(row.line)
        self._spool.write(msgspec.json.encode((row.line, reason, row.values)) + b"\n")

    def finish(self) -> Path | None:
        """Write FILE.rejected.csv, whole or not at all; None when every row was taken.

        A file left by an earlier run goes away when nothing is rejected any more. Raises OSError when the folder
        cannot be written.
        """
        target = self._target
        if self._spool is None:
            if self._write and _is_ours(target):
                target.unlink()
            return None
        raw = _raw_lines(self.path, self._raw)
        unfinished = target.with_name(target.name + ".part")
        try:
            with unfinished.open("w", encoding="utf-8-sig", newline="") as out:
                self._write_rows(csv.writer(out), raw)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
            self.close()
        return target

    def close(self) -> None:
        """Let the kept rows go."""
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _write_rows(self, out: Any, raw: Mapping[int, str]) -> None:
        spool = self._spool
        if spool is None:
            return
        ours = OURS if raw else OURS[:2]
        out.writerow([*ours, *map(guarded, self._headers)])
        spool.seek(0)
        decode = msgspec.json.Decoder(tuple[int, str, dict[str, Any]]).decode
        for kept in spool:
            line, reason, values = decode(kept)
            own = [line, reason, guarded(raw.get(line, ""))] if raw else [line, reason]
            out.writerow([*own, *(guarded(_as_text(values.get(header))) for header in self._headers)])


def guarded(cell: str) -> str:
    """A cell that a spreadsheet takes neither for a formula nor for a number it would round; reading drops the mark.

    Whoever mends rejected rows in a spreadsheet would otherwise give back 6.9E+18 for an order number, 7 for 007.
    """
    return "'" + cell if cell.startswith(_GUARDED) or _ROUNDABLE.fullmatch(cell) else cell


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline().startswith(",".join(OURS[:2]))
    except (OSError, UnicodeDecodeError):
        return False


def _raw_lines(path: Path, wanted: set[int]) -> dict[int, str]:
    """The text of the lines that could not be read as rows, so that they can be mended; none of a workbook's."""
    if not wanted:
        return {}
    found = {}
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return {}
        file.seek(0)
        for number, line in enumerate(file, 1):
            if number in wanted:
                found[number] = _decoded(line[:20_000]).strip("\ufeff\r\n")
    return found


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")
