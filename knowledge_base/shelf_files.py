"""Arrays in one file on disk: replaced whole or not at all, checked when read, set aside when damaged."""

from __future__ import annotations

import contextlib
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)


def load(path: Path, fingerprint: str) -> dict[str, NDArray[Any]] | None:
    """The arrays kept under a fingerprint; None when the file is missing, holds something else, or is damaged.

    Every byte is checked (the archive's CRC-32). A damaged file is renamed to `….damaged`, so that it can be looked at
    and is not met again.
    """
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["fingerprint"]) != fingerprint:
                return None
            return {name: stored[name] for name in stored.files if name != "fingerprint"}
    except _DAMAGE:
        set_aside(path)
        return None


def set_aside(path: Path) -> None:
    """Rename a file that cannot be used; it replaces the one set aside before."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(f"{path.name}.damaged"))


def save(path: Path, fingerprint: str, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays beside the file and move them over it once they are on disk. Raises `OSError` when it is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            np.savez(file, fingerprint=np.array(fingerprint), **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
