"""Scores of the reader on judged messages, beside simple baselines.

    python -m tests.judged.turns [--half seen|held] [--errors TASK] [--baselines] [--data DIR]

`turns.tsv` and `messages.tsv` were judged by two hands. Rules may be mended on the rows marked `seen`; the `held` half
is only looked at as figures. Rows of public sets are named by file and number and scored when `--data` holds the sets.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from nlp.reading.competitors import brands
from nlp.reading.emotion import NEGATIVE, POSITIVE
from nlp.reading.reading import Reader
from nlp.words import fold
from tests.judged.baselines import Finder, Labels, learnt, naive, polarity_by_snownlp

HERE = Path(__file__).parent
FILES = ("turns.tsv", "messages.tsv")
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NOT_JUDGED, NONE = "?", "-"
SIGNS = {**dict.fromkeys(NEGATIVE, "negative"), **dict.fromkeys(POSITIVE, "positive"), "neutral": "neutral"}
COARSE = {"neg": "negative", "pos": "positive"}


@dataclass(frozen=True)
class Turn:
    """A judged message: for each task its labels, each a set of any one right (`-` among them: or none)."""

    text: str
    labels: Mapping[str, tuple[Labels, ...]]
    half: str
    file: str


@dataclass
class Score:
    """Counts of labels found, invented and missed."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def add(self, gold: Sequence[Labels], found: Labels) -> None:
        """Count one message."""
        left = set(found)
        for either in gold:
            if either & found:
                self.hit += 1
                left -= either
            elif NONE not in either:
                self.missed += 1
        self.false += len(left)

    def __str__(self) -> str:
        precision = self.hit / (self.hit + self.false) if self.hit + self.false else 1.0
        recall = self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return (
            f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   right {self.hit} wrong {self.false} missed {self.missed}"
        )


def read_turns(data: Path | None = None) -> list[Turn]:
    """Read the judged messages; those of public sets only where `data` is the folder that holds the sets."""
    return list(_turns(data))


def _turns(data: Path | None) -> Iterator[Turn]:
    for name in FILES:
        lines = [line for line in (HERE / name).read_text("utf-8").splitlines() if not line.startswith("#")]
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = row["text"]
            if row["row"] != "own":
                if data is None:
                    continue
                file, _, place = row["row"].partition("#")
                text = public_texts(data / file)[place]
            yield Turn(text, labels_of(row), row["half"], name if row["row"] == "own" else "public")


@cache
def public_texts(path: Path) -> dict[str, str]:
    """Return the messages of a public file by place: the line from 0, or a dialogue's id, turn and utterance."""
    if path.suffix == ".json":
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        return {str(number): row["sentence"] for number, row in enumerate(rows)}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        if path.name == "sessions.tsv.gz":
            return {str(number): line.rstrip("\n").split("\t")[-1] for number, line in enumerate(file)}
        return {
            f"{dialogue['id']}.{turn}.{number}": utterance
            for dialogue in json.load(file)
            for turn, said in enumerate(dialogue["turns"])
            for number, utterance in enumerate(said["utterances"])
        }


def labels_of(row: Mapping[str, str]) -> dict[str, tuple[Labels, ...]]:
    """Turn a row into the labels of each task that was judged."""
    judged: dict[str, tuple[Labels, ...]] = {}
    if row["price"] != NOT_JUDGED:
        judged["price"] = _listed(row["price"])
    if NOT_JUDGED not in row["competitors"].split(";"):
        judged["competitor"] = tuple(
            frozenset(brands().get(fold(name).text, name.lower()).lower() for name in either) - {NONE}
            for either in _listed(row["competitors"])
        )
        judged["comparing"] = judged["competitor"] if row["comparing"] == "1" else ()
    name = row["emotion"]
    if name != NOT_JUDGED:
        sign = COARSE.get(name) or SIGNS[name]
        judged["sign"] = (frozenset({sign}),)
        judged["negative"] = (frozenset({sign}),) if sign == "negative" else ()
        if name not in COARSE:
            judged["emotion"] = (frozenset({name}),)
    if row["urgency"] != NOT_JUDGED:
        judged["urgent"] = (frozenset({"high"}),) if row["urgency"] == "high" else ()
        if row["urgency"] != NONE:
            judged["urgency"] = (frozenset({row["urgency"]}),)
    if row["human"] != NOT_JUDGED:
        judged["human"] = (frozenset({"human"}),) if row["human"] == "1" else ()
    return judged


def _listed(field: str) -> tuple[Labels, ...]:
    """Split `a;b/c` into the labels a, and b or c."""
    return tuple(frozenset(one.split("/")) for one in field.split(";") if one != NONE)


def found_by(reader: Reader) -> Finder:
    """Return a function that reads a message into the labels of each task."""

    def find(text: str) -> Mapping[str, Labels]:
        reading = reader.read(text, NOW)
        sign = SIGNS[reading.emotion.name]
        return {
            "price": frozenset(cue.kind for cue in reading.price_cues),
            "competitor": frozenset(one.brand.lower() for one in reading.competitors),
            "comparing": frozenset(one.brand.lower() for one in reading.competitors if one.comparing),
            "urgency": frozenset({reading.urgency}),
            "urgent": frozenset({"high"} & {reading.urgency}),
            "human": frozenset({"human"} if reading.wants_human else ()),
            "emotion": frozenset({reading.emotion.name}),
            "sign": frozenset({sign}),
            "negative": frozenset({"negative"} & {sign}),
        }

    return find


def score(turns: Iterable[Turn], find: Finder) -> dict[str, Score]:
    """Score a finder on every task that it and the labels know; price and emotions also one by one."""
    scores: dict[str, Score] = {}
    for turn in turns:
        found = find(turn.text)
        for task, gold in turn.labels.items():
            if task not in found:
                continue
            scores.setdefault(task, Score()).add(gold, found[task])
            if task in ("price", "emotion"):
                for kind in frozenset().union(*gold, found[task]) - {NONE}:
                    part = [
                        either
                        for either in gold
                        if kind in either and (kind in found[task] or not either & found[task])
                    ]
                    scores.setdefault(f"{task} {kind}", Score()).add(part, found[task] & {kind})
    return scores


def print_scores(title: str, scores: Mapping[str, Score]) -> None:
    """Print a table of scores."""
    print(f"\n{title}")
    for task in sorted(scores):
        print(f"  {'  ' if ' ' in task else ''}{task:{24 if ' ' in task else 26}}{scores[task]}")


def print_errors(turns: Iterable[Turn], find: Finder, task: str) -> None:
    """Print every message on which a task went wrong."""
    for turn in turns:
        found = find(turn.text).get(task, frozenset())
        mistakes = Score()
        mistakes.add(turn.labels.get(task, ()), found)
        if task in turn.labels and (mistakes.false or mistakes.missed):
            gold = " ".join("/".join(sorted(either)) for either in turn.labels[task])
            print(f"{turn.text}   judged {gold or NONE}   found {' '.join(sorted(found)) or NONE}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print all scores, or the errors of one task."""
    parser = argparse.ArgumentParser(prog="python -m tests.judged.turns", description=__doc__)
    parser.add_argument("--half", choices=("seen", "held"))
    parser.add_argument("--errors", metavar="TASK", help="print the messages of the half `seen` that went wrong")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    chosen = parser.parse_args(arguments)
    turns = read_turns(chosen.data)
    find = found_by(Reader())
    if chosen.errors:
        print_errors((turn for turn in turns if turn.half == "seen"), find, chosen.errors)
        return
    for half in (chosen.half,) if chosen.half else ("seen", "held"):
        rows = [turn for turn in turns if turn.half == half]
        for file in sorted({turn.file for turn in rows}):
            part = [turn for turn in rows if turn.file == file]
            print_scores(f"reader, {half}, {file} ({len(part)} messages)", score(part, find))
        print_scores(f"reader, {half} ({len(rows)} messages)", score(rows, find))
    if chosen.baselines:
        rivals: dict[str, Callable[[], Finder | None]] = {
            "word lists": lambda: naive,
            "character TF-IDF and logistic regression on the corpus": learnt,
            "snownlp": polarity_by_snownlp,
        }
        for title, make in rivals.items():
            rival = make()
            if rival is not None:
                print_scores(title, score(turns, rival))


if __name__ == "__main__":
    main()
