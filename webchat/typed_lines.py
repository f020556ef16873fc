"""Lines of text for a command, from a file or standard input: what they were saved as is found out, trouble is said."""

import codecs
import sys
from pathlib import Path

LONGEST_LINE = 20_000  # characters that are looked at; a message of the socket has 2,000 at most


class UnusableLines(Exception):
    """Nothing can be read there; the message is a Chinese sentence that says why."""


def lines_of(file: Path | None) -> list[str]:
    """The lines of a file, or of standard input; only real line ends count, and nothing has none. Raises UnusableLines.

    UTF-8 with or without its mark, UTF-16 with it, and GB18030, as Chinese spreadsheets are saved, are all text.
    """
    name = str(file or "标准输入")
    try:
        raw = sys.stdin.buffer.read() if file is None else file.read_bytes()
    except OSError as error:
        raise UnusableLines(f"打不开 {name}：{error.strerror}") from None
    return _decoded(raw, name).replace("\r\n", "\n").removesuffix("\n").split("\n") if raw else []


def _decoded(raw: bytes, name: str) -> str:
    """The text of some bytes. A zero byte is odd in UTF-8 text but harmless; in anything else it is no text."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"] if b"\0" in raw else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    if b"\0" in raw:
        raise UnusableLines(f"{name} 不是文本文件")
    raise UnusableLines(f"{name} 的编码不是 UTF-8，也不是 UTF-16 或 GB18030，请另存为 UTF-8")
