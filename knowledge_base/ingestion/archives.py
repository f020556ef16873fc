"""Office files are zip archives; this looks at what one would unpack to before anyone unpacks it."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

from knowledge_base.ingestion.unusable import UnusableFile

DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises on reading a damaged archive or part."""
MOST_MEMBERS = 5_000
"""Parts of an Office file; pictures included, real ones have a few hundred."""
MOST_UNPACKED = 768 * 1024 * 1024
"""Bytes in all after unpacking: 200,000 rows of 40 columns are about 350 MB of XML."""
MOST_RATIO = 250
"""Unpacked to packed bytes of one part above 8 MB; sheets of one repeated row reach about 100, a bomb 1,000."""
MOST_TEXT = 192 * 1024 * 1024
"""Bytes of the parts a reader must hold in memory at once (shared strings, a Word document's body)."""
_RATIO_FROM = 8 * 1024 * 1024
_HELD_PARTS = ("sharedstrings.xml", "styles.xml", "workbook.xml", "document.xml", "footnotes.xml", "numbering.xml")


def checked_archive(path: Path, most_held: int = MOST_TEXT) -> frozenset[str]:
    """The names of an archive's parts, after its stated sizes proved sane and no part declares entities.

    zipfile never unpacks more than a part states, so the statement is enough. `most_held` bounds the bytes of a part
    that must be held in memory. Raises `UnusableFile` otherwise.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except DAMAGE as error:
        raise UnusableFile(path, "文件已损坏，压缩包打不开") from error
    if len(parts) > MOST_MEMBERS:
        raise UnusableFile(path, f"压缩包里有 {len(parts)} 个部件，超过 {MOST_MEMBERS} 个")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnusableFile(path, "文件有密码，请去掉密码后再导入")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise UnusableFile(path, f"解压后有 {unpacked // 1024 // 1024} MB，超过 {MOST_UNPACKED // 1024 // 1024} MB")
    for part in parts:
        if part.file_size > _RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise UnusableFile(path, "压缩比高得不正常，拒绝解压")
        if part.file_size > most_held and part.filename.lower().endswith(_HELD_PARTS):
            raise UnusableFile(path, f"文字部分解压后有 {part.file_size // 1024 // 1024} MB，太大了，请拆成几个文件")
    _refuse_entities(path, parts)
    return frozenset(part.filename for part in parts)


def _refuse_entities(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Raise `UnusableFile` when an XML part has a document type: Office never writes one, only attacks do."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        start = opened.read(2048)
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise UnusableFile(path, "文件里声明了外部实体，拒绝读取")
    except DAMAGE as error:
        raise UnusableFile(path, "文件已损坏，压缩包打不开") from error
