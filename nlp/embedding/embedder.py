"""What the house asks of an embedder, and the one that needs no weights."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.words import SEGMENTER, terms


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is how near two texts are in meaning.

    Implementations may be called from several threads at once. `fingerprint` changes whenever the same text would get
    another vector: an index that was built under another fingerprint must be rebuilt.
    """

    dimension: int
    fingerprint: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row per text, shape (n, dimension); a zero row where nothing in a text is known."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the rows for texts that search; as `encode`, unless the model wants a prompt before queries."""
        ...


class HashEmbedder:
    """The floor: every term gets a fixed random direction, a text is the sum of its terms.

    A random projection with entries ±1 (Achlioptas, "Database-friendly random projections", 2003) of the binary bag of
    terms, where `buckets` rows are shared by all terms through CRC-32. It knows spelling and no meaning.
    """

    def __init__(self, dimension: int = 256, buckets: int = 1 << 14) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash-{dimension}x{buckets}/{SEGMENTER}"
        self._buckets = buckets

    @cached_property
    def _rows(self) -> NDArray[np.int8]:
        """Draw the directions; the legacy generator's stream is frozen, so they are the same under every numpy."""
        signs = np.random.RandomState(20_240_607).randint(0, 2, size=(self._buckets, self.dimension), dtype=np.int8)
        return signs * np.int8(2) - np.int8(1)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row per text, shape (n, dimension); a text without terms gets a zero row."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            found = set(terms(text))
            if found:
                buckets = [crc32(term.encode()) % self._buckets for term in sorted(found)]
                vectors[row] = self._rows[buckets].sum(axis=0, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, np.float32(1))
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same rows as `encode`: a query has no prompt here."""
        return self.encode(texts)
