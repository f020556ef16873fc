"""The canned reply that answers what a shopper said, told by meaning: 少给我一件 is meant by 少件补发."""

from collections.abc import Sequence
from typing import Final

from crm_core.desk.replies import Reply
from nlp.embedding.embedder import Embedder

NEAR: Final = 0.45
"""Cosine from which a reply is shown: of the demo shop's 25, those that were meant lie between 0.45 and 0.96."""


def fitting(embedder: Embedder, said: str, among: Sequence[Reply]) -> Reply | None:
    """The reply nearest in meaning, by its title or by what it says; None where none is near."""
    if not among or not said.strip():
        return None
    asked = embedder.encode_queries([said])[0]
    near = embedder.encode([part for one in among for part in (one.title, one.text)]) @ asked
    best = int(near.argmax())
    return among[best // 2] if near[best] >= NEAR else None
