"""Articles ready to be searched: every way to find one is a key, and the keys stand in both indexes in the same order.

A question and each similar question is a key; so is every part of the answer, which counts less, and every passage
under its headings. An article asked for in several ways also has a middle, the direction of all its questions together:
one odd wording then weighs less than what they have in common. A shelf never changes, and can be put away in a file
that the next start loads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge_base import shelf_files
from knowledge_base.articles import Article
from knowledge_base.index import VectorIndex
from knowledge_base.keywords import KeywordIndex
from knowledge_base.passages import split
from knowledge_base.spelling import Speller
from knowledge_base.synonyms import Synonyms
from nlp.embedding.embedder import Embedder
from nlp.words import SEGMENTER

ANSWER_WEIGHT = 0.85
"""What words of an answer count against words of a question."""
MOST_ANSWER_PARTS = 6
"""Parts of an answer that become keys; the longest answers say it at the beginning."""

MOST_SENTENCES = 24
"""Sentences and rows of a passage that become keys beside the whole: a short question is about one of them."""

_SENTENCES = re.compile(r"[^。！？；\n]{4,}")
_VERSION = "shelf-4"
_TOGETHER = 4_096


@dataclass(frozen=True, slots=True)
class Plan:
    """The keys of some articles before they are indexed: their texts, whose they are, how much a match counts."""

    articles: tuple[Article, ...]
    texts: list[str]
    owners: NDArray[np.int32]
    weights: NDArray[np.float32]
    questions: NDArray[np.bool_]
    digests: NDArray[np.uint64]
    firsts: NDArray[np.int64]
    """The first key of each article."""
    asked: NDArray[np.int64]
    """How many keys of each article, from its first, are questions; 1 for a passage."""
    synonyms: Synonyms | None

    @classmethod
    def of(cls, articles: Iterable[Article], synonyms: Synonyms | None = None) -> Self:
        """Plan the keys of all articles, in their order, in the first words of the synonyms."""
        articles = tuple(articles)
        texts: list[str] = []
        owners: list[int] = []
        weights: list[float] = []
        questions: list[bool] = []
        firsts: list[int] = []
        for number, article in enumerate(articles):
            firsts.append(len(texts))
            for text, weight, question in _keys_of(article):
                texts.append(text if synonyms is None else synonyms.apply(text))
                owners.append(number)
                weights.append(weight)
                questions.append(question)
        digests = b"".join(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts)
        return cls(
            articles,
            texts,
            np.array(owners, np.int32),
            np.array(weights, np.float32),
            np.array(questions, np.bool_),
            np.frombuffer(digests, np.uint64),
            np.array(firsts, np.int64),
            np.array([1 + len(article.similar) for article in articles], np.int64),
            synonyms,
        )

    @property
    def several(self) -> NDArray[np.int64]:
        """The articles that are asked for in more than one way: those that have a middle of their own."""
        return np.flatnonzero(self.asked > 1)

    def fingerprint(self, embedder: Embedder, index: VectorIndex) -> str:
        """Changes with anything that would make the indexes of these keys other ones."""
        rules = "\x1f".join((_VERSION, SEGMENTER, embedder.fingerprint, index.kind))
        digest = blake2b(rules.encode(), digest_size=16)
        for array in (self.digests, self.owners, self.weights):
            digest.update(array.tobytes())
        return digest.hexdigest()


class Shelf:
    """Everything a search reads.

    The rows of the vector index are the keys and behind them the middles; the keyword index has the keys alone. Keys of
    an article stand together, `counts` of them from its `firsts` on, and `owners` names the article of each row.
    `weights` says how much a match with a key counts, `questions` which keys are questions, `middles` the row of each
    article's middle, which is its only question where it has one.
    """

    def __init__(self, plan: Plan, keywords: KeywordIndex, index: VectorIndex, encoder: str) -> None:
        self.articles = plan.articles
        self._texts = plan.texts
        self._synonyms = plan.synonyms
        self.owners = np.concatenate([plan.owners, plan.several.astype(np.int32)])
        self.firsts = plan.firsts
        self.counts = np.diff(plan.firsts, append=len(plan.texts))
        self.middles = plan.firsts.copy()
        self.middles[plan.several] = len(plan.texts) + np.arange(len(plan.several))
        self.weights = plan.weights
        self.questions = plan.questions
        self.keywords = keywords
        self.index = index
        self._digests = plan.digests
        self._encoder = encoder

    @classmethod
    def of(cls, plan: Plan, embedder: Embedder, index: VectorIndex, before: Shelf | None = None) -> Self:
        """Index the keys of a plan in an empty index.

        Vectors of texts that the shelf before held under the same embedder are taken from it, so that publishing one
        article does not encode all others again.
        """
        vectors = _vectors_of(plan, embedder, before)
        index.fill(np.concatenate([vectors, _middles_of(plan, vectors)]))
        return cls(plan, KeywordIndex.of(plan.texts), index, embedder.fingerprint)

    @classmethod
    def kept(cls, path: Path, plan: Plan, embedder: Embedder, index: VectorIndex) -> Self | None:
        """The shelf of this very plan as `keep` put it away; None when there is none, or another, or a damaged one."""
        arrays = shelf_files.load(path, plan.fingerprint(embedder, index))
        if arrays is None:
            return None
        try:
            index.restore(_below("index", arrays))
            return cls(plan, KeywordIndex(_below("keywords", arrays)), index, embedder.fingerprint)
        except (KeyError, ValueError, IndexError):
            shelf_files.set_aside(path)
            return None

    @cached_property
    def speller(self) -> Speller:
        """The shelf's words by their sound; made when the first misspelt query comes (1 s for 100,000 keys)."""
        return Speller(self._texts)

    def in_our_words(self, query: str) -> str:
        """A query with the shop's synonyms replaced as in the keys."""
        return query if self._synonyms is None else self._synonyms.apply(query)

    def text_of(self, key: int) -> str:
        """The text of a key."""
        return self._texts[key]

    def keep(self, path: Path, fingerprint: str) -> None:
        """Put the indexes away, in place of the file that was there."""
        arrays = {f"keywords.{name}": array for name, array in self.keywords.arrays.items()}
        arrays |= {f"index.{name}": array for name, array in self.index.arrays().items()}
        shelf_files.save(path, fingerprint, arrays)

    def vectors_of(self, digests: NDArray[np.uint64], encoder: str) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of these texts the shelf holds under an embedder, and their vectors."""
        if encoder != self._encoder or not len(self._digests):
            return np.zeros(len(digests), np.bool_), np.zeros((0, 0), np.float32)
        order = np.argsort(self._digests, kind="stable")
        places = np.searchsorted(self._digests, digests, sorter=order)
        places[places == len(order)] = 0
        rows = order[places]
        held = self._digests[rows] == digests
        return held, self.index.vectors(rows[held])


def _keys_of(article: Article) -> Iterator[tuple[str, float, bool]]:
    """(text, weight, is it a question) of each way to find an article."""
    if article.kind == "passage":
        yield f"{article.title}\n{article.text}", 1.0, False
        _, nested, heading = article.title.rpartition(" › ")
        if nested:  # 积分过期 asks what its section answers; a title alone names the whole document
            yield heading, 1.0, True
        for sentence in _SENTENCES.findall(article.text)[:MOST_SENTENCES]:
            yield f"{heading} {sentence.strip()}", 1.0, False
        return
    yield article.title, 1.0, True
    for question in article.similar:
        yield question, 1.0, True
    for part in split([article.text])[:MOST_ANSWER_PARTS]:
        yield part, ANSWER_WEIGHT, False


def _vectors_of(plan: Plan, embedder: Embedder, before: Shelf | None) -> NDArray[np.float32]:
    """The vectors of a plan's keys, encoded in blocks."""
    vectors = np.zeros((len(plan.texts), embedder.dimension), np.float32)
    if before is None:
        missing = np.arange(len(plan.texts))
    else:
        held, known = before.vectors_of(plan.digests, embedder.fingerprint)
        if held.any():
            vectors[held] = known
        missing = np.flatnonzero(~held)
    for start in range(0, len(missing), _TOGETHER):
        block = missing[start : start + _TOGETHER]
        vectors[block] = embedder.encode([plan.texts[row] for row in block.tolist()])
    return vectors


def _middles_of(plan: Plan, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The middles of the articles that have one, of length 1 or 0."""
    middles = np.zeros((len(plan.several), vectors.shape[1]), np.float32)
    for row, article in enumerate(plan.several.tolist()):
        first = plan.firsts[article]
        middles[row] = vectors[first : first + plan.asked[article]].sum(axis=0)
    lengths: NDArray[np.float32] = np.linalg.norm(middles, axis=1, keepdims=True)
    middles /= np.where(lengths > 0, lengths, np.float32(1))
    return middles


def _below(prefix: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays whose name begins with a prefix, without it."""
    return {name.removeprefix(f"{prefix}."): array for name, array in arrays.items() if name.startswith(f"{prefix}.")}
