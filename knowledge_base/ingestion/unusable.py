"""The one error of a file that cannot be read at all; single bad rows and parts never raise it."""

from pathlib import Path


class UnusableFile(Exception):
    """A file that holds nothing usable; `str(error)` is one Chinese sentence naming the file and what was expected."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{self.path.name}：{reason}")
