"""Words in common: BM25 over the encoder's own terms, as a share of what the query scores against itself.

score(q, d) = BM25(q, d) / BM25(q, q), with BM25 in Lucene's form (Kamphuis et al., "Which BM25 do you mean?", 2020).
Terms of the query that no text has count in the denominator with the idf of a term seen nowhere, so a rare unknown word
lowers the score instead of vanishing from it.

Two arrays hold the same postings: by term, to find candidates, and by text, to score them exactly. Terms are CRC-32
numbers: two of 500,000 fall together about 30 times, which no ranking notices, and no dictionary has to be kept.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.words import terms

K1 = 1.5
B = 0.75
MOST_POSTINGS = 4_000
"""Postings read to find candidates, rarest terms first; what is commoner only helps to score them."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the index sees it: numbers of the terms it knows, their weights (idf × count), its own score."""

    numbers: NDArray[np.int64]
    weights: Floats
    rarities: Floats
    """The idf of each known term, however often the query says it."""
    words: NDArray[np.bool_]
    """Which known terms are words of two or more characters or Latin runs, not their pieces."""
    whole: float
    unknown: float
    """The idf of all terms that no text of the index has."""
    unknown_words: float
    """The same of the words among them."""


class KeywordIndex:
    """BM25 over a fixed list of texts, addressed by their position. Searched by many threads at once."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = dict(arrays)
        self._vocabulary = arrays["vocabulary"]
        self._starts = arrays["starts"]
        self._texts = arrays["texts"]
        self._own_starts = arrays["own_starts"]
        self._own_terms = arrays["own_terms"]
        self._own_counts = arrays["own_counts"]
        lengths = arrays["lengths"].astype(np.float32)
        self.size = len(lengths)
        self._mean = float(lengths.mean()) if self.size else 1.0
        self._norms = K1 * (1 - B + B * lengths / max(self._mean, 1.0))
        self._halved = 1 / (1 + self._norms)
        frequencies = np.diff(self._starts).astype(np.float64)
        self._idf = np.log1p((self.size - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        self.rarest = float(np.log1p((self.size + 0.5) / 0.5))
        """The idf of a term that no text has."""
        self._mine = threading.local()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Build the index over texts in their order."""
        number_of: dict[str, int] = {}
        stream: list[int] = []
        lengths: list[int] = []
        for text in texts:
            found = terms(text)
            lengths.append(len(found))
            for term in found:
                number = number_of.get(term)
                if number is None:
                    number = number_of[term] = crc32(term.encode())
                stream.append(number)
        return cls(_postings(np.array(stream, np.uint32), np.array(lengths, np.int64)))

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Everything needed to make the same index again."""
        return self._arrays

    def asked(self, found: Sequence[str]) -> Asked:
        """The terms of a query (`nlp.words.terms`) with their weights under this index."""
        counts = Counter(found)
        hashes = np.array([crc32(term.encode()) for term in counts], np.uint32)
        times = np.array(list(counts.values()), np.float32)
        if self.size == 0 or not len(hashes):
            nothing = np.empty(0, np.float32)
            return Asked(np.empty(0, np.int64), nothing, nothing, np.empty(0, np.bool_), 0.0, 0.0, 0.0)
        places = np.searchsorted(self._vocabulary, hashes)
        places[places == len(self._vocabulary)] = 0
        known = self._vocabulary[places] == hashes
        numbers = places[known].astype(np.int64)
        norm = K1 * (1 - B + B * len(found) / max(self._mean, 1.0))
        saturation = times / (times + norm)
        rarities = self._idf[numbers]
        weights = rarities * times[known]
        whole = float(weights @ saturation[known]) + self.rarest * float(times[~known] @ saturation[~known])
        words = np.array([term[0] == "w" or term.isascii() for term in counts], np.bool_)
        return Asked(
            numbers,
            weights,
            rarities,
            words[known],
            whole,
            self.rarest * int((~known).sum()),
            self.rarest * int((words & ~known).sum()),
        )

    def candidates(self, asked: Asked, k: int) -> Ints:
        """About `k` texts that share the rarest terms of a query, best first by those terms alone."""
        numbers = asked.numbers
        if not len(numbers):
            return np.empty(0, np.int64)
        sizes = self._starts[numbers + 1] - self._starts[numbers]
        order = np.argsort(sizes, kind="stable")
        allowed = max(1, int(np.searchsorted(np.cumsum(sizes[order]), MOST_POSTINGS, side="right")))
        scratch = self._scratch()
        sums, seen = scratch.sums, scratch.seen
        lists = []
        for position in order[:allowed].tolist():
            number = numbers[position]
            texts = self._texts[self._starts[number] : self._starts[number + 1]]
            sums[texts] += asked.weights[position]
            lists.append(texts)
        touched = np.concatenate(lists)
        marks = np.arange(len(touched), dtype=np.int32)
        seen[touched] = marks
        touched = touched[seen[touched] == marks]  # each text once
        scores = sums[touched] * self._halved[touched]
        sums[touched] = 0
        if len(touched) > k:
            best = np.argpartition(scores, len(scores) - k)[-k:]
            touched, scores = touched[best], scores[best]
        ordered: Ints = touched[np.argsort(-scores, kind="stable")].astype(np.int64)
        return ordered

    def scores(self, asked: Asked, texts: Ints) -> Floats:
        """BM25(q, d) / BM25(q, q) of some texts, exactly, between 0 and 1."""
        if not len(texts) or not asked.whole or not len(asked.numbers):
            return np.zeros(len(texts), np.float32)
        scratch = self._scratch()
        scratch.weights[asked.numbers] = asked.weights
        starts = self._own_starts[texts]
        lengths = self._own_starts[texts + 1] - starts
        ends = np.cumsum(lengths)
        flat = _ranges(starts, lengths)
        weights = scratch.weights[self._own_terms[flat]]
        scratch.weights[asked.numbers] = 0
        counts = self._own_counts[flat].astype(np.float32)
        parts = weights * counts / (counts + np.repeat(self._norms[texts], lengths))
        sums = np.zeros(len(texts), np.float32)
        filled = lengths > 0
        sums[filled] = np.add.reduceat(parts, (ends - lengths)[filled])
        shares: Floats = np.minimum(sums / np.float32(asked.whole), np.float32(1))
        return shares

    def covered(self, asked: Asked, firsts: Ints, lasts: Ints) -> NDArray[np.bool_]:
        """Which known terms of a query stand anywhere in each run of texts [first, last); shape (runs, terms)."""
        found = np.zeros((len(firsts), len(asked.numbers) + 1), np.bool_)
        if len(firsts) and len(asked.numbers):
            places = self._scratch().places
            places[asked.numbers] = np.arange(1, len(asked.numbers) + 1, dtype=np.int16)
            starts = self._own_starts[firsts]
            lengths = self._own_starts[lasts] - starts
            terms_of = self._own_terms[_ranges(starts, lengths)]
            found[np.repeat(np.arange(len(firsts)), lengths), places[terms_of]] = True
            places[asked.numbers] = 0
        return found[:, 1:]

    def _scratch(self) -> _Scratch:
        scratch: _Scratch | None = getattr(self._mine, "scratch", None)
        if scratch is None:
            scratch = self._mine.scratch = _Scratch(
                np.zeros(self.size, np.float32),
                np.zeros(self.size, np.int32),
                np.zeros(len(self._vocabulary), np.float32),
                np.zeros(len(self._vocabulary), np.int16),
            )
        return scratch


@dataclass(frozen=True, slots=True)
class _Scratch:
    """Working memory of one thread, all zero between two calls (`seen` may hold anything)."""

    sums: Floats
    seen: NDArray[np.int32]
    weights: Floats
    places: NDArray[np.int16]


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers of all ranges [start, start + length) in a row."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1])


def _postings(stream: NDArray[np.uint32], lengths: Ints) -> dict[str, NDArray[Any]]:
    """The arrays of an index from the terms of all texts in a row and the number of terms of each text."""
    vocabulary, numbers = np.unique(stream, return_inverse=True)
    width = max(1, len(vocabulary))
    owners = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    pairs, counts = np.unique(owners * width + numbers, return_counts=True)
    texts, own_terms = (pairs // width).astype(np.int32), (pairs % width).astype(np.int32)
    by_term = np.argsort(own_terms, kind="stable")
    starts = np.zeros(len(vocabulary) + 1, np.int64)
    np.cumsum(np.bincount(own_terms, minlength=len(vocabulary)), out=starts[1:])
    own_starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.bincount(texts, minlength=len(lengths)), out=own_starts[1:])
    return {
        "vocabulary": vocabulary,
        "starts": starts,
        "texts": texts[by_term],
        "own_starts": own_starts,
        "own_terms": own_terms,
        "own_counts": np.minimum(counts, 255).astype(np.uint8),
        "lengths": lengths.astype(np.int32),
    }
