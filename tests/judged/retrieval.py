"""Scores of the knowledge base, beside simple rankers, in one run.

    python -m tests.judged.retrieval [--data DIR] [--embedder shipped|hash|FOLDER] [--only PART,…] [--peers]

Parts: shop, documents, duplicates, intents, verdict, speed.

The demo shop is asked its own similar questions, which are taken off the shelf first (two stay). `--data` names the
folder of the public sets: questions on documents (CMRC), duplicate questions (LCQMC, for measuring only), and texts to
fill large shelves with.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from knowledge_base.articles import Article
from knowledge_base.index_faiss import FaissIndex
from knowledge_base.ingestion.files import read_articles
from knowledge_base.passages import split
from knowledge_base.rehearsal import Case, rehearse
from knowledge_base.search import KnowledgeBase
from knowledge_base.threshold import DEFAULT_CUT, calibrate, fit, probability
from nlp.embedding.embedder import Embedder, HashEmbedder
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.training.corpora import intent_names, read_json_lines
from tests.judged.peers import peers
from tests.judged.rankers import Ranker, bm25_over_words, by_vector, tfidf_over_characters

SHOP = Path(__file__).parents[2] / "webchat/demo/shop/knowledge.csv"


@dataclass(frozen=True)
class Task:
    """Articles on the shelf, and queries with the ids that are right."""

    name: str
    articles: Sequence[Article]
    queries: Sequence[tuple[str, frozenset[str]]]


def shop_task(stay: int = 2) -> Task:
    """The demo shop; of each article's similar questions some stay and the others are asked."""
    dice = random.Random(1)
    shown, asked = [], []
    for article in read_articles(SHOP).articles:
        similar = list(article.similar)
        dice.shuffle(similar)
        shown.append(replace(article, similar=tuple(similar[:stay])))
        if not article.scope.tiers:
            asked += [(question, frozenset((article.id,))) for question in similar[stay:]]
    return Task("demo shop", shown, asked)


def document_task(data: Path) -> Task:
    """Questions on encyclopaedic passages, each with the passages that hold its answer."""
    articles: list[Article] = []
    asked = []
    with gzip.open(data / "cmrc/trial.json.gz", "rt", encoding="utf-8") as file:
        documents = json.load(file)["data"]
    for paragraph in (paragraph for document in documents for paragraph in document["paragraphs"]):
        own = [
            Article(f"{paragraph['id']}/{number}", "passage", "", text)
            for number, text in enumerate(split([paragraph["context"]]))
        ]
        articles += own
        for question in paragraph["qas"]:
            answer = question["answers"][0]["text"]
            right = frozenset(article.id for article in own if answer in article.text)
            if right and question["question"]:
                asked.append((question["question"], right))
    return Task("documents (CMRC)", articles, asked)


def duplicate_task(data: Path) -> Task:
    """Everyday questions of which some mean the same."""
    same: dict[str, set[str]] = {}
    texts: set[str] = set()
    for line in (data / "pairs_academic/lcqmc_dev.txt").read_text("utf-8").splitlines():
        left, right, label = line.split("\t")
        texts |= {left, right}
        if label == "1" and left != right:
            same.setdefault(left, set()).add(right)
    asked = random.Random(1).sample(sorted(same.items()), 500)
    shown = sorted(texts - {query for query, _ in asked})
    queries = [(query, frozenset(right) & set(shown)) for query, right in asked]
    return Task(
        "duplicates (LCQMC dev)",
        [Article(text, "article", text, "") for text in shown],
        [(query, frozenset(right)) for query, right in queries if right],
    )


def intent_task(data: Path) -> Task:
    """A shop's FAQ of the 118 buyer intents, each under its name and two sentences; the other clean rows ask."""
    names = {name.cic: name.label for name in intent_names() if name.cic is not None}
    sentences: dict[int, list[str]] = {}
    for row in read_json_lines(data / "cic_buyer_intents/clean_eval.json"):
        sentences.setdefault(int(row["label"]), []).append(row["sentence"])
    dice = random.Random(2)
    articles, asked = [], []
    for label, name in sorted(names.items()):
        own = sentences.get(label, [])
        dice.shuffle(own)
        articles.append(Article(str(label), "article", name, "", tuple(own[:2])))
        asked += [(sentence, frozenset((str(label),))) for sentence in own[2:]]
    return Task("buyer intents (CIC)", articles, asked)


def ranks(found: Sequence[Sequence[str]], task: Task) -> str:
    """R@1, R@10 and MRR@10 of ranked ids."""
    first = ten = reciprocal = 0.0
    for ids, (_, right) in zip(found, task.queries, strict=True):
        place = next((place for place, one in enumerate(ids[:10]) if one in right), None)
        if place is not None:
            first += place == 0
            ten += 1
            reciprocal += 1 / (place + 1)
    count = len(task.queries)
    return f"R@1 {first / count:.3f}  R@10 {ten / count:.3f}  MRR {reciprocal / count:.3f}"


def ranked_by(ranker: Ranker, task: Task) -> list[list[str]]:
    """The ids of the best ten articles by a plain ranker; an article is worth its best text."""
    texts, owners = [], []
    for article in task.articles:
        for text in (article.title, *article.similar, article.text):
            if text:
                texts.append(text)
                owners.append(article.id)
    scores = ranker([query for query, _ in task.queries], texts)
    found = []
    for row in scores:
        ids: dict[str, None] = {}
        for place in np.argsort(-row, kind="stable").tolist():
            ids.setdefault(owners[place])
            if len(ids) == 10:
                break
        found.append(list(ids))
    return found


def report_ranking(task: Task, embedder: Embedder, with_peers: bool) -> None:
    """Print the product's line, those of the plain rankers, and those of other products."""
    base = KnowledgeBase(embedder, index=FaissIndex)
    base.fill(task.articles)
    print(f"\n{task.name}: {len(task.articles)} articles, {len(task.queries)} queries")
    rankers: dict[str, Ranker] = {
        "vector alone": by_vector(embedder),
        "BM25 over words": bm25_over_words,
        "TF-IDF, characters 1-3": tfidf_over_characters,
    }
    if with_peers:
        rankers |= peers(embedder)
    found = [[hit.article.id for hit in base.search(query).hits] for query, _ in task.queries]
    print(f"  {'knowledge base':24} {ranks(found, task)}")
    for name, ranker in rankers.items():
        try:
            print(f"  {name:24} {ranks(ranked_by(ranker, task), task)}")
        except ModuleNotFoundError as error:
            print(f"  {name:24} not installed ({error.name}): the peers extra brings it")


def report_hidden(task: Task, embedder: Embedder) -> None:
    """Print how well the confidence tells queries whose article is hidden (three in ten) from the others."""
    dice = random.Random(3)
    hidden = {article.id for article in task.articles if dice.random() < 0.3}
    base = KnowledgeBase(embedder, index=FaissIndex)
    base.fill(article for article in task.articles if article.id not in hidden)
    founds = [base.search(query) for query, _ in task.queries]
    answerable = [bool(right - hidden) for _, right in task.queries]
    right = [
        bool(one.hits) and one.hits[0].article.id in ids for one, (_, ids) in zip(founds, task.queries, strict=True)
    ]
    confidence = np.array([one.confidence for one in founds])
    said = confidence >= DEFAULT_CUT
    print(
        f"  {task.name}, 30 % hidden: AUROC answerable {roc_auc_score(answerable, confidence):.3f}, "
        f"first is right {roc_auc_score(right, confidence):.3f}; at {DEFAULT_CUT} answered {said.mean():.3f}, "
        f"of these wrong {1 - np.mean(np.array(right)[said]):.3f}, unanswerable answered "
        f"{said[~np.array(answerable)].mean():.3f}"
    )


def report_verdict(tasks: Sequence[Task], embedder: Embedder) -> None:
    """Print the verdict on hidden articles, and whether calibrated budgets hold on queries left out."""
    print("\nverdict (the shipped prior; it was fitted on rehearsals of the demo shop)")
    for task in tasks:
        report_hidden(task, embedder)
    cases = rehearse(read_articles(SHOP).articles, embedder, index=FaissIndex)
    articles = sorted({case.query for case in cases})
    half = set(random.Random(5).sample(articles, len(articles) // 2))
    seen = [case for case in cases if case.query in half]
    weights, intercept = fit([case.evidence.row() for case in seen], [case.right for case in seen])
    unseen = [case for case in cases if case.query not in half]
    logits = [float(np.dot(weights, case.evidence.row()) + intercept) for case in unseen]
    answerable = roc_auc_score([case.answerable for case in unseen], logits)
    right = roc_auc_score([case.right for case in unseen], logits)
    print(f"  rehearsal, fitted on other questions: AUROC answerable {answerable:.3f}, first is right {right:.3f}")
    for budget in (0.05, 0.1):
        report_budget(cases, budget)


def report_budget(cases: Sequence[Case], budget: float) -> None:
    """Print how often a cut drawn from one half of the cases exceeds its budget on the other half."""
    dice = random.Random(9)
    kept = tried = 0
    rates: list[float] = []
    for _ in range(100):
        mixed = dice.sample(list(cases), len(cases))
        ours, theirs = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
        cut = calibrate([case.judged for case in ours], budget)
        if cut is None:
            continue
        said = [case.right for case in theirs if probability(case.evidence) >= cut.at]
        tried += 1
        kept += not said or said.count(False) / len(said) <= budget
        rates.append(len(said) / len(theirs))
    rate = f"{np.mean(rates):.3f}" if rates else "-"
    print(
        f"  budget {budget}: exceeded in {tried - kept} of 100 resamplings ({100 - tried} prove no cut: silent), "
        f"answer rate where proven {rate}"
    )


def report_speed(data: Path, embedder: Embedder) -> None:
    """Print CPU per query, and the part of it that flat inner products over the same rows would take."""
    texts: set[str] = set()
    with gzip.open(data / "pairs/atec.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            texts.update(line.split("\t")[:2])
    ordered = random.Random(1).sample(sorted(texts), len(texts))
    print("\nspeed (one question an article; the query is a question without two of its characters)")
    for count in (10_000, 100_000):
        base = KnowledgeBase(embedder, index=FaissIndex)
        started = time.process_time()
        base.fill(Article(str(number), "article", text, "见详情") for number, text in enumerate(ordered[:count]))
        built = time.process_time() - started
        queries = [text[: len(text) // 2] + text[len(text) // 2 + 2 :] for text in ordered[:1_500]]
        for query in queries[:100]:
            base.search(query)
        took = []
        for query in queries:
            began = time.thread_time_ns()
            base.search(query)
            took.append((time.thread_time_ns() - began) / 1000)
        rows = embedder.encode(ordered[:count])
        asked = embedder.encode_queries(queries[:50])
        began = time.thread_time_ns()
        for vector in asked:
            rows @ vector
        flat = (time.thread_time_ns() - began) / 50_000
        print(
            f"  {count:7} rows: built in {built:.1f} s; CPU µs p50 {np.median(took):.0f}, "
            f"p99 {np.quantile(took, 0.99):.0f}; one matrix product over the vectors alone {flat:.0f}"
        )


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--embedder", default="shipped", help="shipped, hash, or a folder that training wrote")
    parser.add_argument("--only", default="shop,documents,duplicates,intents,verdict,speed")
    parser.add_argument("--peers", action="store_true", help="beside bm25s, txtai and Haystack, over the same vectors")
    chosen = parser.parse_args()
    parts = set(chosen.only.split(","))
    named: dict[str, Callable[[], Embedder]] = {"hash": HashEmbedder, "shipped": StaticEmbedder.shipped}
    embedder = named.get(chosen.embedder, lambda: StaticEmbedder.read(Path(chosen.embedder)))()
    print(f"embedder {embedder.fingerprint}")
    tasks = [shop_task()]
    if chosen.data is not None:
        tasks += [document_task(chosen.data), duplicate_task(chosen.data), intent_task(chosen.data)]
    elif parts & {"documents", "duplicates", "intents", "speed"}:
        print(
            "documents, duplicates, intents and speed are left out: --data names no folder of public sets",
            file=sys.stderr,
        )
    for part, task in zip(("shop", "documents", "duplicates", "intents"), tasks, strict=False):
        if part in parts:
            report_ranking(task, embedder, chosen.peers)
    if "verdict" in parts:
        report_verdict(tasks, embedder)
    if "speed" in parts and chosen.data is not None:
        report_speed(chosen.data, embedder)


if __name__ == "__main__":
    main()
