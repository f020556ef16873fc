"""What the runner asks of a kind of file: its columns, what a row must be, and how rows are written."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.imports.columns import Draft, Layout
from assistant.imports.report import Notices
from crm_core.database import Database, Tx
from knowledge_base.ingestion import sheets
from knowledge_base.ingestion.sheets import Row
from knowledge_base.ingestion.unusable import UnusableFile

MOST_SEEN = 500_000
"""Keys of a file that are remembered to notice repeats: about 30 MB."""


class Passwords(Protocol):
    """How passwords are hashed; pwdlib's `PasswordHash` is one."""

    def hash(self, password: str) -> str:
        """The hash to store."""

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        """Is this the password behind the hash?"""


@dataclass(frozen=True)
class Setting:
    """What an import of one file stands on."""

    record: Database
    now: Callable[[], datetime]
    passwords: Passwords
    platform: str | None = None
    dry_run: bool = False
    notices: Notices = field(default_factory=Notices)
    by: str = "import"  # who imports, where a version of what was there is kept


@dataclass
class Taken:
    """A row that was read well: its line, and what is to be written."""

    line: int
    value: Any


@dataclass
class Written:
    """What came of a chunk: how many of its rows changed the record, and which (by place in the chunk) were refused."""

    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)


class Kind(ABC):
    """A kind of file. Made anew for each file, so that it may remember what the file said before."""

    layout: Layout
    platform: str | None = None  # the sales platform whose export the file turned out to be

    def __init__(self, setting: Setting):
        self.setting = setting
        self._seen: set[int] = set()

    def open(self, path: Path) -> tuple[Sequence[str], Iterator[Row], int]:
        """(headers, rows, about how many rows) of the file. Raises `UnusableFile` when it is none of this kind."""
        return open_sheet(self.layout, path)

    @abstractmethod
    def check(self, draft: Draft) -> Any:
        """What is to be written for a row; raises `WrongRow` when its cells do not fit together."""

    def note_repeat(self, key: str, line: int, notice: str) -> bool:
        """Remember a key of the file; False, with a notice where there is one to give, when it was there before."""
        mark = hash(key)
        if mark in self._seen:
            if notice:
                self.setting.notices.add(notice, line)
            return False
        if len(self._seen) < MOST_SEEN:
            self._seen.add(mark)
        return True

    def block(self, value: Any) -> Hashable:  # noqa: ARG002
        """Rows that follow each other and share a block are written in one transaction."""
        return None

    @abstractmethod
    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk."""

    def finish(self) -> None:  # noqa: B027  (most kinds have nothing more to do)
        """Do what can only be done once the whole file is written."""

    def made_passwords(self) -> tuple[tuple[str, str], ...]:
        """Log-ins and the passwords made for them."""
        return ()


def open_sheet(layout: Layout, path: Path) -> tuple[Sequence[str], Iterator[Row], int]:
    """(headers, rows, about how many rows) of a sheet with these columns. Raises `UnusableFile` when it is none."""
    headers = sheets.headers(path)
    lacking = layout.lacking(headers)
    is_json = path.suffix.lower() in {".jsonl", ".ndjson", ".json"}
    # Objects of a JSON-lines file need not be alike: a file is unusable only when its first knows no column at all.
    if lacking and (not is_json or (headers and not layout.mapping(headers))):
        shown = "、".join(header for header in headers[:20] if header) or "（没有）"
        raise UnusableFile(path, f"缺少必需的列 {'、'.join(lacking)}；文件里的列是：{shown}")
    return headers, sheets.rows(path), sheets.size_hint(path)
