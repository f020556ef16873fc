"""What a cell of a shop's file means: text, numbers, money, phones, lists and choices, however they were typed.

Each reader takes a cell that is not empty, as text (CSV, XLSX) or as a JSON value, and returns what it says. A cell
that says something else raises `WrongCell` with the words that complete "应为…".
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

LONGEST_KEY = 100
"""Characters of a number or code that rows are found by: longer ones do not fit an index page of PostgreSQL."""
LONGEST_TEXT = 20_000
"""Characters of one cell; the longest product description seen in an export has about 5,000."""
MOST = 2_000_000_000
"""The largest whole number taken: both databases hold it in four bytes."""
ROUNDED_FROM = 1e15
"""A number with a fraction part has fewer than 16 exact digits; a longer one is no longer what was written."""
DEEPEST = 8
"""Levels of a nested JSON value that is kept as it is."""

# Typed by hand or left by databases and spreadsheets where nothing is known.
EMPTY = frozenset(
    {"", "-", "--", "—", "——", "null", "NULL", "Null", "None", "nan", "NaN", "N/A", "n/a", "#N/A", "\\N", "undefined"}
)
# In a column of numbers or dates these mean nothing as well; in a column of text 无 is an answer (香精: 无).
UNKNOWN = frozenset({"无", "暂无", "未知", "空", "/", "\\", "不详", "0000-00-00", "0000-00-00 00:00:00"})

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u202a\u202c\u200e\u200f"
_WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D)
}
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?(?:1[1-9]|2[0-9])")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_EXCEL_ERROR = re.compile(r"#(?:REF|VALUE|DIV/0|NAME|NUM|NULL)[!?]?|#+")
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?")
_MONEY_MARKS = re.compile(r"^(?:¥|人民币|rmb|cny|cn¥)|(?:元整?|块钱?|圆|rmb|cny|人民币)$", re.IGNORECASE)
_COUNT_MARKS = re.compile(r"(?:件|个|支|瓶|盒|套|份|双|包|袋|条|只|台|箱|罐|片|张|分|积分|人)$")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}|400\d{7}")
_ABROAD = re.compile(r"\+(?!86)\d{7,15}")
# What sales platforms put in place of personal data: 张**, 138****0000, ##密文##, $$密文$$, ~密文~.
_MASKED = re.compile(r"\*{2,}|^\*|.\*$|^#{1,2}\S{8,}|\${1,2}\S{8,}|^~\S{8,}|已脱敏|已加密")
_LIST_BREAK = re.compile(r"\s*[;；、|\n]\s*")


class WrongCell(Exception):
    """A cell that is not what its column holds; `expected` completes the sentence 应为…."""

    def __init__(self, expected: str):
        super().__init__(expected)
        self.expected = expected


class Masked(str):
    """Personal data a platform has blanked out: it names nobody, and is never kept."""

    __slots__ = ()


def is_empty(cell: Any) -> bool:
    """Does the cell say nothing?"""
    if cell is None:
        return True
    return isinstance(cell, str) and (cell in EMPTY or not cell.strip(_INVISIBLE + " \t\r\n\u3000\xa0"))


def is_masked(text: str) -> bool:
    """Is this a name, account or phone that a platform has blanked out or encrypted?"""
    return _MASKED.search(text) is not None


def text(cell: Any) -> str:
    """Text without blanks and invisible characters around it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < ROUNDED_FROM else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    if not isinstance(cell, str):
        raise WrongCell("文字")
    said: str = cell.strip()
    if not said.isprintable():
        said = said.strip(_INVISIBLE + " \t\r\n\u3000\xa0")
        if "\0" in said or any("\ud800" <= character <= "\udfff" for character in said):
            raise WrongCell("不含乱码的文字")
    if len(said) > LONGEST_TEXT:
        raise WrongCell(f"不超过 {LONGEST_TEXT} 个字的文字")
    if _EXCEL_ERROR.fullmatch(said):
        raise WrongCell("文字，这里是表格软件的公式错误")
    return said


def identifier(cell: Any) -> str:
    """A number or code that rows are found by; digits that a spreadsheet has rounded away are refused."""
    if isinstance(cell, bool):
        raise WrongCell("号码")
    if isinstance(cell, float) and abs(cell) >= ROUNDED_FROM:
        raise WrongCell(_AS_TEXT)
    said = text(cell).translate(_WIDE)
    if _ROUNDED.fullmatch(said):
        raise WrongCell(_AS_TEXT)
    if len(said) > LONGEST_KEY:
        raise WrongCell(f"不超过 {LONGEST_KEY} 个字的号码")
    if not said.isprintable() and any(character < " " for character in said):
        raise WrongCell("一行之内的号码")
    return said


_AS_TEXT = "完整的号码：表格软件把它变成了科学计数法，末几位已经丢失，请把这一列设为文本格式后重新导出"


@lru_cache(maxsize=8192)
def _fen(said: str) -> int:
    plain = _MONEY_MARKS.sub("", unicodedata.normalize("NFKC", said).replace(" ", ""))
    plain = _MONEY_MARKS.sub("", plain)
    by = 1
    if plain.endswith("万"):
        plain, by = plain[:-1], 10_000
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise WrongCell("金额，例如 99.00")
    if match[1] == "-" and plain.strip("-0.,"):
        raise WrongCell("不小于 0 的金额")
    decimals = (match[3] or "") + "0000000"
    # Averages come with more than two decimals; the nearest fen is what can be paid.
    millionths = int(match[2].replace(",", "")) * 1_000_000 + int(decimals[:6])
    fen = (millionths * by + 5_000) // 10_000
    if fen > 100 * MOST:
        raise WrongCell("20 亿元以内的金额")
    return fen


def money(cell: Any) -> int | None:
    """An amount in fen: 99, ¥1,299.00, 1299元, 1.2万. None where the cell says that nothing is known."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise WrongCell("金额，例如 99.00")
    said = cell.strip() if isinstance(cell, str) else f"{cell:.6f}"
    return None if said in UNKNOWN else _fen(said[:60])


def whole(least: int = 0) -> Callable[[Any], int | None]:
    """A reader of whole numbers not below `least`; 1,000 and 12件 are understood."""
    expected = f"不小于 {least} 的整数"

    def read(cell: Any) -> int | None:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise WrongCell(expected)
        said = cell.strip() if isinstance(cell, str) else f"{cell:.6f}"
        if said in UNKNOWN:
            return None
        match = _NUMBER.fullmatch(_COUNT_MARKS.sub("", unicodedata.normalize("NFKC", said[:60]).replace(" ", "")))
        if match is None or (match[3] or "").strip("0"):
            raise WrongCell(expected)
        number = int(match[1] + match[2].replace(",", ""))
        if not least <= number <= MOST:
            raise WrongCell(expected)
        return number

    return read


def phone(cell: Any) -> str | Masked | None:
    """A phone number in digits, mainland ones without +86, others with their code; `Masked` when it is blanked out."""
    said = unicodedata.normalize("NFKC", text(cell))
    if said in UNKNOWN:
        return None
    if is_masked(said):
        return Masked(said)
    if _SCIENTIFIC.fullmatch(said):
        raise WrongCell("完整的手机号：表格软件把它变成了科学计数法，请把这一列设为文本格式后重新导出")
    digits = re.sub(r"[\s\-()._]", "", said.removesuffix(".0"))
    digits = re.sub(r"^(?:\+?86|0086)(?=1[3-9]\d{9}$)", "", digits)
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) or _ABROAD.fullmatch(digits)):
        raise WrongCell("11 位手机号")
    return digits


def words(cell: Any) -> list[str]:
    """A list: a JSON list, or text divided by ; ； 、 | or line breaks. Repeated words count once."""
    if isinstance(cell, str) and cell.startswith("["):
        cell = _decoded(cell, list)
    parts = cell if isinstance(cell, list) else _LIST_BREAK.split(text(cell))
    return list(dict.fromkeys(said for part in parts if not is_empty(part) and (said := text(part))))


def choice(meanings: Mapping[str, str], expected: str) -> Callable[[Any], str]:
    """A reader of one word out of a few; `meanings` maps every folded spelling to the word that is kept."""

    def read(cell: Any) -> str:
        meant = meanings.get(folded(text(cell)))
        if meant is None:
            raise WrongCell(expected)
        return meant

    return read


_TRUE = frozenset(
    {"是", "可", "可以", "能", "有", "对", "真", "√"}
    | {"可叠加", "已转化", "已成交", "已下单", "y", "yes", "true", "t", "1"}
)
_FALSE = frozenset(
    {"否", "不", "不可", "不可以", "不能", "无", "假", "×"}
    | {"不可叠加", "未转化", "未成交", "未下单", "n", "no", "false", "f", "0"}
)


def truth(cell: Any) -> bool:
    """Yes or no, as people write it."""
    said = folded(text(cell)) if not isinstance(cell, bool) else str(cell).lower()
    if said in _TRUE or said in _FALSE:
        return said in _TRUE
    raise WrongCell("「是」或「否」")


@lru_cache(maxsize=4096)
def folded(said: str) -> str:
    """A word for comparing: half-width, lower case, without blanks and punctuation."""
    return re.sub(r"[\s,.;:，。；：、_\-—·'\"]+", "", unicodedata.normalize("NFKC", said).lower())


def json_object(cell: Any) -> dict[str, Any]:
    """A JSON object, as such or as text."""
    value = _decoded(cell, dict) if isinstance(cell, str) else cell
    if not isinstance(value, dict):
        raise WrongCell("JSON 对象 {…}")
    return {str(key): kept(one) for key, one in value.items()}


def kept(cell: Any) -> Any:
    """A value of a column we do not know, as it is, when it is of sane size."""
    if isinstance(cell, str):
        return text(cell)
    if isinstance(cell, dict | list) and _depth(cell) > DEEPEST:
        raise WrongCell(f"不超过 {DEEPEST} 层的 JSON")
    return cell


def _depth(value: Any) -> int:
    level, deep = [value], 0
    while level and deep <= DEEPEST:
        deep += 1
        below = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [inner for inner in below if isinstance(inner, dict | list)]
    return deep


def _decoded(said: str, kind: type) -> Any:
    try:
        return msgspec.json.decode(said, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise WrongCell("JSON 列表 […]" if kind is list else "JSON 对象 {…}") from None
