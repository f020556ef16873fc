"""A table is read as it is, a bad row is told, a bad file is refused in one sentence."""

import contextlib
import io
import random
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.ingestion.sheets import Row, clean, headers, rows, size_hint
from knowledge_base.ingestion.unusable import UnusableFile


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _workbook(path: Path, *lines: list[object]) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def _reason(path: Path) -> str:
    with pytest.raises(UnusableFile) as caught:
        list(rows(path))
    assert str(caught.value).startswith(path.name)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(tmp_path, encoding, delimiter):
    lines = [["订单号", "标题", "备注"], ["1", "面霜", "尽快发货"], ["2", "口红", ""]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    found = list(rows(_write(tmp_path / "订单.csv", text, encoding)))
    assert found == [
        Row(2, {"订单号": "1", "标题": "面霜", "备注": "尽快发货"}),
        Row(3, {"订单号": "2", "标题": "口红", "备注": ""}),
    ]


def test_the_wrapping_of_shop_exports_is_taken_off(tmp_path):
    text = '\t主订单编号,\t子订单编号,选购商品\n"\t6917000000000000001",\'6917,"=""0012"""\n'
    path = _write(tmp_path / "douyin.csv", text, "utf-8-sig")
    assert [row.values for row in rows(path)] == [
        {"主订单编号": "6917000000000000001", "子订单编号": "6917", "选购商品": "0012"}
    ]


def test_words_in_quotation_marks_keep_them_inside_a_sentence():
    assert clean("他说“好”") == "他说“好”"
    assert clean("“好”") == "好"
    assert clean(" '") == ""


def test_lines_are_those_of_the_file_even_below_a_cell_of_several_lines(tmp_path):
    path = _write(tmp_path / "a.csv", '\n问题,答案\n"第一\n行",甲\n\n第二,乙\n')
    assert [(row.line, row.values["问题"]) for row in rows(path)] == [(3, "第一\n行"), (6, "第二")]


def test_a_row_with_too_many_cells_and_one_with_too_few(tmp_path):
    path = _write(tmp_path / "a.csv", "a,b\n1,2,3\n1\n1,2,,\n")
    long, short, padded = rows(path)
    assert long.problem == "这一行有 3 格，表头只有 2 列"
    assert short.values == {"a": "1", "b": ""}
    assert padded.problem is None


def test_repeated_and_empty_headers(tmp_path):
    path = _write(tmp_path / "a.csv", "a,a,,b\n1,2,3,4\n")
    assert next(rows(path)).values == {"a": "1", "a(2)": "2", "b": "4"}
    assert headers(path) == ("a", "a(2)", "", "b")


def test_numbers_that_a_spreadsheet_has_shortened_are_pointed_out(tmp_path):
    path = _write(tmp_path / "a.csv", "订单号,型号\n6.91234E+18,SK-II 1E\n")
    assert next(rows(path)).rounded == ("订单号",)
    book = _workbook(tmp_path / "a.xlsx", ["订单号", "数量"], [6917123456789012345, 100000000])
    (row,) = rows(book)
    assert row.rounded == ("订单号",)
    assert row.values["数量"] == "100000000"


def test_a_quote_that_never_ends_stops_the_reading_with_a_reason(tmp_path):
    path = _write(tmp_path / "a.csv", 'a,b\n1,2\n3,"四' + "五" * 140_000)
    good, broken = rows(path)
    assert good.values == {"a": "1", "b": "2"}
    assert broken.line == 3
    assert "引号" in broken.problem


def test_workbook_values_read_as_a_person_would_write_them(tmp_path):
    moment = datetime(2026, 1, 2, 3, 4, 5)
    path = _workbook(
        tmp_path / "a.xlsx",
        [None],
        ["日期", "时刻", "整数", "小数", "文本", "真假", "空", "和"],
        [date(2026, 6, 30), moment, 3.0, 18.900000000000002, "'0012", True, None, "=1+1"],
    )
    (row,) = rows(path)
    assert row.line == 3
    assert list(row.values.values()) == ["2026-06-30", "2026-01-02 03:04:05", "3", "18.9", "0012", "是", "", ""]


def test_a_hidden_sheet_and_an_empty_one_are_passed_over(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["隐藏"])
    book.active.sheet_state = "hidden"
    book.create_sheet("空")
    book.create_sheet("数据").append(["问题"])
    book["数据"].append(["多久发货"])
    book.save(tmp_path / "a.xlsx")
    assert [row.values for row in rows(tmp_path / "a.xlsx")] == [{"问题": "多久发货"}]


def test_a_workbook_named_csv_is_read_as_what_it_is(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", ["a"], ["1"]).rename(tmp_path / "a.csv")
    assert next(rows(path)).values == {"a": "1"}


def test_json_lines_with_broken_ones_between(tmp_path):
    path = _write(tmp_path / "a.jsonl", '{"a": 1, "b": {"c": [2]}}\n\n[1]\n{"a":\n' + "[" * 5000 + "\n" + '{"a": "终"}')
    found = list(rows(path))
    assert [row.line for row in found] == [1, 3, 4, 5, 6]
    assert found[0].values == {"a": 1, "b": {"c": [2]}}
    assert "JSON 对象" in found[1].problem
    assert all(row.problem for row in found[1:4])
    assert found[4].values == {"a": "终"}


def test_how_many_rows_to_expect(tmp_path):
    assert size_hint(_write(tmp_path / "a.csv", "a\n1\n2\n")) == 3
    assert size_hint(_workbook(tmp_path / "a.xlsx", ["a"], ["1"])) == 2


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("没有.csv", None, "文件不存在"),
        ("空.csv", b"", "文件是空的"),
        ("白.csv", b" \n\n", "文件是空的"),
        ("逗.csv", b",,\n", "没有表头"),
        ("页.csv", b"<html><table></table>", "网页"),
        ("图.csv", b"\x89PNG\r\n\x1a\n", "图片"),
        ("文.csv", b"%PDF-1.7", "PDF"),
        ("零.csv", b"a,b\n\x00\x01", "不是文本"),
        ("码.csv", b"a,b\n\xff\xff\xff", "编码"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 xls"),
        ("密.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("坏.xlsx", b"PK\x03\x04 nothing", "损坏"),
        ("假.xlsx", b"a,b\n1,2\n", "不是 xlsx"),
        ("组.json", b'[{"a": 1}]', "JSONL"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path, name, content, expected):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert expected in _reason(path)


def test_utf8_cut_in_the_middle_is_not_taken_for_gb18030(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(("问题,答案\n" + "发货时间是多久,四十八小时内\n" * 9).encode()[:-3])
    assert "编码" in _reason(path)


def _archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_hostile_workbooks_are_refused_quickly(tmp_path):
    good = _parts(_workbook(tmp_path / "good.xlsx", ["a"], ["1"]))
    sheet = "xl/worksheets/sheet1.xml"
    bomb = _archive(tmp_path / "bomb.xlsx", {**good, sheet: b" " * 200_000_000})
    entity = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    external = _archive(
        tmp_path / "entity.xlsx", {**good, sheet: good[sheet].replace(b"<worksheet", entity + b"<worksheet")}
    )
    macros = _archive(tmp_path / "macros.xlsx", {**good, "xl/vbaProject.bin": b"x"})
    started = time.perf_counter()
    assert "压缩比" in _reason(bomb)
    assert "外部实体" in _reason(external)
    assert "宏" in _reason(macros)
    assert time.perf_counter() - started < 2


def test_forged_row_and_column_numbers_cost_nothing(tmp_path):
    good = _parts(_workbook(tmp_path / "good.xlsx", ["a"], ["1"]))
    sheet = "xl/worksheets/sheet1.xml"
    forged = good[sheet].replace(b'r="2"', b'r="999999999999"').replace(b'r="A2"', b'r="ZZZZZ999999999999"')
    started = time.perf_counter()
    assert list(rows(_archive(tmp_path / "a.xlsx", {**good, sheet: forged}))) == []
    assert time.perf_counter() - started < 1


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".xlsx", ".jsonl", ".txt"]))
def test_any_bytes_give_rows_or_a_reason(tmp_path, content, suffix):
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)
    with contextlib.suppress(UnusableFile):
        assert all(row.line > 0 for row in rows(path))


def test_damaged_workbooks_give_rows_or_a_reason(tmp_path):
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    for number in range(30):
        book.active.append([f"问题{number}", number, date(2026, 1, 1)])
    book.save(whole)
    dice = random.Random(7)
    path = tmp_path / "a.xlsx"
    for _ in range(150):
        content = bytearray(whole.getvalue())
        for _ in range(dice.randint(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content)
        with contextlib.suppress(UnusableFile):
            assert all(row.line > 0 for row in rows(path))
