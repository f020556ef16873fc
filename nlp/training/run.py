"""One door to all training: choose a part, a data folder and the sources to leave out, get weights and a card."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.trained import WEIGHTS
from nlp.training.card import write_card, write_record
from nlp.training.corpora import Corpora
from nlp.training.trust import label_trust

Part = Literal["embedding", "emotion", "intents", "rewriting", "tones"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class Report:
    """What one training run made: the folder of the weights, the rows used of each source, and the scores."""

    part: Part
    folder: Path
    rows: Mapping[str, int]
    scores: Mapping[str, float]

    def __str__(self) -> str:
        rows = "，".join(f"{source} {count}" for source, count in self.rows.items())
        scores = "\n".join(f"  {name}：{score:g}" for name, score in self.scores.items())
        return f"已写入 {self.folder}\n用到的数据（行）：{rows}\n成绩：\n{scores}"


def train(
    part: Part, data: Path, without: Sequence[str] = (), out: Path | None = None, say: Callable[[str], None] = print
) -> Report:
    """Train one part and put it in place together with a new card.

    `out` is a weights folder of its own; None replaces the weights that this installation reads. The old files stay
    until the new ones are complete. Raises `nlp.training.corpora.UnusableData` when a file of a source in use is
    missing and `ValueError` for a part or source that does not exist.
    """
    if part not in PARTS:
        raise ValueError(f"只能训练 {'、'.join(PARTS)}，没有 {part}")
    corpora = Corpora(data, tuple(without))
    weights = WEIGHTS if out is None else out
    weights.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=weights, prefix=f".{part}-") as beside:
        fresh = Path(beside) / part
        fresh.mkdir()
        scores, settings = _train(part, corpora, fresh, say)
        write_record(fresh, used=corpora.used, scores=scores, settings=settings, without=tuple(without))
        shutil.rmtree(weights / part, ignore_errors=True)
        fresh.rename(weights / part)
    write_card(weights)
    return Report(part, weights / part, dict(corpora.used), scores)


def _train(
    part: Part, corpora: Corpora, folder: Path, say: Callable[[str], None]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Run the part's own trainer, and return its scores and settings."""
    if part == "embedding":
        from nlp.training import embedding

        settings = embedding.Settings()
        return embedding.train(corpora, folder, settings, label_trust(corpora, say), say), asdict(settings)
    if part == "emotion":
        from nlp.training import emotion

        return emotion.train(corpora, folder, emotion.Settings(), say), asdict(emotion.Settings())
    if part == "rewriting":
        from nlp.training import rewriting

        return rewriting.train(corpora, folder, rewriting.Settings(), say), asdict(rewriting.Settings())
    if part == "tones":
        from nlp.training import tones

        return tones.train(corpora, folder, tones.Settings(), say), asdict(tones.Settings())
    from nlp.training import intents

    beside = folder.parent.parent / "embedding"
    embedder = StaticEmbedder.read(beside if beside.is_dir() else WEIGHTS / "embedding")
    return intents.train(corpora, folder, embedder, intents.Settings(), say), asdict(intents.Settings())
