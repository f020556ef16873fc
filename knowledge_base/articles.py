"""What the shop says is true, as values: an article or a passage, where it stands, when and for whom it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal

Kind = Literal["article", "passage"]


@dataclass(frozen=True, slots=True)
class Scope:
    """When and for whom something holds; an empty field means no limit. `scope.holds` judges it.

    `valid_from` is included, `valid_to` is the first moment at which it no longer holds; both know their time zone.
    """

    valid_from: datetime | None = None
    valid_to: datetime | None = None
    skus: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article stands, so that a citation can be opened: file, section within it, page from 1."""

    file: str
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One answer to one question, or one passage of a document.

    Of a question and its answer (`kind` "article") `title` is the question and `text` the answer; of a document
    ("passage") `title` is the path of its headings and `text` the passage. `similar` are other ways to ask it.
    """

    id: str
    kind: Kind
    title: str
    text: str
    similar: tuple[str, ...] = ()
    category: str = ""
    scope: Scope = field(default_factory=Scope)
    source: Source = field(default_factory=lambda: Source(""))


def article_id(file: str, *address: str | int) -> str:
    """The lasting name of what stands at an address in a file: the same on every import, whatever the text becomes."""
    return blake2b("\x1f".join(map(str, (file, *address))).encode(), digest_size=8).hexdigest()
