"""The shipped sentence embedding, read with numpy alone: a text is the normalised sum of its terms' rows."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.trained import WEIGHTS, digest_of, path_of
from nlp.words import SEGMENTER, terms

FILES = ("model.npz", "vocabulary.txt", "config.json")
_TOGETHER = 32  # texts encoded at a time: their gathered rows stay in the processor's cache (about 1.5 MB)


class StaticEmbedder:
    """A bag of terms with one trained row each; the same vectors as sentence-transformers' `StaticEmbedding`.

    `vocabulary` names the rows in order, `rows` is (terms, dimension). Stored rows are int8 with a scale of their own,
    which loses nothing measurable; they stay so in memory, a quarter of what they would take unpacked.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        rows: NDArray[np.float32] | NDArray[np.int8],
        name: str,
        scales: NDArray[np.float32] | None = None,
    ) -> None:
        self.name = name
        self.dimension = rows.shape[1]
        self.fingerprint = f"{name}/{SEGMENTER}"
        self.vocabulary = vocabulary
        self._rows = rows
        self._scales = np.ones(len(rows), np.float32) if scales is None else scales
        self._row_of = dict(zip(vocabulary, range(len(vocabulary)), strict=True))

    @classmethod
    def shipped(cls) -> StaticEmbedder:
        """Return the embedder of the shipped weights, loaded once; raises `nlp.trained.SpoiltWeights`."""
        return _shipped()

    @classmethod
    def read(cls, folder: Path) -> StaticEmbedder:
        """Read a folder that `zhanggui train embedding` wrote; raises `OSError` or `ValueError` if it is none."""
        config = json.loads((folder / "config.json").read_text("utf-8"))
        vocabulary = (folder / "vocabulary.txt").read_text("utf-8").split("\n")
        with np.load(folder / "model.npz") as stored:
            rows, scales = stored["rows"], stored["scale"]
        if rows.shape != (len(vocabulary), config["dimension"]) or scales.shape != (len(vocabulary),):
            raise ValueError(f"{folder} 中的词表与向量不配套，请重新训练")
        name = f"static-{config['dimension']}-{digest_of(folder / 'model.npz')[:12]}"
        return cls(vocabulary, rows, name, scales.astype(np.float32))

    @property
    def rows(self) -> NDArray[np.float32]:
        """All rows, unpacked."""
        return self._unpacked(np.arange(len(self._rows)))

    @classmethod
    def trained_in(cls, place: str) -> StaticEmbedder | None:
        """Return the embedder that `zhanggui train embedding --out PLACE` wrote, or None if it wrote none there.

        Raises `nlp.trained.SpoiltWeights` where the files are not those of the card beside them.
        """
        given = Path(place)
        weights = given.parent if given.name == "embedding" else given
        if not all((weights / "embedding" / name).is_file() for name in FILES):
            return None
        for name in FILES:
            path_of(f"embedding/{name}", weights)
        return cls.read(weights / "embedding")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row per text, shape (n, dimension); a text without known terms gets a zero row."""
        if len(texts) == 1:
            return self._alone(texts[0])
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        row_of = self._row_of
        for start in range(0, len(texts), _TOGETHER):
            bags = [
                [row_of[term] for term in terms(text) if term in row_of] for text in texts[start : start + _TOGETHER]
            ]
            filled = [place for place, bag in enumerate(bags) if bag]
            if filled:
                starts = np.cumsum([0, *(len(bags[place]) for place in filled[:-1])])
                gathered = self._unpacked(list(chain.from_iterable(bags[place] for place in filled)))
                vectors[np.add(filled, start)] = np.add.reduceat(gathered, starts, axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        vectors /= np.where(lengths > 0, lengths, np.float32(1))
        return vectors

    def _alone(self, text: str) -> NDArray[np.float32]:
        """Return the row of one text, shape (1, dimension), without what only many texts need."""
        row_of = self._row_of
        bag = [row_of[term] for term in terms(text) if term in row_of]
        if not bag:
            return np.zeros((1, self.dimension), np.float32)
        vector: NDArray[np.float32] = np.add.reduce(self._unpacked(bag), keepdims=True)
        vector *= np.float32(1 / math.sqrt(float(vector[0] @ vector[0])))
        return vector

    def _unpacked(self, numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        unpacked: NDArray[np.float32] = self._rows.take(numbers, axis=0) * self._scales.take(numbers)[:, None]
        return unpacked

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same rows as `encode`: this model wants no prompt before a query."""
        return self.encode(texts)


@cache
def _shipped() -> StaticEmbedder:
    """Check the shipped files against the model card and read them."""
    for name in FILES:
        path_of(f"embedding/{name}")
    return StaticEmbedder.read(WEIGHTS / "embedding")
