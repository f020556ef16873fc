"""The model card beside the weights: their sources and licences, their scores, and the digest of every file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nlp.trained import CARD, digest_of
from nlp.training.corpora import SOURCES

RECORD: Final = "trained.json"

_HEAD: Final = """# Model card

Weights of the reader: a sentence embedding, an intent head, two emotion heads, a tone head and a net that completes
messages. All of them were trained by this project's own code (`zhanggui train`), from random numbers, on the sources
below; no other model's weights or outputs went into them. They read Chinese shop chat. They know nothing of other
languages or of irony without marked wording, and little of long texts.

The embedding is a bag of terms, stored as int8 rows with a scale each. `nlp.training.export`
writes it as a sentence-transformers `StaticEmbedding` folder that gives the same vectors. That folder wants texts
expanded by `nlp.words.terms`, joined by spaces: given raw Chinese it sees one unknown token and returns zeros.
"""
_TITLES: Final = {
    "embedding": "Sentence embedding",
    "intents": "Intent head",
    "emotion": "Emotion and polarity heads",
    "tones": "Tone head",
    "rewriting": "Net that completes messages",
}
_TAIL: Final = """
## Licences and leaving a source out

Several public sets state no licence, as the table says. Whoever may not use one of them retrains without it:
`zhanggui train embedding --data DIR --without NAME` (likewise `intents`, `emotion` and `rewriting`; `tones` reads this
project's own lines alone). Sets for academic use only (LCQMC, BQ, OPPO, STS-B, NLI) and `clean_eval` of CIC never
trained these weights: each of their sentences was removed from every source before the vocabulary was counted. Of the
labelled emotion and review texts one in ten, chosen by its hash, was kept for scoring as well.
"""


def write_record(
    folder: Path,
    *,
    used: Mapping[str, int],
    scores: Mapping[str, float],
    settings: Mapping[str, Any],
    without: tuple[str, ...],
) -> None:
    """Note beside a part's weights what they were made of; the card is put together from these notes."""
    record = {"rows": dict(used), "scores": dict(scores), "settings": dict(settings), "without": list(without)}
    (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_card(weights: Path) -> Path:
    """Write the card of a weights folder from the notes of the parts that are there, and return its path."""
    records = {
        part: json.loads((weights / part / RECORD).read_text("utf-8"))
        for part in _TITLES
        if (weights / part / RECORD).exists()
    }
    pieces = [_HEAD, "\n## Sources and rows used\n\n", *_sources(records), _TAIL, "\n## Scores\n"]
    for part, record in records.items():
        pieces.append(f"\n### {_TITLES[part]}\n\n| score | |\n|---|---|\n")
        pieces += [f"| {name} | {value} |\n" for name, value in record["scores"].items()]
        settings = ", ".join(f"{name} {value}" for name, value in record["settings"].items())
        pieces.append(f"\nRecipe: {settings}.\n" if settings else "")
    pieces.append("\n## Files\n\n| file | bytes | sha256 |\n|---|---|---|\n")
    for part in records:
        for path in sorted((weights / part).iterdir()):
            pieces.append(f"| `{part}/{path.name}` | {path.stat().st_size} | `{digest_of(path)}` |\n")
    card = weights / CARD
    card.write_text("".join(pieces), "utf-8")
    return card


def _sources(records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the table of sources: one row each, with the rows that each part used."""
    lines = [f"| source | origin | licence | {' | '.join(records)} |\n", f"|---|---|---|{'---|' * len(records)}\n"]
    for source in SOURCES:
        counts = [record["rows"].get(source.name) for record in records.values()]
        if any(counts):
            shown = " | ".join(str(count or "–") for count in counts)
            lines.append(f"| `{source.name}` | {source.origin} | {source.licence} | {shown} |\n")
    return lines
