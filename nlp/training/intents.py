"""Train the intent head: character n-grams for recall, anchors in the embedding for paraphrase, calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.intent_head import IntentHead
from nlp.reading.ngrams import LinearHead
from nlp.training import embedding
from nlp.training.corpora import Corpora, OwnRow, intent_names, is_held_out, read_json_lines, scrub, sentence_key
from nlp.training.heads import Grams, fit, pack_head
from nlp.training.scoring import Classified, classified
from nlp.training.trust import label_trust
from nlp.words import fold

Say = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What the fit is given; the number of grams keeps the file near 4 MB."""

    grams: int = 30_000
    strength: float = 10.0
    own_weight: float = 0.7
    name_weight: float = 3.0
    rounds: int = 75


class Example(NamedTuple):
    """A folded text with the places of its intents, the first one foremost, and how much it counts."""

    text: str
    intents: tuple[int, ...]
    weight: float


class Calibration(NamedTuple):
    """Knots of a rising curve: an intent given this share was right this often."""

    shares: NDArray[np.float32]
    chances: NDArray[np.float32]


def train(
    corpora: Corpora, folder: Path, embedder: StaticEmbedder, settings: Settings, say: Say = print
) -> dict[str, float]:
    """Fit, calibrate, save and score the head beside an embedding; returns the scores by name.

    Calibration wants lines that neither the head nor the embedding has seen: both are trained once without a tenth of
    the own corpus, chances are read off on that tenth, and then the head is fitted on all. Raises `UnusableData`.
    """
    trust = label_trust(corpora, say)
    apart = replace(corpora, keep_apart=True, used={})
    vocabulary, rows = embedding.train_rows(apart, embedding.Settings(), trust, say)
    trial_embedder = StaticEmbedder(vocabulary, rows, "trial")
    trial = fit_head(examples(apart, trust, settings), trial_embedder, settings, None, say)
    held = [row for row in corpora.own if is_held_out(sentence_key(row.text))]
    calibration, scores = calibrate(trial, trial_embedder, held)
    head = fit_head(examples(corpora, trust, settings), embedder, settings, calibration, say)
    save(folder, head, embedder)
    corpora.note("cic", len(corpora.cic))
    corpora.note("own", len(corpora.own))
    return scores | clean_scores(IntentHead.read(folder, embedder), embedder, corpora.data)


def examples(corpora: Corpora, trust: Mapping[str, float], settings: Settings) -> list[Example]:
    """Return CIC sentences as far as they are trusted, own lines, and each intent's name."""
    names = intent_names()
    number = {name.name: place for place, name in enumerate(names)}
    numbered = {name.cic: place for place, name in enumerate(names) if name.cic is not None}
    found = [Example(fold(text).text, (numbered[label],), trust[text]) for text, label, _ in corpora.cic]
    for row in corpora.own:
        known = tuple(number[name] for name in row.intents if name in number)
        if known:
            found.append(Example(fold(row.text).text, known, settings.own_weight))
    found += [Example(fold(name.label).text, (place,), settings.name_weight) for place, name in enumerate(names)]
    return found


class Fitted(NamedTuple):
    """A fitted head in its parts."""

    spelling: LinearHead
    anchors: NDArray[np.float32]
    calibration: Calibration

    def head(self) -> IntentHead:
        """Put the parts together."""
        return IntentHead(self.spelling, self.anchors, *self.calibration)


def fit_head(
    rows: Sequence[Example], embedder: StaticEmbedder, settings: Settings, calibration: Calibration | None, say: Say
) -> Fitted:
    """Fit the spelling head and place the anchors; without a calibration, shares stand for chances."""
    names = intent_names()
    texts = [row.text for row in rows]
    grams = Grams(texts, 2, settings.grams)
    targets = np.zeros((len(rows), len(names)), np.float32)
    for place, row in enumerate(rows):
        targets[place, list(row.intents)] = 0.3 / max(1, len(row.intents) - 1)
        targets[place, row.intents[0]] = 0.7 if len(row.intents) > 1 else 1.0
    weights = np.array([row.weight for row in rows], np.float32)
    table, bias = fit(grams.rows(texts), targets, weights, settings.strength, settings.rounds, say)
    spelling = pack_head([name.name for name in names], grams, table, bias)
    line = np.array([0, 1], np.float32)
    return Fitted(spelling, anchors(rows, embedder), calibration or Calibration(line, line))


def anchors(rows: Sequence[Example], embedder: StaticEmbedder) -> NDArray[np.float32]:
    """Return where each intent lies in the embedding: half its name, half the mean of its examples, length one."""
    names = intent_names()
    labels = embedder.encode([name.label for name in names])
    means = np.zeros_like(labels)
    vectors = embedder.encode([row.text for row in rows])
    for row, vector in zip(rows, vectors, strict=True):
        means[row.intents[0]] += vector * np.float32(row.weight)
    both = labels + means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    placed: NDArray[np.float32] = both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    return placed


def calibrate(fitted: Fitted, embedder: StaticEmbedder, held: Sequence[OwnRow]) -> tuple[Calibration, dict[str, float]]:
    """Read off how often an intent given some share was right (isotonic regression), and score the kept lines."""
    from sklearn.isotonic import IsotonicRegression

    head = fitted.head()
    place = {name: number for number, name in enumerate(head.names)}
    if not held:
        return fitted.calibration, {}
    texts = [fold(row.text).text for row in held]
    shares = np.array([head.shares(text, vector) for text, vector in zip(texts, embedder.encode(texts), strict=True)])
    right = np.zeros(shares.shape, np.float32)
    for number, row in enumerate(held):
        right[number, [place[name] for name in row.intents if name in place]] = 1
    curve = IsotonicRegression(out_of_bounds="clip").fit(shares.ravel(), right.ravel())
    knots = np.linspace(0, 1, 65, dtype=np.float32) ** 2  # dense where most shares lie
    chances = np.clip(curve.predict(knots), 0.0, 0.99).astype(np.float32)
    best = shares.argmax(axis=1)
    first = np.array([place.get(row.intents[0], -1) for row in held])
    given = np.interp(shares, knots, chances) >= 0.3  # the floor of `nlp.reading.intents`
    both = float((given * right).sum())
    scores = {
        "own lines kept apart": float(len(held)),
        "own lines, best intent among theirs": round(float(right[np.arange(len(held)), best].mean()), 3),
        "own lines, best intent is their first": round(float((best == first).mean()), 3),
        "own lines, all intents, micro-F1": round(2 * both / float(given.sum() + right.sum()), 3),
    }
    return Calibration(knots, chances), scores


def save(folder: Path, fitted: Fitted, embedder: StaticEmbedder) -> None:
    """Write the files that `IntentHead.read` reads."""
    np.savez_compressed(folder / "spelling.npz", **fitted.spelling.stored())
    anchors, name = fitted.anchors.astype(np.float16), np.frombuffer(embedder.name.encode(), np.uint8)
    np.savez_compressed(folder / "opinion.npz", anchors=anchors, embedding=name, **fitted.calibration._asdict())


def clean_scores(head: IntentHead, embedder: StaticEmbedder, data: Path) -> dict[str, float]:
    """Score the best intent on the clean CIC rows: among all intents, and among the 118 that the rows know."""
    path = data / "cic_buyer_intents/clean_eval.json"
    if not path.exists():
        return {}
    every, known = clean_answers(head, embedder, read_json_lines(path))
    return {
        "CIC clean, accuracy among all intents": round(every.accuracy, 3),
        "CIC clean, macro-F1 among all intents": round(every.macro_f1, 3),
        "CIC clean, accuracy among the 118": round(known.accuracy, 3),
        "CIC clean, macro-F1 among the 118": round(known.macro_f1, 3),
    }


def clean_answers(
    head: IntentHead, embedder: StaticEmbedder, rows: Sequence[Mapping[str, str]]
) -> tuple[Classified, Classified]:
    """Return the scores of the best of all intents, and of the best of the 118 that CIC labels."""
    names = {name.cic: name.name for name in intent_names() if name.cic is not None}
    outside = np.array([name not in set(names.values()) for name in head.names])
    expected = [names[int(row["label"])] for row in rows]
    texts = [fold(scrub(row["sentence"])).text for row in rows]
    every, known = [], []
    for text, vector in zip(texts, embedder.encode(texts), strict=True):
        shares = head.shares(text, vector)
        every.append(head.names[int(shares.argmax())])
        known.append(head.names[int(np.where(outside, 0, shares).argmax())])
    return classified(expected, every), classified(expected, known)
