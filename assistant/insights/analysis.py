"""A chat log in, three files out: `sessions.jsonl`, `report.json` and `report.html`; whole or not at all.

The log is read as a stream by the same code that imports it (`assistant.imports.chat_lines`), session by session.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from assistant.imports.chat_lines import ChatLines
from assistant.imports.columns import WrongRow
from assistant.imports.report import ALL_TAKEN, SOME_REJECTED, Notices, Rejected, RejectedRows
from assistant.insights.log import OpenSessions, SessionLines
from assistant.insights.overview import Overview
from assistant.insights.records import record
from assistant.insights.session import sum_up
from crm_core.conversations.logs import Logged
from knowledge_base.ingestion.sheets import Row
from knowledge_base.ingestion.unusable import UnusableFile
from nlp.reading.reading import Reader

SESSIONS, REPORT, PAGE = "sessions.jsonl", "report.json", "report.html"
PROGRESS_EVERY: Final = 500

Progress = Callable[[int, int], None]
"""Called with (lines done, about how many there are; 0 when unknown)."""
Render = Callable[[Mapping[str, Any]], str]
"""Makes the page of the report from its figures."""


@dataclass(frozen=True)
class Analysis:
    """What became of a log: its lines, how many were not taken and why, its sessions and shopper's messages."""

    folder: Path
    lines: int
    rejected: int
    rejected_file: Path | None
    first_rejects: tuple[Rejected, ...]
    notices: tuple[str, ...]
    sessions: int
    messages: int

    @property
    def exit_code(self) -> int:
        """0 all lines taken, 3 some rejected."""
        return SOME_REJECTED if self.rejected else ALL_TAKEN


def analyse(
    path: Path,
    folder: Path,
    reader: Reader,
    render: Render,
    *,
    now: Callable[[], datetime],
    progress: Progress | None = None,
) -> Analysis:
    """Read the log at `path` and write what its sessions show into `folder`, which is made.

    Raises `UnusableFile` when the log is none or no line of it can be used, OSError when `folder` cannot be written;
    both leave an earlier report as it was.
    """
    notices = Notices()
    with _unpacked(path) as plain_path:
        lines = ChatLines(now, notices)
        headers, rows, expected = lines.open(plain_path)
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        rejected = RejectedRows(plain_path, headers, write=True, folder=folder)
        try:
            with _files(folder, SESSIONS, REPORT, PAGE) as (sessions, report, page):
                taken = _Taken(lines, rejected, notices, progress, expected)
                overview = _sum_up_all(taken.facts(rows), reader, sessions, lines, notices)
                if not overview.sessions:
                    raise UnusableFile(path, _why_nothing(taken))
                if not lines.has_times:
                    notices.add("这份日志没有时间：不报时段，同样的话紧接着再发一次只算一次")
                figures = {
                    "log": {"file": path.name, "lines": taken.lines, "rejected": rejected.count},
                    "has_times": lines.has_times,
                    **overview.figures(),
                    "notices": list(notices.told()),
                }
                report.write(msgspec.json.format(msgspec.json.encode(figures), indent=1))
                page.write(render(figures).encode())
            rejected_file = rejected.finish()
        except UnusableFile:
            if is_new:
                folder.rmdir()
            raise
        finally:
            rejected.close()
    return Analysis(
        folder,
        taken.lines,
        rejected.count,
        rejected_file,
        tuple(rejected.first),
        notices.told(),
        overview.sessions,
        overview.messages.total(),
    )


class _Taken:
    """The lines of a log that can be taken, the others put aside, counted as they go by."""

    def __init__(
        self, source: ChatLines, rejected: RejectedRows, notices: Notices, progress: Progress | None, expected: int
    ):
        self.lines = 0
        self.rejected = rejected
        self._source = source
        self._notices = notices
        self._progress = progress
        self._expected = expected

    def facts(self, rows: Iterable[Row]) -> Iterator[tuple[int, list[Logged]]]:
        """(line, facts) of every line that can be taken."""
        for row in rows:
            facts: list[Logged] = []
            reason = row.problem
            if reason is None:
                try:
                    facts = self._source.facts(self._source.layout.read(row))
                except WrongRow as error:
                    if self._source.layout.is_total(row):
                        self._notices.add("合计行，不是对话", row.line)
                        continue
                    reason = str(error)
            self.lines += 1
            if self._progress is not None and self.lines % PROGRESS_EVERY == 0:
                self._progress(self.lines, max(self._expected, self.lines) if self._expected else 0)
            if facts:
                yield row.line, facts
            else:
                self.rejected.add(row, reason or "")


def _sum_up_all(
    facts: Iterable[tuple[int, list[Logged]]], reader: Reader, out: IO[bytes], lines: ChatLines, notices: Notices
) -> Overview:
    """Write a row for every session, and give the figures of all."""
    sessions, overview = OpenSessions(), Overview()

    def ended() -> Iterator[SessionLines]:
        for number, of_line in facts:
            yield from sessions.add(number, of_line)
        yield from sessions.close_all()

    encode = msgspec.json.Encoder().encode
    for session in ended():
        said = list(session.utterances(reader, has_times=lines.has_times))
        if not said:
            continue
        summary = sum_up(said)
        out.write(encode(record(session, said, summary)) + b"\n")
        overview.add(session, said, summary)
    if sessions.in_parts:
        notices.add(f"{sessions.in_parts} 段会话中间隔得太远或太长，分成几段来看（sessions.jsonl 里的 part）")
    return overview


def _why_nothing(taken: _Taken) -> str:
    if not taken.lines:
        return "文件里没有一句对话"
    first = taken.rejected.first[0] if taken.rejected.first else None
    told = f"；第 {first.line} 行：{first.reason}" if first else ""
    return f"{taken.lines} 行里没有一行可用{told}"


@contextmanager
def _files(folder: Path, *names: str) -> Iterator[tuple[IO[bytes], ...]]:
    """Files that take the place of those of an earlier run together, once all of them are written."""
    unfinished = [folder / (name + ".part") for name in names]
    opened: list[IO[bytes]] = []
    try:
        for path in unfinished:
            opened.append(path.open("wb"))  # noqa: PERF401  # what was opened is closed when the next one fails
        yield tuple(opened)
        for file in opened:
            file.close()
        for path, name in zip(unfinished, names, strict=True):
            path.replace(folder / name)
    finally:
        for file in opened:
            file.close()
        for path in unfinished:
            path.unlink(missing_ok=True)


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The log itself, or its content where it is packed with gzip, under its name without .gz."""
    if not path.is_file() or path.suffix.lower() != ".gz":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.stem
        try:
            packed = gzip.open(path)  # noqa: SIM115  # closed below; opening fails for other reasons than reading
        except OSError as error:
            raise UnusableFile(path, f"文件读不了（{error.strerror}）") from None
        try:
            with packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out, 1024 * 1024)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise UnusableFile(path, "压缩包已损坏或不是 gzip，应为完整的 .gz 文件") from None
        yield target
