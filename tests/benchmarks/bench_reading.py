"""What reading one message costs, beside jieba's cut of the same message and snownlp's sentiment, in one run."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import jieba

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import SHOP_ZONE, Reader
from nlp.words import fold, segment, terms

CORPUS = Path(__file__).parents[2] / "nlp/training/corpus"
MESSAGES = 4000
ROUNDS = 3  # the fastest counts: what is slower was the machine, not the work


def messages() -> list[str]:
    """Every so many-th line of the project's own utterances, in the order of their files."""
    texts = [
        row["text"]
        for file in sorted(CORPUS.glob("*.tsv"))
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
    return texts[:: max(1, len(texts) // MESSAGES)][:MESSAGES]


def cpu_micros(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU microseconds of this thread for one text."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        began = time.thread_time_ns()
        for text in texts:
            work(text)
        fastest = min(fastest, time.thread_time_ns() - began)
    return fastest / len(texts) / 1000


def main() -> None:
    """Print one row a step: CPU µs, messages a CPU-second, ratio to `jieba.lcut`."""
    texts = messages()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    reader = Reader()
    now = datetime.now(SHOP_ZONE)
    shipped = StaticEmbedder.shipped()
    steps: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
        "jieba.lcut": (jieba.lcut, texts),
        "fold": (fold, texts),
        "segment": (segment, texts),
        "terms": (terms, texts),
        "Reader.read": (lambda text: reader.read(text, now), texts),
        "StaticEmbedder.encode": (lambda text: shipped.encode([text]), texts),
    }
    try:
        from snownlp import SnowNLP
    except ImportError:
        pass
    else:
        steps["snownlp sentiment"] = (lambda text: SnowNLP(text).sentiments, texts[:: MESSAGES // 100])
    length = sum(map(len, texts)) / len(texts)
    print(f"reading {len(texts)} messages of {length:.1f} characters, one at a time, CPU time of one thread")
    yardstick = 0.0
    for name, (work, sample) in steps.items():
        cost = cpu_micros(work, sample)
        yardstick = yardstick or cost
        print(f"  {name:24}{cost:9.1f} µs{1e6 / cost:10,.0f}/CPU-s{cost / yardstick:9.2f} × jieba.lcut")


if __name__ == "__main__":
    main()
