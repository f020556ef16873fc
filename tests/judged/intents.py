"""Scores of the shipped intent head, beside character TF-IDF with logistic regression, in one run.

    python -m tests.judged.intents --data DIR

Measured on the clean rows of the public buyer-intent set. They never trained the head; the baseline is trained on the
same set's noisy rows, as the head was, and a second time with the project's own corpus beside them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.intent_head import IntentHead
from nlp.training.corpora import Corpora, intent_names, own_corpus, read_json_lines
from nlp.training.intents import clean_answers
from nlp.training.scoring import Classified, classified
from nlp.words import fold


def baseline(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Answer by character 1-3-gram TF-IDF and logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    model = make_pipeline(grams, LogisticRegression(C=3, max_iter=400))
    return [str(label) for label in model.fit(texts, labels).predict(asked)]


def line(name: str, scores: Classified) -> str:
    """Format one row of the table."""
    return f"{name:58s} {scores.accuracy:8.3f} {scores.macro_f1:8.3f}"


def calibration(head: IntentHead, embedder: StaticEmbedder, rows: Sequence[dict[str, str]]) -> None:
    """Print how often the best intent is right, by the probability it was given."""
    names = {name.cic: name.name for name in intent_names() if name.cic is not None}
    given = []
    for row in rows:
        text = fold(row["sentence"]).text
        found = head.predict(text, embedder.encode([text])[0])
        name, chance = found[0] if found else ("", 0.0)
        given.append((chance, name == names[int(row["label"])]))
    print("\nprobability given   rows   right")
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        right = [correct for chance, correct in given if low <= chance < high]
        if right:
            print(f"{low:.1f} to {high:.1f}        {len(right):6d}   {sum(right) / len(right):.3f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    head, embedder = IntentHead.shipped(), StaticEmbedder.shipped()
    rows = read_json_lines(data / "cic_buyer_intents/clean_eval.json")
    names = {name.cic: name.name for name in intent_names() if name.cic is not None}
    expected = [names[int(row["label"])] for row in rows]
    asked = [row["sentence"] for row in rows]
    corpora = Corpora(data)
    noisy = [(text, names[label]) for text, label, part in corpora.cic if part == "train"]
    print(f"{'401 clean rows, 118 intents':58s} accuracy macro-F1")
    print(line("TF-IDF + LR on train", classified(expected, baseline(*zip(*noisy, strict=True), asked))))
    more = [(text, names[label]) for text, label, _ in corpora.cic]
    more += [(row.text, row.intents[0]) for row in corpora.own]
    print(
        line(
            "TF-IDF + LR on train, dev and own corpus", classified(expected, baseline(*zip(*more, strict=True), asked))
        )
    )
    without = [head.predict(fold(text).text) for text in asked]
    spelt = classified(expected, [found[0][0] if found else "" for found in without])
    print(line("shipped, spelling alone", spelt))
    every, known = clean_answers(head, embedder, rows)
    print(line(f"shipped, among all {len(head.names)} intents", every))
    print(line("shipped, among the 118 that the set labels", known))
    calibration(head, embedder, rows)

    messages = [fold(row.text).text for row in own_corpus()][:3_000]
    vectors = embedder.encode(messages)
    start = time.process_time()
    for message, vector in zip(messages, vectors, strict=True):
        head.predict(message, vector)
    print(f"\nCPU per message: {(time.process_time() - start) / len(messages) * 1e6:.0f} µs, vector not counted")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
