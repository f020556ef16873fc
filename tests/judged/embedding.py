"""Scores of the shipped sentence embedding, beside TF-IDF, BM25 and the embedder without weights, in one run.

    python -m tests.judged.embedding --data DIR

`DIR` is the folder of the public sets. Sets for academic use measure only: no sentence of theirs trained the weights.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder import Embedder, HashEmbedder
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.training.corpora import intent_names, own_corpus, read_json_lines
from nlp.training.scoring import Retrieval, academic_pairs, duplicates, retrieval, spearman
from tests.judged.rankers import bm25_over_words, tfidf_over_characters

Scores = NDArray[np.float64]
Rank = Callable[[Sequence[str], Sequence[str]], Scores]
QUERIES = 1_000  # of each search task, drawn with a fixed seed
NEAR = (("有没有优惠券", "能便宜点吗"), ("快递丢件了怎么办", "包裹丢了咋处理"), ("怎么退货", "不想要了想退回去"))
APART = (("怎么退货", "怎么换货"), ("什么时候发货", "什么时候到货"), ("能便宜吗", "便宜吗有异味吗"))


def by_cosine(embedder: Embedder) -> Rank:
    """Rank by the cosine of the embedder's vectors."""
    return lambda queries, texts: (embedder.encode_queries(queries) @ embedder.encode(texts).T).astype(np.float64)


def fused(embedder: Embedder) -> Rank:
    """Rank by half the cosine and half the BM25 score, each query's best BM25 score counted as one."""

    def rank(queries: Sequence[str], texts: Sequence[str]) -> Scores:
        words = bm25_over_words(queries, texts)
        words /= np.maximum(words.max(axis=1, keepdims=True), 1e-9)
        return (by_cosine(embedder)(queries, texts) + words) / 2

    return rank


def duplicate_task(pairs: Sequence[tuple[str, str, float]]) -> tuple[list[str], list[tuple[int, set[int]]]]:
    """Draw sentences that have duplicates, to be searched for among all sentences."""
    texts, right = duplicates(pairs)
    return texts, random.Random(1).sample(right, min(QUERIES, len(right)))


def find_duplicates(rank: Rank, texts: Sequence[str], right: Sequence[tuple[int, set[int]]]) -> Retrieval:
    """Score a ranker on duplicate questions; a sentence never finds itself."""
    scores = np.array(rank([texts[place] for place, _ in right], texts))
    scores[np.arange(len(right)), [place for place, _ in right]] = -np.inf
    return retrieval(scores.astype(np.float32), [others for _, others in right])


def pair_spearman(
    rank: Callable[[Sequence[str], Sequence[str]], Scores], pairs: Sequence[tuple[str, str, float]]
) -> float:
    """Return Spearman ×100 of a scorer of pairs."""
    scores = rank([a for a, _, _ in pairs], [b for _, b, _ in pairs])
    return 100 * spearman(scores.tolist(), [grade for _, _, grade in pairs])


def cosine_of(embedder: Embedder) -> Callable[[Sequence[str], Sequence[str]], Scores]:
    """Score pairs by the cosine of their vectors."""
    return lambda left, right: (embedder.encode(left) * embedder.encode(right)).sum(axis=1).astype(np.float64)


def tfidf_of_pairs(left: Sequence[str], right: Sequence[str]) -> Scores:
    """Score pairs by the cosine of their character TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit([*left, *right])
    return np.asarray(grams.transform(left).multiply(grams.transform(right)).sum(axis=1)).ravel()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    shipped, floor = StaticEmbedder.shipped(), HashEmbedder()
    print(f"embedding {shipped.fingerprint}\n")

    print("Spearman ×100                 TF-IDF    hash shipped")
    academic = academic_pairs(data)
    for name, pairs in academic.items():
        scores = [pair_spearman(rank, pairs) for rank in (tfidf_of_pairs, cosine_of(floor), cosine_of(shipped))]
        print(f"{name:28s} " + " ".join(f"{score:7.1f}" for score in scores))

    rankers: dict[str, Rank] = {
        "BM25": bm25_over_words,
        "TF-IDF": tfidf_over_characters,
        "hash": by_cosine(floor),
        "shipped": by_cosine(shipped),
        "fused": fused(shipped),
    }
    print("\nR@1 / R@10                  " + " ".join(f"{name:>11s}" for name in rankers))
    for name in ("LCQMC dev", "BQ dev"):
        if name in academic:
            texts, right = duplicate_task(academic[name])
            found = [find_duplicates(rank, texts, right) for rank in rankers.values()]
            print(f"duplicates of {name:14s}" + " ".join(f"{one.first:.3f}/{one.ten:.3f}" for one in found))
    clean = data / "cic_buyer_intents/clean_eval.json"
    if clean.exists():
        rows = read_json_lines(clean)
        names = sorted((name for name in intent_names() if name.cic is not None), key=lambda name: name.cic or 0)
        answers = [{int(row["label"])} for row in rows]
        tables = (rank([row["sentence"] for row in rows], [name.label for name in names]) for rank in rankers.values())
        found = [retrieval(table.astype(np.float32), answers) for table in tables]
        print("118 intent names (CIC)      " + " ".join(f"{one.first:.3f}/{one.ten:.3f}" for one in found))

    for title, pairs in (("near", NEAR), ("told apart", APART)):
        print(f"\ncosine of what should be {title}")
        for left, right in pairs:
            print(f"  {left} · {right}: {float(cosine_of(shipped)([left], [right])[0]):.2f}")

    messages = [row.text for row in own_corpus()]
    start = time.process_time()
    shipped.encode(messages)
    together = (time.process_time() - start) / len(messages)
    start = time.process_time()
    for message in messages[:3_000]:
        shipped.encode([message])
    alone = (time.process_time() - start) / 3_000
    print(f"\nCPU per message: {together * 1e6:.0f} µs among many, {alone * 1e6:.0f} µs alone")


if __name__ == "__main__":
    main()
