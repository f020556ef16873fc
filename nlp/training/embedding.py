"""Train the shipped sentence embedding: characters, character pairs and words, one row each, added and normalised.

Rows begin as random projections scaled by inverse document frequency, already a usable lexical code (Achlioptas 2003),
and are then moved by in-batch contrast (InfoNCE, van den Oord et al. 2018; at a low scale, because a bag of rows cannot
be sharp) and a little ranking loss over labelled pairs (CoSENT).
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.training.corpora import Corpora, intent_names
from nlp.training.losses import Kinship, contrast, ranking
from nlp.training.pairs import Graded, Pair, batches, graded_pairs, positive_pairs
from nlp.training.scoring import academic_pairs, label_retrieval, pair_score
from nlp.words import terms

if TYPE_CHECKING:
    from torch import Tensor

Say = Callable[[str], None]

RARITY_POWER: Final = 0.7
CHARACTER_WEIGHT: Final = 4.0
PAIR_WEIGHT: Final = 0.5


@dataclass(frozen=True)
class Settings:
    """What one training run is given; the defaults are the shipped recipe."""

    dimension: int = 256
    vocabulary: int = 40_000
    scale: float = 8.0
    ranking_weight: float = 0.02
    ranking_temperature: float = 20.0
    batch: int = 1_024
    rate: float = 0.005
    epochs: int = 3
    seed: int = 0


@dataclass(frozen=True)
class Bags:
    """Texts as term numbers: text i has `terms[offsets[i]:offsets[i + 1]]`."""

    terms: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def take(self, rows: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the concatenated terms of some texts and where each begins."""
        pieces = [self.terms[self.offsets[row] : self.offsets[row + 1]] for row in rows]
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])[:-1]])
        return np.concatenate(pieces), starts.astype(np.int64)


def train_rows(
    corpora: Corpora, settings: Settings, trust: Mapping[str, float] | None = None, say: Say = print
) -> tuple[list[str], NDArray[np.float32]]:
    """Train from scratch and return the vocabulary and its rows, (terms, dimension) float32.

    Deterministic for equal data and settings: one thread, sorted vocabulary, seeded draws. Raises `UnusableData`.
    """
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pairs = positive_pairs(corpora, trust, settings.seed)
    graded = graded_pairs(corpora, settings.seed)
    say(f"{len(pairs)} 对同义句，{len(graded)} 对标注句")
    vocabulary, idf = build_vocabulary(corpora, pairs, settings.vocabulary)
    say(f"词表 {len(vocabulary)} 项")
    texts = sorted({text for rows in (pairs, graded) for row in rows for text in (row.left, row.right)})
    number = {text: position for position, text in enumerate(texts)}
    bags = bag_texts(texts, {term: position for position, term in enumerate(vocabulary)})
    return vocabulary, _fit(pairs, graded, number, bags, idf, settings, say)


def build_vocabulary(corpora: Corpora, pairs: Iterable[Pair], size: int) -> tuple[list[str], NDArray[np.float32]]:
    """Choose the terms that get a row, and return them with their inverse document frequency (mean 1).

    Terms of the project's own corpus and of intent names come first, because shop wording is what the table is for; the
    rest is taken by document frequency over all texts, at least two, ties in code point order.
    """
    counts: Counter[str] = Counter()
    documents = 0
    seen: set[str] = set()
    wanted: set[str] = {term for name in intent_names() for term in terms(name.label)}
    for pair in pairs:
        for text in pair[:2]:
            if text not in seen:
                seen.add(text)
                counts.update(set(terms(text)))
    own: Counter[str] = Counter(term for row in corpora.own for term in set(terms(row.text)))
    wanted |= {term for term, count in own.items() if count > 1 or counts[term] > 2}
    documents = len(seen)
    for text in corpora.unlabelled():
        counts.update(set(terms(text)))
        documents += 1
    ranked = sorted(
        (term for term, count in counts.items() if count > 1),
        key=lambda term: (term not in wanted, -counts[term], term),
    )
    vocabulary = sorted(ranked[:size])
    rarity = (
        np.array([math.log((documents + 1) / (counts[term] + 1)) for term in vocabulary], np.float32) ** RARITY_POWER
    )
    rarity *= np.array([_kind_weight(term) for term in vocabulary], np.float32)
    return vocabulary, rarity / rarity.mean()


def _kind_weight(term: str) -> float:
    """Return how loud a term starts: single characters carry most of what two wordings of one question share."""
    if len(term) == 1:
        return CHARACTER_WEIGHT
    return PAIR_WEIGHT if term[0] == "2" and not term.isascii() else 1.0


def bag_texts(texts: Sequence[str], vocabulary: Mapping[str, int]) -> Bags:
    """Turn texts into term numbers; a text without a known term gets an empty bag."""
    bags = [[vocabulary[term] for term in terms(text) if term in vocabulary] for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])]).astype(np.int64)
    return Bags(np.array([term for bag in bags for term in bag], np.int64), offsets)


def _fit(
    pairs: Sequence[Pair],
    graded: Sequence[Graded],
    number: Mapping[str, int],
    bags: Bags,
    idf: NDArray[np.float32],
    settings: Settings,
    say: Say,
) -> NDArray[np.float32]:
    """Train a table of rows from a random start."""
    import torch

    draw = random.Random(settings.seed)
    start = np.random.default_rng(settings.seed).standard_normal((len(idf), settings.dimension), dtype=np.float32)
    table = torch.nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(start * (idf / math.sqrt(settings.dimension))[:, None]), freeze=False, mode="sum"
    )
    optimiser = torch.optim.Adam(table.parameters(), lr=settings.rate)
    steps = settings.epochs * sum(1 for _ in batches(pairs, settings.batch, random.Random(0)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    left = [number[pair.left] for pair in pairs]
    right = [number[pair.right] for pair in pairs]
    kinship = Kinship(pairs)

    def encode(rows: Sequence[int]) -> Tensor:
        taken, starts = bags.take(rows)
        return torch.nn.functional.normalize(table(torch.from_numpy(taken), torch.from_numpy(starts)), dim=1)

    for epoch in range(settings.epochs):
        total = 0.0
        for batch in batches(pairs, settings.batch, draw):
            a, b = encode([left[row] for row in batch]), encode([right[row] for row in batch])
            loss = contrast(a @ b.T * settings.scale, kinship.of(batch))
            total += float(loss.detach())
            if graded and settings.ranking_weight:
                drawn = [graded[draw.randrange(len(graded))] for _ in range(settings.batch)]
                cosine = (
                    encode([number[item.left] for item in drawn]) * encode([number[item.right] for item in drawn])
                ).sum(1)
                loss = loss + settings.ranking_weight * ranking(
                    cosine * settings.ranking_temperature, torch.tensor([item.same for item in drawn])
                )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        say(f"第 {epoch + 1} 轮，对比损失 {total / max(1, steps // settings.epochs):.4f}")
    rows: NDArray[np.float32] = table.weight.detach().numpy()
    return rows


def _rate(step: int, steps: int) -> float:
    """Return the learning rate's factor: a tenth of the steps to warm up, then straight down to 2 %."""
    warm = max(1, steps // 10)
    return (step + 1) / warm if step < warm else max(0.02, 1 - (step - warm) / max(1, steps - warm))


def pack(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Store each row as int8 and a scale of its own: largest entry 127; a row of zeros keeps scale one."""
    scale = np.abs(rows).max(axis=1) / np.float32(127)
    scale[scale == 0] = 1
    return np.rint(rows / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def save(folder: Path, vocabulary: Sequence[str], rows: NDArray[np.float32]) -> None:
    """Write the files that `StaticEmbedder.read` reads: equal rows give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    whole, scale = pack(rows)
    np.savez(folder / "model.npz", rows=whole, scale=scale)
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary), "utf-8")


def train(
    corpora: Corpora, folder: Path, settings: Settings, trust: Mapping[str, float] | None = None, say: Say = print
) -> dict[str, float]:
    """Train, save and score the embedding; returns the scores by name. Raises `UnusableData`."""
    vocabulary, rows = train_rows(corpora, settings, trust, say)
    save(folder, vocabulary, rows)
    config = {"dimension": settings.dimension}
    (folder / "config.json").write_text(json.dumps(config) + "\n", "utf-8")
    return scores_of(StaticEmbedder.read(folder), corpora.data)


def scores_of(embedder: StaticEmbedder, data: Path) -> dict[str, float]:
    """Score an embedding on the evaluation sets that lie in the data folder."""
    found = {f"{name} Spearman": round(pair_score(embedder, pairs), 1) for name, pairs in academic_pairs(data).items()}
    if (data / "cic_buyer_intents/clean_eval.json").exists():
        names = label_retrieval(embedder, data)
        found |= {"CIC names R@1": round(names.first, 3), "CIC names R@10": round(names.ten, 3)}
    return found
