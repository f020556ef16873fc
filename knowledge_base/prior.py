"""Fits the shipped prior of the verdict: `python -m knowledge_base.prior SHEET --strangers FILE… [--write]`.

SHEET is a shop's table of questions with their similar ones; the cases come from rehearsing it. FILE is a table with a
column `text` of what shoppers of other trades ask, and `question` with what they mean: what only one of these trades is
asked has no answer in this shop.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from knowledge_base.evidence import Evidence
from knowledge_base.ingestion.files import read_articles
from knowledge_base.ingestion.sheets import rows
from knowledge_base.rehearsal import Case, rehearse
from knowledge_base.threshold import fit
from nlp.embedding.embedder_static import StaticEmbedder

ROUNDS = 3


def strangers_of(paths: Sequence[Path]) -> list[str]:
    """What is asked in just one of several trades, in file order."""
    asked: dict[str, set[Path]] = {}
    said: list[tuple[str, str]] = []
    for path in paths:
        for row in rows(path):
            question = str(row.values.get("question", ""))
            asked.setdefault(question, set()).add(path)
            said.append((question, str(row.values.get("text", ""))))
    return [text for question, text in said if text and len(asked[question]) == 1]


def cases_of(sheet: Path, strangers: Sequence[str], embedder: StaticEmbedder) -> list[Case]:
    """The cases of all rounds of rehearsing a sheet."""
    articles = read_articles(sheet).articles
    return [case for seed in range(ROUNDS) for case in rehearse(articles, embedder, strangers=strangers, seed=seed)]


def main(arguments: Sequence[str]) -> None:
    """Print the coefficients, and keep them beside this module with `--write`."""
    named = [Path(argument) for argument in arguments if not argument.startswith("--")]
    embedder = StaticEmbedder.shipped()
    cases = cases_of(named[0], strangers_of(named[1:]), embedder)
    weights, intercept = fit([case.evidence.row() for case in cases], [case.right for case in cases])
    names = [field.name for field in fields(Evidence)]
    fitted = {
        "weights": {name: round(weight, 4) for name, weight in zip(names, weights, strict=True)},
        "intercept": round(intercept, 4),
        "cases": len(cases),
        "embedder": embedder.fingerprint,
    }
    text = json.dumps(fitted, ensure_ascii=False, indent=1) + "\n"
    sys.stdout.write(text)
    if "--write" in arguments:
        Path(__file__).with_name("prior.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
