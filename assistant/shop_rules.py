"""The shop's own reasons to hand over: a table that the shop edits, one rule a line, read when the gateway starts.

Columns, in Chinese or English: 名称 name · 关键词 words and 商品 skus (each split by ;) · 订单金额 order_from (yuan) ·
级别 level (normal, senior, vip; 普通, 资深, 贵宾) · 方式 act (do, propose; 直接转, 先询问) · 组 group · 工单 ticket.
All conditions that a line gives must hold; a line without any is refused.
"""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from assistant.escalation import Act, Heard, Rule
from crm_core.conversations.movements import Level
from crm_core.conversations.packet import Quoted
from nlp.words import fold

COLUMNS: Final = {
    "name": "名称",
    "words": "关键词",
    "skus": "商品",
    "order_from": "订单金额",
    "level": "级别",
    "act": "方式",
    "group": "组",
    "ticket": "工单",
}
_LEVELS: Final[dict[str, Level]] = {
    "": "normal",
    "normal": "normal",
    "普通": "normal",
    "senior": "senior",
    "资深": "senior",
    "vip": "vip",
    "贵宾": "vip",
}
_ACTS: Final[dict[str, Act]] = {"": "do", "do": "do", "直接转": "do", "propose": "propose", "先询问": "propose"}


class UnusableRules(Exception):
    """A line of the table cannot be used; the message names it and says why."""


def rules_in(text: str) -> tuple[Rule, ...]:
    """The rules of a table; raises UnusableRules with the line and the reason."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    found = []
    for number, row in enumerate(reader, start=2):
        cells = {name: _cell(row, name) for name in COLUMNS}
        if not any(cells.values()) or cells["name"].startswith("#"):
            continue
        try:
            found.append(_rule(cells))
        except ValueError as error:
            raise UnusableRules(f"第 {number} 行：{error}") from None
    return tuple(found)


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or row.get(COLUMNS[name]) or "").strip()


def _rule(cells: dict[str, str]) -> Rule:
    words = tuple(fold(word.strip()).text for word in cells["words"].split(";") if word.strip())
    skus = frozenset(sku.strip() for sku in cells["skus"].split(";") if sku.strip())
    amount = _fen(cells["order_from"])
    if not cells["name"]:
        raise ValueError("需要名称")
    if not words and not skus and amount is None:
        raise ValueError("需要关键词、商品或订单金额中的至少一项")
    if cells["level"].lower() not in _LEVELS:
        raise ValueError(f"级别「{cells['level']}」应为 normal、senior 或 vip")
    if cells["act"].lower() not in _ACTS:
        raise ValueError(f"方式「{cells['act']}」应为 do 或 propose")
    return Rule(
        name=f"shop:{cells['name']}",
        version=1,
        label=cells["name"],
        fires=lambda heard: _fires(heard, words, skus, amount),
        level=_LEVELS[cells["level"].lower()],
        act=_ACTS[cells["act"].lower()],
        ticket=cells["ticket"] or None,
        queue=cells["group"],
    )


def _fen(text: str) -> int | None:
    try:
        return int(Decimal(text) * 100) if text else None
    except InvalidOperation:
        raise ValueError(f"订单金额「{text}」应为数字") from None


def _fires(heard: Heard, words: tuple[str, ...], skus: frozenset[str], amount: int | None) -> tuple[Quoted, ...] | None:
    quotes: tuple[Quoted, ...] = (Quoted(heard.dialogue.unanswered[-1].seq, ""),)
    if words:
        quotes = tuple(_words_in(heard, words))
        if not quotes:
            return None
    if skus and heard.dialogue.focus_sku not in skus:
        return None
    if amount is not None:
        value = heard.order_value()
        if value is None or value < amount:
            return None
    return quotes


def _words_in(heard: Heard, words: tuple[str, ...]) -> list[Quoted]:
    found = []
    for said in heard.dialogue.unanswered:
        folded = fold(said.text)
        for word in words:
            start = folded.text.find(word)
            if start >= 0:
                span = folded.span(start, start + len(word))
                found.append(Quoted(said.seq, said.text[slice(*span)], span))
    return found
