"""Train the heads of emotion, polarity and kind of talk, and score them on the texts that were kept apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion_head import TALK, EmotionHead
from nlp.reading.ngrams import LinearHead
from nlp.training.corpora import OWN, Corpora
from nlp.training.feelings import EMOTIONS, Feeling, emotion_rows, polarity_rows
from nlp.training.heads import Grams, fit, pack_head
from nlp.training.scoring import Classified, classified

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

NEGATIVE: Final = EMOTIONS[:4]
POSITIVE: Final = EMOTIONS[5:]


POSTS: Final[Mapping[str, float]] = {"ewect": 1.0, "clue_emotion": 0.15}
REVIEWS: Final = "reviews"


@dataclass(frozen=True)
class Settings:
    """What the fits are given; the sizes keep the files together under 5 MB."""

    emotion_grams: int = 110_000
    emotion_strength: float = 5.0
    post_grams: int = 90_000
    post_strength: float = 3.0
    polarity_grams: int = 300_000
    polarity_strength: float = 0.5
    talk_grams: int = 40_000
    talk_strength: float = 3.0


def train(corpora: Corpora, folder: Path, settings: Settings, say: Callable[[str], None] = print) -> dict[str, float]:
    """Fit, save and score the heads; returns the scores by name. Raises `UnusableData`."""
    emotions, polarities = emotion_rows(corpora), polarity_rows(corpora)
    seen = [row for row in emotions if not row.held_out]
    praised = [row for row in polarities if not row.held_out]
    heads = {
        "emotion": fit_emotion(seen, settings.emotion_grams, settings.emotion_strength, say),
        "post": fit_emotion(posts_of(seen), settings.post_grams, settings.post_strength, say),
        "polarity": fit_polarity(praised, settings, say),
        "talk": fit_talk([*seen, *praised], settings, say),
    }
    for name, head in heads.items():
        np.savez_compressed(folder / f"{name}.npz", **head.stored())
    return scores_of(EmotionHead.read(folder), emotions, polarities)


def posts_of(rows: Sequence[Feeling]) -> list[Feeling]:
    """Return the posts with weights of their own; where their sources are left out, all rows stand in for them."""
    posts = [row._replace(weight=POSTS[row.source]) for row in rows if row.source in POSTS]
    return posts or list(rows)


def fit_emotion(rows: Sequence[Feeling], most: int, strength: float, say: Callable[[str], None]) -> LinearHead:
    """Fit multinomial logistic regression over the eight emotions."""
    grams = Grams([row.text for row in rows], 2, most)
    targets = np.eye(len(EMOTIONS), dtype=np.float32)[[row.label for row in rows]]
    weights = np.array([row.weight for row in rows], np.float32)
    table, bias = fit(grams.rows([row.text for row in rows]), targets, weights, strength, 100, say)
    return pack_head(EMOTIONS, grams, table, bias)


def fit_talk(rows: Sequence[Feeling], settings: Settings, say: Callable[[str], None]) -> LinearHead:
    """Fit which kind of text it is by its source: the sources of posts, the reviews, and everything else is chat."""
    texts = {row.text: row.source for row in rows}
    grams = Grams(list(texts), 3, settings.talk_grams)
    kinds = ["post" if source in POSTS else "review" if source == REVIEWS else "chat" for source in texts.values()]
    targets = np.eye(len(TALK), dtype=np.float32)[[TALK.index(kind) for kind in kinds]]
    weights = np.array([len(texts) / (len(TALK) * kinds.count(kind)) for kind in kinds], np.float32)
    table, bias = fit(grams.rows(list(texts)), targets, weights, settings.talk_strength, 60, say)
    return pack_head(TALK, grams, table, bias)


def fit_polarity(rows: Sequence[Feeling], settings: Settings, say: Callable[[str], None]) -> LinearHead:
    """Fit praise or blame, once on all rows and once on reviews alone; where there are none, both are the same."""
    grams = Grams([row.text for row in rows], 3, settings.polarity_grams)
    every = _praise(grams, rows, settings, say)
    reviews = [row for row in rows if row.source == REVIEWS]
    alone = _praise(grams, reviews, settings, say) if reviews else every
    table = np.stack([every[0], alone[0]], axis=1)
    return pack_head(("talk", "review"), grams, table, np.array([every[1], alone[1]], np.float32))


def _praise(
    grams: Grams, rows: Sequence[Feeling], settings: Settings, say: Callable[[str], None]
) -> tuple[NDArray[np.float32], float]:
    """Fit a support vector machine over log-count ratios (NB-SVM, Wang and Manning 2012), its margin made log odds."""
    from scipy.sparse import diags
    from sklearn.svm import LinearSVC

    matrix = grams.rows([row.text for row in rows])
    labels = np.array([row.label for row in rows])
    weights = np.array([row.weight for row in rows])
    ratio = _log_count_ratio(matrix, labels)
    machine = LinearSVC(C=settings.polarity_strength, random_state=0)
    machine.fit(matrix @ diags(ratio), labels, sample_weight=weights)
    steep = _steepness(matrix @ diags(ratio), labels, weights, settings.polarity_strength)
    say(f"褒贬：{len(rows)} 行，{len(grams.keys)} 个字串，斜率 {steep:.2f}")
    return (machine.coef_[0] * ratio * steep).astype(np.float32), float(machine.intercept_[0] * steep)


def _log_count_ratio(matrix: csr_matrix, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much likelier each gram is in praise than in blame, as a logarithm, one added to every count."""
    praise = np.asarray(matrix[labels == 1].sum(axis=0)).ravel() + 1
    blame = np.asarray(matrix[labels == 0].sum(axis=0)).ravel() + 1
    ratio: NDArray[np.float64] = np.log((praise / praise.sum()) / (blame / blame.sum()))
    return ratio


def _steepness(matrix: csr_matrix, labels: NDArray[np.int64], weights: NDArray[np.float64], strength: float) -> float:
    """Return the factor that turns margins into log odds, fitted on margins of a fifth that a machine has not seen."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    apart = np.arange(len(labels)) % 5 == 0
    machine = LinearSVC(C=strength, random_state=0).fit(matrix[~apart], labels[~apart], sample_weight=weights[~apart])
    margins = machine.decision_function(matrix[apart])[:, None]
    return float(LogisticRegression(C=1e3).fit(margins, labels[apart]).coef_[0, 0])


def scores_of(head: EmotionHead, emotions: Sequence[Feeling], polarities: Sequence[Feeling]) -> dict[str, float]:
    """Score the heads on the rows kept apart, set by set."""
    found: dict[str, float] = {}
    for source, name in (("ewect", "Weibo"), (OWN, "own lines")):
        rows = [row for row in emotions if row.held_out and row.source == source]
        if rows:
            eight, three = emotion_scores(head, rows)
            found[f"{name}, 8 emotions, macro-F1"] = round(eight.macro_f1, 3)
            found[f"{name}, 3 classes, macro-F1"] = round(three.macro_f1, 3)
    for source, name in (("reviews", "reviews"), ("conv_sentiment", "chat fragments"), (OWN, "own lines")):
        rows = [row for row in polarities if row.held_out and row.source == source]
        if rows:
            right = sum((head.predict(row.text).polarity > 0) == bool(row.label) for row in rows)
            found[f"{name}, polarity, accuracy"] = round(right / len(rows), 4)
    return found


def emotion_scores(head: EmotionHead, rows: Sequence[Feeling]) -> tuple[Classified, Classified]:
    """Return the scores over eight emotions, and over negative, neutral and positive."""
    expected, given = [EMOTIONS[row.label] for row in rows], []
    sides = []
    for row in rows:
        shares = head.predict(row.text).probabilities
        given.append(max(shares, key=lambda name: shares[name]))
        sides.append(side_of(shares))
    return classified(expected, given), classified([side_name(name) for name in expected], sides)


def side_of(shares: dict[str, float]) -> str:
    """Return which of negative, neutral and positive has most of the probability."""
    sums = {
        "negative": sum(shares[name] for name in NEGATIVE),
        "neutral": shares["neutral"],
        "positive": sum(shares[name] for name in POSITIVE),
    }
    return max(sums, key=lambda side: sums[side])


def side_name(emotion: str) -> str:
    """Return the side that an emotion is on."""
    return "negative" if emotion in NEGATIVE else "positive" if emotion in POSITIVE else "neutral"
