"""Keys that are made at the first need and kept in the data folder, readable by their owner alone."""

import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """The key in the file, made when there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()
