"""How the shipped weights are made; the running house never imports this, except for the command that trains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nlp.training.run import Report


def train(
    part: Literal["embedding", "emotion", "intents", "rewriting", "tones"],
    data: Path,
    without: Sequence[str] = (),
    out: Path | None = None,
) -> Report:
    """Train one part, put it in place with a new model card, and return what came of it.

    Raises `nlp.training.corpora.UnusableData` when a file of a source in use is missing, `ValueError` for a source that
    does not exist, `ModuleNotFoundError` without the `models` extra; their messages can be shown.
    """
    from nlp.training import run

    return run.train(part, data, without, out)
