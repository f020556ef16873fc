"""Where the shipped weights lie, and whether they are the ones that the model card describes."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).parent / "weights"
CARD: Final = "README.md"

_ROW = re.compile(r"^\| `(?P<name>[^`]+)` \|.*\| `(?P<digest>[0-9a-f]{64})` \|$", re.MULTILINE)


class SpoiltWeights(Exception):
    """A weight file is missing, or is not the file whose digest the model card states."""


def path_of(name: str, folder: Path = WEIGHTS) -> Path:
    """Return where a weight file lies, after checking it against the card beside it.

    `name` is the file's place in the weights folder, such as "embedding/model.npz". Raises `SpoiltWeights`.
    """
    path = folder / name
    expected = digests(folder).get(name)
    if expected is None:
        raise SpoiltWeights(f"模型说明 {folder / CARD} 没有列出 {name}，请重新训练或重新安装")
    if not path.is_file():
        raise SpoiltWeights(f"缺少模型文件 {path}，请重新安装")
    if digest_of(path) != expected:
        raise SpoiltWeights(f"模型文件 {path} 与说明中的 sha256 不符，请重新训练或重新安装")
    return path


@cache
def digests(folder: Path = WEIGHTS) -> dict[str, str]:
    """Read the card's table of files: name → sha256. A folder without a card has none."""
    card = folder / CARD
    if not card.is_file():
        return {}
    return {row["name"]: row["digest"] for row in _ROW.finditer(card.read_text("utf-8"))}


def digest_of(path: Path) -> str:
    """Return a file's sha256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
