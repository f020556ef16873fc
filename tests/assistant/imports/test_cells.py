"""Cells as people, spreadsheets and platforms write them."""

from typing import Any

import pytest

from assistant.imports import cells
from assistant.imports.cells import Masked, WrongCell


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("99", 9900),
        ("¥1,299.00", 129900),
        ("￥1，299.5", 129950),
        ("1299元", 129900),
        ("人民币 12 元", 1200),
        ("１２９９．００", 129900),
        ("1.2万", 1200000),
        ("12.3400", 1234),
        ("33.3333", 3333),
        ("33.335", 3334),
        ("-0.00", 0),
        (59, 5900),
        (59.9, 5990),
        ("暂无", None),
    ],
)
def test_money_is_read_however_it_is_typed(cell: Any, fen: int | None) -> None:
    assert cells.money(cell) == fen


@pytest.mark.parametrize("cell", ["abc", "12,50", "-3", "1.2.3", "¥", True, ["9"], "99999999999999", "12-15"])
def test_what_is_no_money_is_refused(cell: Any) -> None:
    with pytest.raises(WrongCell):
        cells.money(cell)


@pytest.mark.parametrize(
    ("cell", "number"), [("1,000", 1000), ("12件", 12), ("12.0", 12), (7, 7), (7.0, 7), ("无", None)]
)
def test_whole_numbers_come_with_commas_and_units(cell: Any, number: int | None) -> None:
    assert cells.whole()(cell) == number


@pytest.mark.parametrize("cell", ["1.5", "-1", "九", "1e3", True, "3000000000"])
def test_what_is_no_whole_number_is_refused(cell: Any) -> None:
    with pytest.raises(WrongCell, match="不小于 0 的整数"):
        cells.whole()(cell)


@pytest.mark.parametrize("cell", ["6.91712E+18", "6.9E+18", "6e18", 6.917e18])
def test_an_order_number_that_a_spreadsheet_rounded_is_refused_with_the_way_out(cell: Any) -> None:
    with pytest.raises(WrongCell, match="文本格式后重新导出"):
        cells.identifier(cell)


def test_an_order_number_keeps_all_its_digits() -> None:
    assert cells.identifier("6917123456789012345") == "6917123456789012345"
    assert cells.identifier(6917123456789012345) == "6917123456789012345"
    assert cells.identifier("０１２Ａ－1") == "012A-1"
    assert cells.identifier("\u200bA-1\ufeff ") == "A-1"


@pytest.mark.parametrize("cell", ["x" * 101, "a\nb", True, {"a": 1}, "a\0b", "#REF!"])
def test_what_no_row_can_be_found_by_is_refused(cell: Any) -> None:
    with pytest.raises(WrongCell):
        cells.identifier(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("138 0000 1234", "13800001234"),
        ("+8613800001234", "13800001234"),
        ("86-138-0000-1234", "13800001234"),
        (13800001234, "13800001234"),
        ("13800001234.0", "13800001234"),
        ("0571-88888888", "057188888888"),
        ("+852 6123 4567", "+85261234567"),
    ],
)
def test_a_phone_becomes_digits(cell: Any, number: str) -> None:
    assert cells.phone(cell) == number


@pytest.mark.parametrize("cell", ["138****1234", "##kL2mN8pQ==", "$$abcdEFGH1234$$", "~aGVsbG8gd29ybGQ~"])
def test_a_blanked_out_phone_is_told_from_a_wrong_one(cell: str) -> None:
    assert isinstance(cells.phone(cell), Masked)


@pytest.mark.parametrize("cell", ["12345", "1.38E+10", "abc", "2380000123456789"])
def test_what_is_no_phone_is_refused(cell: str) -> None:
    with pytest.raises(WrongCell, match="手机号"):
        cells.phone(cell)


def test_lists_divide_at_either_semicolon_and_count_a_word_once() -> None:
    assert cells.words("售前;售后；物流、售前") == ["售前", "售后", "物流"]
    assert cells.words('["售前", 1]') == ["售前", "1"]
    assert cells.words(["售前", None, ""]) == ["售前"]


def test_yes_and_no_come_in_many_words() -> None:
    assert [cells.truth(said) for said in ("是", "可叠加", "TRUE", 1, True)] == [True] * 5
    assert [cells.truth(said) for said in ("否", "不可叠加", "n", 0, False)] == [False] * 5
    with pytest.raises(WrongCell):
        cells.truth("也许")


def test_a_json_object_that_goes_down_without_end_is_refused() -> None:
    deep: Any = {}
    for _ in range(50):
        deep = {"a": deep}
    with pytest.raises(WrongCell, match="层"):
        cells.json_object(deep)
    assert cells.json_object('{"sku": "A", "n": 2}') == {"sku": "A", "n": 2}


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "-", "NULL", "nan", "\ufeff"])
def test_cells_that_say_nothing_are_empty(cell: Any) -> None:
    assert cells.is_empty(cell)


def test_none_is_an_answer_in_a_column_of_text() -> None:
    assert not cells.is_empty("无")
    assert not cells.is_empty(0)
    assert not cells.is_empty(False)
