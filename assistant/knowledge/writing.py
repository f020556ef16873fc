"""What somebody writes about an article, as a version's content, by the same rules as a row of an imported table."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from assistant.knowledge.publishing import PAGE
from crm_core.knowledge.versions import Content
from knowledge_base.ingestion.faq_columns import FaqColumns

FIELDS = ("question", "answer", "similar", "category", "sku", "valid_from", "valid_to", "tier", "platform")
"""The columns of an import file, in their order."""
EMPTY = Content("article", "", "", (), "", None, None, (), (), (), PAGE, "", None)


class WrongArticle(ValueError):
    """It cannot be kept like this; the message is a Chinese sentence."""


def content_of(fields: Mapping[str, Any], before: Content = EMPTY) -> Content:
    """The content after these fields were written, named and spelt as in an import file; others stay as they were.

    Raises WrongArticle.
    """
    said = {name: value for name, value in fields.items() if name in FIELDS}
    whole = {"question": before.title, "answer": before.text, **said}
    try:
        entry = FaqColumns.of(whole).entry(whole)
    except ValueError as error:
        raise WrongArticle(str(error)) from error
    written = {
        "question": ("title", entry.question),
        "answer": ("text", entry.answer),
        "similar": ("similar", entry.similar),
        "category": ("category", entry.category),
        "sku": ("skus", entry.scope.skus),
        "valid_from": ("valid_from", entry.scope.valid_from),
        "valid_to": ("valid_to", entry.scope.valid_to),
        "tier": ("tiers", entry.scope.tiers),
        "platform": ("platforms", entry.scope.platforms),
    }
    changed: dict[str, Any] = dict(written[name] for name in said)
    content = replace(before, **changed)
    start, end = content.valid_from, content.valid_to
    if start is not None and end is not None and start >= end:
        raise WrongArticle("失效时间应当晚于生效时间")
    return content


def fields_of(content: Content, zone: ZoneInfo) -> dict[str, Any]:
    """The content as fields of an import file; lists stay lists."""
    return {
        "question": content.title,
        "answer": content.text,
        "similar": list(content.similar),
        "category": content.category,
        "sku": list(content.skus),
        "valid_from": day(content.valid_from, zone),
        "valid_to": day(content.valid_to, zone, closing=True),
        "tier": list(content.tiers),
        "platform": list(content.platforms),
    }


def day(moment: datetime | None, zone: ZoneInfo, *, closing: bool = False) -> str:
    """A moment as people write it into a table; one that closes at midnight is the day before."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return f"{local:%Y-%m-%d %H:%M:%S}"
    return f"{local - timedelta(days=1) if closing else local:%Y-%m-%d}"


def difference(before: Content, after: Content, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The fields that differ, each as what stayed, went and came: `[["=", "七天"], ["-", "内"], ["+", "之内"]]`."""
    old, new = fields_of(before, zone), fields_of(after, zone)
    return [
        {"field": name, "before": old[name], "after": new[name], "parts": _parts(_said(old[name]), _said(new[name]))}
        for name in FIELDS
        if old[name] != new[name]
    ]


def _parts(before: str, after: str) -> list[list[str]]:
    parts: list[list[str]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(["=", before[a:b]])
            continue
        if b > a:
            parts.append(["-", before[a:b]])
        if d > c:
            parts.append(["+", after[c:d]])
    return parts


def _said(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)
