"""What the knowledge base has to beat: BM25 over words, TF-IDF over character n-grams, the vector alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from nlp.embedding.embedder import Embedder
from nlp.words import segment

Scores = NDArray[np.float64]
Ranker = Callable[[Sequence[str], Sequence[str]], Scores]
"""(queries, texts) → how well each text fits each query, shape (queries, texts)."""


def bm25_over_words(queries: Sequence[str], texts: Sequence[str]) -> Scores:
    """BM25 with k1 1.5 and b 0.75 over segmented words."""
    counter = CountVectorizer(analyzer=segment)
    counts = counter.fit_transform(texts).tocsc().astype(float)
    frequency = np.diff(counts.indptr)
    rarity = np.log1p((len(texts) - frequency + 0.5) / (frequency + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    norms = 1.5 * (0.25 + 0.75 * lengths / max(lengths.mean(), 1e-9))
    counts.data *= rarity[np.repeat(np.arange(len(frequency)), frequency)] / (counts.data + norms[counts.indices])
    scores: Scores = (counter.transform(queries) @ counts.T).toarray()
    return scores


def tfidf_over_characters(queries: Sequence[str], texts: Sequence[str]) -> Scores:
    """The cosine of TF-IDF vectors over runs of one to three characters."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known = vectors.fit_transform(texts)
    scores: Scores = (vectors.transform(queries) @ known.T).toarray()
    return scores


def by_vector(embedder: Embedder) -> Ranker:
    """The cosine of an embedder's vectors."""
    return lambda queries, texts: (embedder.encode_queries(queries) @ embedder.encode(texts).T).astype(float)
