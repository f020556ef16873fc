"""Commands read lines from whatever people saved them as."""

import codecs
import io
import sys
from pathlib import Path

import pytest

from webchat.typed_lines import UnusableLines, lines_of

SAID = "能便宜点吗\n订单到哪了"


@pytest.mark.parametrize(
    "raw",
    [
        SAID.encode(),
        f"{SAID}\n".encode(),
        SAID.replace("\n", "\r\n").encode("utf-8-sig"),
        SAID.encode("gb18030"),
        SAID.encode("utf-16"),
        codecs.BOM_UTF16_BE + SAID.encode("utf-16-be"),
    ],
)
def test_text_is_read_in_the_encodings_that_programs_save_it_in(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(raw)
    assert lines_of(path) == SAID.split("\n")


def test_only_line_ends_cut_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("一行\x0b还是\x85一行\u2028一行\n\n第三行\x00\n", "utf-8")
    assert lines_of(path) == ["一行\x0b还是\x85一行\u2028一行", "", "第三行\x00"]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(b"")
    assert lines_of(path) == []


@pytest.mark.parametrize(
    ("raw", "said"), [(b"\x89PNG\r\n\x1a\n\x00\x00\xff", "不是文本文件"), (b"\xff\xff\x81", "编码不是 UTF-8")]
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "picture"
    path.write_bytes(raw)
    with pytest.raises(UnusableLines, match=said):
        lines_of(path)
    with pytest.raises(UnusableLines, match="打不开"):
        lines_of(tmp_path / "nowhere")


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAID.encode("utf-8-sig"))))
    assert lines_of(None) == SAID.split("\n")
