"""Train the tone head: whether a shop message is pleased, displeased or neither."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from nlp.reading.emotion import NEGATIVE, POSITIVE
from nlp.reading.ngrams import LinearHead
from nlp.reading.tone_head import FILE, SIGNS
from nlp.training.corpora import OWN, Corpora, is_held_out, sentence_key
from nlp.training.heads import Grams, fit, pack_head
from nlp.training.scoring import classified
from nlp.words import fold

JUDGED_LINES: Final = "training/tones.tsv"


@dataclass(frozen=True)
class Settings:
    """What the fit is given; `judged_weight` is how much a line judged for its tone counts beside one of the corpus."""

    at_least: int = 2
    judged_weight: float = 20.0
    strength: float = 2.0


class Tone(NamedTuple):
    """A folded text with the number of its sign, how much it counts, and whether it is kept for scoring."""

    text: str
    sign: int
    weight: float
    held_out: bool


def train(corpora: Corpora, folder: Path, settings: Settings, say: Callable[[str], None] = print) -> dict[str, float]:
    """Fit, save and score the head; returns the scores by name."""
    rows = tone_rows(corpora, settings)
    held = [row for row in rows if row.held_out]
    head = fit_tone([row for row in rows if not row.held_out], settings, say)
    np.savez_compressed(folder / FILE, **head.stored())
    head = LinearHead.read(folder / FILE)
    expected = [SIGNS[row.sign] for row in held]
    given = [SIGNS[int(head.scores(row.text).argmax())] for row in held]
    return {"own lines, 3 signs, macro-F1": round(classified(expected, given).macro_f1, 3)}


def fit_tone(rows: Sequence[Tone], settings: Settings, say: Callable[[str], None]) -> LinearHead:
    """Fit multinomial logistic regression over the three signs."""
    texts = [row.text for row in rows]
    grams = Grams(texts, settings.at_least)
    targets = np.eye(len(SIGNS), dtype=np.float32)[[row.sign for row in rows]]
    weights = np.array([row.weight for row in rows], np.float32)
    table, bias = fit(grams.rows(texts), targets, weights, settings.strength, 150, say)
    return pack_head(SIGNS, grams, table, bias)


def tone_rows(corpora: Corpora, settings: Settings) -> list[Tone]:
    """Return the judged lines and the corpus, each text once; lines about fine questions were not judged for tone."""
    found: dict[str, Tone] = {}
    corpus = [(row.text, row.emotion) for row in corpora.own if not row.fine]
    for weight, rows in ((settings.judged_weight, judged_lines()), (1.0, corpus)):
        for text, emotion in rows:
            key = sentence_key(text) or text
            found.setdefault(key, Tone(fold(text).text, sign_of(emotion), weight, is_held_out(key)))
    corpora.note(OWN, len(found))
    return list(found.values())


def judged_lines() -> list[tuple[str, str]]:
    """Read the lines that were judged for their tone, each with its emotion."""
    lines = resources.files("nlp").joinpath(JUDGED_LINES).read_text("utf-8").splitlines()
    table = (line for line in lines if not line.startswith("# "))
    return [(row["text"], row["emotion"]) for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)]


def sign_of(emotion: str) -> int:
    """Return the number of the sign that an emotion has."""
    return SIGNS.index("negative" if emotion in NEGATIVE else "positive" if emotion in POSITIVE else "neutral")
