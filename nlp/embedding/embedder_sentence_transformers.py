"""Any sentence-transformers model, by hub name or folder, behind one setting."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Backend = Literal["torch", "onnx"]


class SentenceTransformerEmbedder:
    """An encoder of sentence-transformers with its own query prompt; rows are L2-normalised whatever the model does.

    `name` is a hub name or a folder, `onnx:` in front of it runs it in ONNX Runtime. `prompt` goes before queries in
    place of the model's own. Loading takes seconds and hundreds of megabytes, so nothing imports this module unless the
    setting asks for it. Raises what the library raises when the model is not there.
    """

    def __init__(self, name: str, prompt: str = "") -> None:
        # Progress bars and hints of the libraries have no place in a gateway's log.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        from sentence_transformers import SentenceTransformer

        backend: Backend = "onnx" if name.startswith("onnx:") else "torch"
        place = name.removeprefix("onnx:")
        self._model: Any = SentenceTransformer(place, device="cpu", backend=backend)
        if prompt:
            self._model.prompts["query"] = prompt
        self.dimension = int(self._model.get_embedding_dimension())
        self.fingerprint = f"{name}/{self.dimension}/{_prompts(self._model)}/{_version(place)}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text as a document, shape (n, dimension)."""
        return self._rows(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text as a question, with the prompt the model wants before questions."""
        return self._rows(self._model.encode_query, texts)

    def _rows(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows = encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.nan_to_num(np.asarray(rows, np.float32))


def _prompts(model: Any) -> str:
    """The prompts as part of the fingerprint: another prompt makes other vectors."""
    said = "|".join(f"{name}={prompt}" for name, prompt in sorted(model.prompts.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _version(place: str) -> str:
    """What tells one state of a folder from another; a hub name stands for itself."""
    folder = Path(place)
    if not folder.is_dir():
        return "hub"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = "|".join(f"{path.relative_to(folder)}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
