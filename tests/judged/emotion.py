"""Scores of the shipped emotion heads, beside character TF-IDF with a linear model and snownlp, in one run.

    python -m tests.judged.emotion --data DIR

Measured on the tenth of each public set, chosen by hash, that training never sees; the baselines are trained on the
same nine tenths.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.reading.emotion_head import EmotionHead
from nlp.training.corpora import Corpora, read_csv, sentence_key
from nlp.training.emotion import emotion_scores, side_name
from nlp.training.feelings import EMOTIONS, Feeling, emotion_rows, polarity_rows
from nlp.training.scoring import classified

SNOWNLP_ROWS = 500  # it needs milliseconds a text


def grams() -> Any:
    """Count character 1-3-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)


def baseline(train: Sequence[Feeling], test: Sequence[Feeling], three: bool) -> list[str]:
    """Answer by character TF-IDF and logistic regression, eight emotions or three sides."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = [side_name(EMOTIONS[row.label]) if three else EMOTIONS[row.label] for row in train]
    model = make_pipeline(grams(), LogisticRegression(C=3, max_iter=600)).fit([row.text for row in train], labels)
    return [str(label) for label in model.predict([row.text for row in test])]


def by_snownlp(rows: Sequence[Feeling]) -> float | None:
    """Return the accuracy of snownlp's polarity, or nothing where it is not installed."""
    try:
        from snownlp import SnowNLP
    except ImportError:
        return None
    return sum((SnowNLP(row.text).sentiments > 0.5) == bool(row.label) for row in rows if row.text) / len(rows)


def emotions(head: EmotionHead, corpora: Corpora) -> None:
    """Print macro-F1 over eight emotions and three sides, set by set."""
    rows = emotion_rows(corpora)
    print(f"{'macro-F1':40s}   rows  TF-IDF+LR  shipped")
    for source, name in (("ewect", "Weibo (EWECT)"), ("own", "own lines"), ("cped", "TV dialogue (CPED)")):
        train = [row for row in rows if row.source == source and not row.held_out]
        test = [row for row in rows if row.source == source and row.held_out]
        expected = [EMOTIONS[row.label] for row in test]
        eight, three = emotion_scores(head, test)
        simple = classified(expected, baseline(train, test, three=False)).macro_f1
        sides = [side_name(label) for label in expected]
        simple_three = classified(sides, baseline(train, test, three=True)).macro_f1
        print(f"{name + ', its emotions':40s} {len(test):6d} {simple:10.3f} {eight.macro_f1:8.3f}")
        print(f"{name + ', negative/neutral/positive':40s} {len(test):6d} {simple_three:10.3f} {three.macro_f1:8.3f}")


def polarity(head: EmotionHead, corpora: Corpora) -> None:
    """Print the accuracy of praise or blame on reviews and on the other sets."""
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    rows = polarity_rows(corpora)
    shop = {sentence_key(row["review"]) for row in read_csv(corpora.file("shop_reviews/online_shopping.csv"))}
    reviews = [row for row in rows if row.source == "reviews" and not row.held_out]
    model = make_pipeline(grams(), LinearSVC(C=0.5)).fit([row.text for row in reviews], [row.label for row in reviews])
    print(f"\n{'polarity, accuracy':40s}   rows TF-IDF+SVC  shipped  snownlp")
    sets = {
        "reviews of 10 shop categories": lambda row: row.source == "reviews" and sentence_key(row.text) in shop,
        "take-away reviews": lambda row: row.source == "reviews" and sentence_key(row.text) not in shop,
        "chat fragments": lambda row: row.source == "conv_sentiment",
        "own lines": lambda row: row.source == "own",
    }
    for name, chosen in sets.items():
        test = [row for row in rows if row.held_out and chosen(row)]
        simple = sum(model.predict([row.text for row in test]) == [row.label for row in test]) / len(test)
        right = sum((head.polarity(row.text) > 0) == bool(row.label) for row in test) / len(test)
        snow = by_snownlp(test[:SNOWNLP_ROWS])
        shown = "       –" if snow is None else f"{snow:8.3f}"
        print(f"{name:40s} {len(test):6d} {simple:10.4f} {right:8.4f} {shown}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    corpora = Corpora(parser.parse_args().data)
    head = EmotionHead.shipped()
    emotions(head, corpora)
    polarity(head, corpora)
    messages = [row.text for row in corpora.own][:3_000]
    start = time.process_time()
    for message in messages:
        head.predict(message)
    print(f"\nCPU per message: {(time.process_time() - start) / len(messages) * 1e6:.0f} µs for both heads")


if __name__ == "__main__":
    main()
