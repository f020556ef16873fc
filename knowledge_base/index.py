"""The port behind which vectors are searched, and the small exact index that needs no library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


class VectorIndex(Protocol):
    """Finds the rows nearest to a vector. Filled once, before anyone searches; then searched by many threads.

    Rows are numbered as they were given. A shelf that changes gets a new index, so nothing is ever updated in place and
    a duplicate is simply two rows.
    """

    kind: str
    """Names the adapter and how it stores rows; another kind cannot take over its `arrays`."""

    def fill(self, vectors: Floats) -> None:
        """Take all rows, shape (n, dimension), each of length 1 or 0."""
        ...

    def nearest(self, vector: Floats, k: int) -> Rows:
        """Up to `k` rows with the highest cosine, in no order; an approximate index may miss some."""
        ...

    def cosines(self, vector: Floats, rows: Rows) -> Floats:
        """The cosine of each given row with a vector."""
        ...

    def vectors(self, rows: Rows) -> Floats:
        """The stored rows themselves, as exactly as they are kept."""
        ...

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What `restore` needs to be as after `fill`; empty where the index keeps its rows elsewhere."""
        ...

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the place of an index that gave these arrays. Raises `KeyError` or `ValueError` if they do not fit."""
        ...


class ExactIndex:
    """All rows in one matrix; right for a few thousand, and the measure for every other index."""

    kind = "exact-1"

    def __init__(self) -> None:
        self._vectors = np.zeros((0, 0), np.float32)

    def fill(self, vectors: Floats) -> None:
        """Keep the rows."""
        self._vectors = np.ascontiguousarray(vectors, np.float32)

    def nearest(self, vector: Floats, k: int) -> Rows:
        """The `k` best rows of all."""
        if not len(self._vectors):
            return np.empty(0, np.int64)
        cosines = self._vectors @ vector
        if k >= len(cosines):
            return np.arange(len(cosines), dtype=np.int64)
        return np.argpartition(cosines, len(cosines) - k)[-k:].astype(np.int64)

    def cosines(self, vector: Floats, rows: Rows) -> Floats:
        """The cosine of each given row with a vector."""
        return self._vectors[rows] @ vector if len(rows) else np.zeros(0, np.float32)

    def vectors(self, rows: Rows) -> Floats:
        """The rows as they were given."""
        return self._vectors[rows]

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The matrix."""
        return {"vectors": self._vectors}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over a matrix."""
        self._vectors = np.ascontiguousarray(arrays["vectors"], np.float32)
