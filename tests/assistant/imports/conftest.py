"""A shop whose files are written on the spot and imported as the command would."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.imports.report import Report
from assistant.imports.run import import_files
from crm_core.database import Database

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai


class PlainPasswords:
    """Hashes that cost nothing; what they hide is not the subject here."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        return hash == f"hash of {password}"


@dataclass
class Shop:
    """A record and a folder for files."""

    record: Database
    folder: Path

    def file(self, content: str | bytes, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, kind: str, content: str | bytes | Path, name: str = "file.csv", **given: Any) -> Report:
        """Import one file of this content, or this file."""
        path = content if isinstance(content, Path) else self.file(content, name)
        (report,) = import_files(self.record, kind, [path], now=lambda: NOW, passwords=PlainPasswords(), **given)
        return report

    def rejected(self, report: Report) -> str:
        """The file of rejected rows."""
        assert report.rejected_file is not None
        return report.rejected_file.read_text(encoding="utf-8-sig")


@pytest.fixture
def shop(sqlite_database: Database, tmp_path: Path) -> Shop:
    """A shop on SQLite, for what is not about the record."""
    return Shop(sqlite_database, tmp_path)


@pytest.fixture
def either_shop(database: Database, tmp_path: Path) -> Shop:
    """A shop on SQLite and on PostgreSQL."""
    return Shop(database, tmp_path)
