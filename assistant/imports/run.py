"""`zhanggui import`: files read as streams, checked row by row, written in short transactions."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from assistant.imports.columns import WrongRow
from assistant.imports.kind import Kind, Passwords, Setting, Taken
from assistant.imports.knowledge import import_knowledge
from assistant.imports.report import Notices, RejectedRows, Report
from assistant.imports.table import KINDS
from crm_core.database import Database
from knowledge_base.ingestion.sheets import Row
from knowledge_base.ingestion.unusable import UnusableFile

CHUNK = 1_000
"""Rows of one transaction: about a tenth of a second, which a shopper's message may have to wait."""
MOST_OF_A_BLOCK = 5_000
"""Rows after which a transaction ends even inside one order or session."""

Progress = Callable[[Path, int, int], None]
"""Called with (file, rows done, about how many there are; 0 when unknown), a few times a second at most."""


class _RolledBack(Exception):
    """Undoes the transaction of a dry run."""


def import_files(
    record: Database,
    kind: str,
    paths: Sequence[Path],
    *,
    now: Callable[[], datetime],
    passwords: Passwords,
    platform: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[Report]:
    """Import files of one kind (`KINDS` or "knowledge") and say what became of each, in the order given.

    A file that cannot be used is reported and the next one is tried. A dry run checks everything, against the record
    too, and writes nothing. Errors of the database pass through; what was committed before them stays, and importing
    again goes on from there.
    """
    reports: list[Report] = []
    for path in paths:
        notices = Notices()
        setting = Setting(record, now, passwords, platform, dry_run, notices)
        try:
            if platform is not None and kind != "orders":
                raise UnusableFile(path, "--platform 只用于订单文件（orders），这里应当去掉它")
            if kind == "knowledge":
                reports.append(import_knowledge(setting, path, progress))
            else:
                reports.append(_import_sheet(setting, kind, path, progress))
        except UnusableFile as error:
            reports.append(Report(path, kind, unusable=error.reason, dry_run=dry_run))
    return reports


def _import_sheet(setting: Setting, name: str, path: Path, progress: Progress | None) -> Report:
    kind = KINDS[name](setting)
    headers, rows, expected = kind.open(path)
    rejected = RejectedRows(path, headers, write=not setting.dry_run)
    counts = _Counts()
    try:
        for chunk, problems in _chunks(kind, rows, counts, setting.notices):
            refused = _write(setting, kind, chunk, counts)
            for row, reason in sorted(problems + refused, key=lambda one: one[0].line):
                rejected.add(row, reason)
            if progress is not None:
                progress(path, counts.rows, max(expected, counts.rows) if expected else 0)
        if counts.taken and not setting.dry_run:
            kind.finish()
        if not counts.rows:
            setting.notices.add("文件里只有表头，没有数据行")
        rejected_file = _finish(rejected, setting.notices)
    finally:
        rejected.close()
    return Report(
        path,
        name,
        counts.rows,
        counts.taken,
        counts.taken - counts.changed,
        rejected.count,
        rejected_file,
        tuple(rejected.first),
        setting.notices.told(),
        kind.made_passwords(),
        kind.layout.mapping(headers),
        kind.platform,
        None,
        setting.dry_run,
    )


class _Counts:
    __slots__ = ("changed", "rows", "taken")

    def __init__(self) -> None:
        self.rows = self.taken = self.changed = 0


_Read = tuple[Row, Taken]
_Problem = tuple[Row, str]


def _chunks(
    kind: Kind, rows: Iterator[Row], counts: _Counts, notices: Notices
) -> Iterator[tuple[list[_Read], list[_Problem]]]:
    """Rows that belong into one transaction, and beside them the rows that cannot be taken."""
    read: list[_Read] = []
    problems: list[_Problem] = []
    for row in rows:
        taken: Taken | None = None
        reason = row.problem
        if reason is None:
            try:
                taken = Taken(row.line, kind.check(kind.layout.read(row)))
            except WrongRow as error:
                if kind.layout.is_total(row):
                    notices.add("合计行，不是数据，没有导入", row.line)
                    continue
                reason = str(error)
        full = len(read) + len(problems) >= CHUNK
        if full and (taken is None or not read or _may_end(kind, read, taken)):
            yield read, problems
            read, problems = [], []
        counts.rows += 1
        if taken is None:
            problems.append((row, reason or ""))
        else:
            read.append((row, taken))
    if read or problems:
        yield read, problems


def _may_end(kind: Kind, read: Sequence[_Read], following: Taken) -> bool:
    if len(read) >= MOST_OF_A_BLOCK:
        return True
    block = kind.block(following.value)
    return block is None or block != kind.block(read[-1][1].value)


def _write(setting: Setting, kind: Kind, chunk: Sequence[_Read], counts: _Counts) -> list[_Problem]:
    if not chunk:
        return []
    written = None
    try:
        with setting.record.transaction() as tx:
            written = kind.write(tx, [taken for _, taken in chunk])
            if setting.dry_run:
                raise _RolledBack
    except _RolledBack:
        pass
    if written is None:
        return []
    counts.taken += len(chunk) - len(written.refused)
    counts.changed += written.changed
    return [(chunk[place][0], reason) for place, reason in written.refused.items()]


def _finish(rejected: RejectedRows, notices: Notices) -> Path | None:
    try:
        return rejected.finish()
    except OSError as error:
        notices.add(f"没有导入的行写不进 {rejected.path.name}.rejected.csv（{error.strerror}），原因只列在这里")
        return None
