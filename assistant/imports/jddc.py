"""The tab format of the JDDC corpus: session, who, said by the agent (0/1), transferred, repeated, [product,] text.

There is no header, no quoting and no time. The seven columns are those of the published sample; older copies have six.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge_base.ingestion.sheets import Row

FIELDS = ("session_id", "user_id", "waiter_send", "is_transfer", "is_repeat", "sku", "text")
_WIDTHS = (6, 7)
_CHUNK = 1024 * 1024
_FLAGS = frozenset({"0", "1", "0.0", "1.0"})


def is_jddc(path: Path) -> bool:
    """Have half or more of a file's first lines this form?"""
    try:
        with path.open("rb") as file:
            first = [_decoded(line).split("\t") for line in file.readlines(20_000)[:20] if line.strip()]
    except OSError:
        return False
    return 2 * sum(len(cells) in _WIDTHS and set(cells[2:5]) <= _FLAGS for cells in first) >= max(len(first), 1)


def size_hint(path: Path) -> int:
    """How many lines the file has."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def rows(path: Path) -> Iterator[Row]:
    """The lines of the file; `nth` counts equal lines of a session, which no time tells apart."""
    with path.open("rb") as file:
        session, counts = None, Counter[Any]()
        for number, raw in enumerate(file, 1):
            line = _decoded(raw).rstrip("\r\n")
            cells = line.split("\t")
            if not line.strip() or (number == 1 and not set(cells[2:5]) <= _FLAGS):
                continue
            if len(cells) not in _WIDTHS:
                yield Row(number, problem=f"这一行有 {len(cells)} 格，JDDC 格式应当有 6 或 7 格，以制表符分开")
                continue
            values = dict(zip(FIELDS if len(cells) == len(FIELDS) else (*FIELDS[:5], "text"), cells, strict=True))
            if values["session_id"] != session:
                session, counts = values["session_id"], Counter()
            said = (values["waiter_send"], values["text"].strip())
            counts[said] += 1
            yield Row(number, {**values, "nth": counts[said]})


def _decoded(line: bytes) -> str:
    try:
        return line.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")
