"""The hybrid searches that others ship, over the same vectors: txtai and Haystack, set up as their guides say.

They come with the `peers` extra; where one is missing, its line says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder import Embedder
from tests.judged.rankers import Ranker, Scores

DEEP = 100
"""Texts that each search returns; an article has a handful of texts, so the first ten articles are among them."""


def txtai_hybrid(embedder: Embedder) -> Ranker:
    """txtai's `hybrid=True`: its sparse and dense scores, half and half."""

    def rank(queries: Sequence[str], texts: Sequence[str]) -> Scores:
        from txtai import Embeddings

        def transform(asked: Sequence[str]) -> NDArray[np.float32]:
            return embedder.encode(list(asked))

        index: Any = Embeddings(method="external", transform=transform, hybrid=True, content=False)
        index.index(list(texts))
        scores = np.zeros((len(queries), len(texts)))
        for row, query in enumerate(queries):
            for place, score in index.search(query, DEEP):
                scores[row, place] = score
        return scores

    return rank


def haystack_hybrid(embedder: Embedder) -> Ranker:
    """Haystack's BM25 and embedding retrievers over the in-memory store, joined by reciprocal rank."""

    def rank(queries: Sequence[str], texts: Sequence[str]) -> Scores:
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore()
        vectors = embedder.encode(texts)
        store.write_documents(
            [
                Document(id=str(place), content=text, embedding=vector.tolist())
                for place, (text, vector) in enumerate(zip(texts, vectors, strict=True))
            ]
        )
        by_words = InMemoryBM25Retriever(store, top_k=DEEP)
        by_meaning = InMemoryEmbeddingRetriever(store, top_k=DEEP)
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEEP)
        scores = np.zeros((len(queries), len(texts)))
        for row, (query, vector) in enumerate(zip(queries, embedder.encode_queries(queries), strict=True)):
            lists = [by_words.run(query=query), by_meaning.run(query_embedding=vector.tolist())]
            joined = joiner.run(documents=[found["documents"] for found in lists])
            for document in joined["documents"]:
                scores[row, int(document.id)] = document.score or 0.0
        return scores

    return rank


def bm25s_over_words(queries: Sequence[str], texts: Sequence[str]) -> Scores:
    """The bm25s library over the same words."""
    import bm25s

    from nlp.words import segment

    retriever = bm25s.BM25()
    retriever.index([segment(text) for text in texts], show_progress=False)
    return np.stack([retriever.get_scores(segment(query)) for query in queries]).astype(np.float64)


def peers(embedder: Embedder) -> dict[str, Ranker]:
    """The peers by name."""
    return {
        "bm25s over words": bm25s_over_words,
        "txtai hybrid": txtai_hybrid(embedder),
        "Haystack hybrid": haystack_hybrid(embedder),
    }
