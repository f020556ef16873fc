"""Words that mean the same in this shop: a text file that the shop edits, one group a line.

    运费 邮费 快递费
    丢件 = 包裹丢了；没收到货

Each surface becomes the first word of its group, on the shelf and in the query alike, so both count as the same words
and have the same meaning. Longer surfaces win over shorter ones inside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self

from nlp.words import fold

MOST_WORDS = 20_000
LONGEST_WORD = 30
_BETWEEN = re.compile(r"[\s;；,，、|=＝]+")


class UnusableSynonyms(ValueError):
    """The lexicon cannot be used; the message is a Chinese sentence that names the line."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A lexicon ready to be applied; `fingerprint` changes with what it says."""

    first_of: dict[str, str]
    pattern: re.Pattern[str] | None
    fingerprint: str

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Self:
        """Make a lexicon of groups; raises `UnusableSynonyms` when a word stands in two of them."""
        first_of: dict[str, str] = {}
        for number, group in enumerate(groups, 1):
            words = list(dict.fromkeys(fold(word).text for word in group if fold(word).text))
            for word in words:
                if len(word) > LONGEST_WORD:
                    raise UnusableSynonyms(f"第 {number} 组的「{word[:10]}…」超过 {LONGEST_WORD} 个字")
                if first_of.get(word, words[0]) != words[0]:
                    raise UnusableSynonyms(f"第 {number} 组的「{word}」已经属于「{first_of[word]}」一组")
                first_of[word] = words[0]
        if len(first_of) > MOST_WORDS:
            raise UnusableSynonyms(f"一共 {len(first_of)} 个词，超过 {MOST_WORDS} 个")
        others = sorted(
            (word for word, first in first_of.items() if word != first), key=lambda word: (-len(word), word)
        )
        said = "\n".join(f"{word}={first_of[word]}" for word in others)
        pattern = re.compile("|".join(map(_surface, others))) if others else None
        return cls(first_of, pattern, blake2b(said.encode(), digest_size=8).hexdigest() if others else "")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a lexicon file; a missing one is empty. `#` begins a remark. Raises `UnusableSynonyms`."""
        if not path.exists():
            return cls.of(())
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise UnusableSynonyms(f"{path.name} 不是 UTF-8 文本，请另存为 UTF-8") from error
        except OSError as error:
            raise UnusableSynonyms(f"{path.name} 读不了（{error.strerror}）") from error
        groups = [[word for word in _BETWEEN.split(line.split("#")[0]) if word] for line in lines]
        try:
            return cls.of(group for group in groups if len(group) > 1)
        except UnusableSynonyms as error:
            raise UnusableSynonyms(f"{path.name}：{error}") from error

    def apply(self, text: str) -> str:
        """The text with each surface replaced by the first word of its group; folded where anything was replaced."""
        if self.pattern is None:
            return text
        plain = fold(text).text
        told = self.pattern.sub(lambda found: self.first_of[found[0]], plain)
        return told if told != plain else text


def _surface(word: str) -> str:
    """The pattern of a word: Latin letters and digits only as a whole run."""
    escaped = re.escape(word)
    start = r"(?<![0-9a-z])" if re.match("[0-9a-z]", word) else ""
    end = r"(?![0-9a-z])" if re.search("[0-9a-z]$", word) else ""
    return f"{start}{escaped}{end}"
