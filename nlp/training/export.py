"""The shipped embedding as a sentence-transformers model, for whoever wants to use it outside this house."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.words import terms

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

UNKNOWN: Final = "[UNK]"


def as_static_embedding(embedder: StaticEmbedder) -> SentenceTransformer:
    """Return the embedding as a sentence-transformers model with the same vectors.

    Its `StaticEmbedding` module reads texts that were expanded by `expand`: raw Chinese would be one unknown token,
    whose row is zero.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    vocabulary = {term: row for row, term in enumerate(embedder.vocabulary)}
    vocabulary[UNKNOWN] = len(vocabulary)
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    rows = np.vstack([embedder.rows, np.zeros((1, embedder.dimension), np.float32)])
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=rows), Normalize()], device="cpu")


def expand(text: str) -> str:
    """Return a text as the exported model reads it: its terms, joined by spaces."""
    return " ".join(terms(text))


def export(embedder: StaticEmbedder, folder: Path) -> None:
    """Write the embedding as a folder that `SentenceTransformer(folder)` opens (fp32, about 41 MB)."""
    as_static_embedding(embedder).save(str(folder))
