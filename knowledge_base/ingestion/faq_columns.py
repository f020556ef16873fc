"""A table of questions and answers: which column is which, under the names shops give them, and what a row says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from knowledge_base.articles import Scope
from knowledge_base.ingestion.validity import Period, period_of

LONGEST_QUESTION = 500
LONGEST_ANSWER = 20_000

_ALIASES = {
    "question": "question 问题 标准问 标准问题 标准问法 问法 提问 客户问题 买家问题 q title 标题 faq 知识标题 问",
    "answer": "answer 答案 回复 回答 标准答案 标准回复 话术 解答 答复 客服回复 a 内容 text content reply 知识内容 答",
    "similar": "similar 相似问 相似问题 相似问法 扩展问 扩展问法 同义问 其他问法 别名问题 similars similar_questions",
    "category": "category 分类 类别 类目 知识分类 类型 目录 所属分类 问题分类 type",
    "skus": "sku skus 商品编码 商品编号 货号 商品id 商家编码 适用sku sku编码 适用商品编码",
    "valid_from": "valid_from 生效时间 生效日期 开始时间 开始日期 生效 起始时间 有效期开始 start from",
    "valid_to": "valid_to 失效时间 失效日期 结束时间 结束日期 失效 截止时间 到期时间 过期时间 有效期结束 end to",
    "period": "有效期 有效时间 有效期限 适用时间 生效时段 validity",
    "tiers": "tier tiers 会员等级 会员 等级 适用会员 适用等级 member_level member_tier",
    "platforms": "platform platforms 平台 渠道 适用平台 适用渠道 channel 店铺平台",
}
_FIELD_OF = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split()}
_ANYTHING = frozenset({"", "-", "—", "/", "无", "全部", "所有", "通用", "不限", "全平台", "全店", "all", "any", "*"})
_PLATFORMS = {
    alias: name
    for name, aliases in {
        "taobao": "淘宝 天猫 淘系 tmall 淘宝天猫 手淘",
        "douyin": "抖音 抖店 抖音小店 抖音电商",
        "jd": "京东 京东商城 jingdong",
        "pdd": "拼多多 pinduoduo",
        "kuaishou": "快手 快手小店",
        "xiaohongshu": "小红书 red xhs",
        "wechat": "微信 微信小程序 视频号 微信小店 企业微信",
        "web": "官网 网站 h5 商城",
    }.items()
    for alias in aliases.split()
}
_BETWEEN_QUESTIONS = re.compile(r"[;；|\n]+")
_BETWEEN_NAMES = re.compile(r"[;；,，|、\n]+")


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One row: a question, its answer, other ways to ask it, and when and for whom it holds."""

    question: str
    answer: str
    similar: tuple[str, ...]
    category: str
    scope: Scope

    @property
    def key(self) -> str:
        """What the row is about; two rows with one key answer the same question for the same shoppers at one time."""
        scope = self.scope
        limits = (scope.valid_from, scope.valid_to, *scope.skus, "", *scope.platforms, "", *scope.tiers)
        return "\x1f".join((" ".join(self.question.split()).casefold(), *map(str, limits)))


@dataclass(frozen=True, slots=True)
class FaqColumns:
    """Which header of a table holds which field; several headers may hold `similar`."""

    headers: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, header: Iterable[str]) -> Self:
        """Recognise the columns of a header row by their usual names; unknown ones are left alone."""
        found: dict[str, tuple[str, ...]] = {}
        for name in header:
            field = _field_of(name)
            if field and (field == "similar" or field not in found):
                found[field] = (*found.get(field, ()), name)
        return cls(found)

    @property
    def complete(self) -> bool:
        """Whether there are both questions and answers."""
        return "question" in self.headers and "answer" in self.headers

    def entry(self, values: Mapping[str, Any]) -> FaqEntry:
        """The entry a row holds. Raises `ValueError` with a Chinese sentence that names what is wrong."""
        cells = {field: "\n".join(_text(values.get(name)) for name in names) for field, names in self.headers.items()}
        question = " ".join(cells.get("question", "").split())
        answer = cells.get("answer", "").strip()
        if not question:
            raise ValueError("问题是空的")
        if not answer:
            raise ValueError(f"问题「{question[:30]}」没有答案")
        if len(question) > LONGEST_QUESTION:
            raise ValueError(f"问题有 {len(question)} 字，超过 {LONGEST_QUESTION} 字")
        if len(answer) > LONGEST_ANSWER:
            raise ValueError(f"答案有 {len(answer)} 字，超过 {LONGEST_ANSWER} 字")
        period = self._period(cells)
        scope = Scope(
            period.start,
            period.end,
            _names(cells.get("skus", "")),
            tuple(_PLATFORMS.get(name.casefold(), name.casefold()) for name in _names(cells.get("platforms", ""))),
            _names(cells.get("tiers", "")),
        )
        asked = (" ".join(part.split()) for part in _BETWEEN_QUESTIONS.split(cells.get("similar", "")))
        similar = tuple(dict.fromkeys(part for part in asked if part and part != question and len(part) <= 500))
        return FaqEntry(question, answer, similar, cells.get("category", "").strip(), scope)

    def scope_only(self, values: Mapping[str, Any]) -> tuple[Scope, str]:
        """The scope and category of a row without question and answer, as a document's front matter has them."""
        stand_in = {"question": ("question",), "answer": ("answer",)}
        entry = FaqColumns({**self.headers, **stand_in}).entry({**values, "question": "-", "answer": "-"})
        return entry.scope, entry.category

    def _period(self, cells: Mapping[str, str]) -> Period:
        whole = period_of(cells.get("period", ""), "", self._name("period"), "")
        ends = period_of(
            cells.get("valid_from", ""), cells.get("valid_to", ""), self._name("valid_from"), self._name("valid_to")
        )
        period = Period(ends.start or whole.start, ends.end or whole.end)
        if period.start is not None and period.end is not None and period.start >= period.end:
            raise ValueError("失效时间应当晚于生效时间")
        return period

    def _name(self, field: str) -> str:
        return self.headers.get(field, ("",))[0]


def _field_of(header: str) -> str | None:
    """The field behind a column name; brackets and a closing number do not count (相似问2, 问题(必填))."""
    name = re.sub(r"[（(\[【].*|[*＊:：\s_-]+$", "", header.strip()).strip().casefold()
    return _FIELD_OF.get(name) or _FIELD_OF.get(name.rstrip("0123456789 _")) or _FIELD_OF.get(name.replace(" ", "_"))


def _text(value: Any) -> str:
    """A value of a table or of JSON as text; a list is one item a line."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(map(_text, value))
    return str(value)


def _names(cell: str) -> tuple[str, ...]:
    """The names listed in a cell; none when it says that everything is meant."""
    names = dict.fromkeys(part.strip() for part in _BETWEEN_NAMES.split(cell))
    return tuple(name for name in names if name.casefold() not in _ANYTHING)
