"""How purely questions are grouped by what they ask, and how many of a gap's own wordings one draft would answer.

    python -m tests.judged.gaps [--count 900]

The corpus groups are questions of many trades, each in a dozen wordings; the embedding was trained on them, so they say
what the grouping does and not what a stranger's shop would see. The demo shop's similar questions were never trained on
and lie much closer together. Purity is B-cubed precision and completeness B-cubed recall (Bagga and Baldwin 1998); the
planted line counts how many of twelve wordings of one question, hidden among the questions of other trades, come out as
one group, and how many strangers with them.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from knowledge_base.articles import Article
from knowledge_base.gaps import ALIKE, alikeness, grouped
from knowledge_base.ingestion.files import read_articles
from knowledge_base.ingestion.sheets import rows
from nlp.embedding.embedder import Embedder
from nlp.embedding.embedder_static import StaticEmbedder

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "webchat/demo/shop/knowledge.csv"
CORPUS = ROOT / "nlp/training/corpus"
TRADES = ("service", "food", "home", "digital", "pets")
WORDINGS = 12

Labelled = list[tuple[str, str]]


def corpus(trade: str) -> Labelled:
    """(text, question) of a trade."""
    told = (row.values for row in rows(CORPUS / f"{trade}.tsv"))
    return [(str(row["text"]), str(row["question"])) for row in told if row.get("text") and row.get("question")]


def shop() -> Labelled:
    """(wording, question) of the demo shop."""
    found = read_articles(SHOP).articles
    return [(wording, article.id) for article in found for wording in (article.title, *article.similar)]


def scores(labelled: Labelled, embedder: Embedder, alike: float) -> tuple[float, float, int]:
    """(purity, completeness, number of groups)."""
    groups = grouped([text for text, _ in labelled], embedder, alike)
    size: dict[str, int] = defaultdict(int)
    for _, question in labelled:
        size[question] += 1
    pure = complete = 0.0
    for group in groups:
        questions = [labelled[place][1] for place in group.members]
        for question in questions:
            same = questions.count(question)
            pure += same / len(questions)
            complete += same / size[question]
    return pure / len(labelled), complete / len(labelled), len(groups)


def planted(labelled: Labelled, noise: Sequence[str], embedder: Embedder, alike: float, dice: random.Random) -> str:
    """Of questions with a dozen wordings, each hidden in noise: how many of them stay together, how many strangers."""
    by_question: dict[str, list[str]] = defaultdict(list)
    for text, question in labelled:
        by_question[question].append(text)
    large = sorted(question for question, texts in by_question.items() if len(texts) >= WORDINGS)
    kept = strangers = 0
    asked = dice.sample(large, min(40, len(large)))
    for question in asked:
        own = dice.sample(by_question[question], WORDINGS)
        texts = own + dice.sample(noise, 60)
        best = max(grouped(texts, embedder, alike), key=lambda group: sum(place < WORDINGS for place in group.members))
        kept += sum(place < WORDINGS for place in best.members)
        strangers += sum(place >= WORDINGS for place in best.members)
    count = len(asked)
    return f"{kept / count:.1f} of {WORDINGS} together, {strangers / count:.2f} strangers ({count} questions)"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=900)
    count = parser.parse_args(arguments).count
    embedder = StaticEmbedder.shipped()
    articles: list[Article] = list(read_articles(SHOP).articles)
    learnt = alikeness(articles, embedder)
    print(f"{'':<10} {'alike':>6} {'questions':>9} {'groups':>7} {'purity':>7} {'complete':>8}")
    for name in ("demo shop", *TRADES):
        labelled = shop() if name == "demo shop" else corpus(name)
        random.Random(1).shuffle(labelled)
        labelled = labelled[:count]
        for alike in (ALIKE, learnt):
            purity, complete, groups = scores(labelled, embedder, alike)
            print(f"{name:<10} {alike:>6.2f} {len(labelled):>9} {groups:>7} {purity:>7.3f} {complete:>8.3f}")
    noise = [text for text, _ in shop()]
    for trade in TRADES:
        told = planted(corpus(trade), noise, embedder, learnt, random.Random(2))
        print(f"planted in the demo shop's questions, {trade}: {told}")


if __name__ == "__main__":
    main()
