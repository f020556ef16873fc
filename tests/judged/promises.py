"""Scores of finding promises in what the shop says, and of the time at which they fall due.

python -m tests.judged.promises [--errors]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nlp.reading.promises import promises_in
from nlp.reading.reading import SHOP_ZONE

ROWS = Path(__file__).parent / "promises.tsv"
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=SHOP_ZONE)
BARE = ("会", "帮您", "给您", "为您")  # what a bare word list would look for


def main(arguments: Sequence[str] | None = None) -> None:
    """Print precision and recall of promises, of their topics and of stated due times, beside a bare word list."""
    parser = argparse.ArgumentParser(prog="python -m tests.judged.promises", description=__doc__)
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args(arguments)
    lines = [line for line in ROWS.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = {row["text"]: promises_in(row["text"], NOW) for row in rows}
    promised = [row for row in rows if row["promise"] != "-"]
    timed = [row for row in promised if row["due"] and found[row["text"]]]
    hits = sum(bool(found[row["text"]]) for row in promised)
    claims = sum(map(bool, found.values()))
    words = [row for row in rows if any(word in row["text"] for word in BARE)]
    word_hits = sum(row["promise"] != "-" for row in words)
    exact = sum(_due(row) in {promise.due for promise in found[row["text"]]} for row in timed)
    topics = sum(
        not set(row["promise"].split("/")).isdisjoint(one.topic for one in found[row["text"]]) for row in promised
    )
    print(f"promises   precision {hits / claims:.3f}  recall {hits / len(promised):.3f}  of {len(rows)} messages")
    print(f"word list  precision {word_hits / len(words):.3f}  recall {word_hits / len(promised):.3f}")
    print(f"topic right {topics / len(promised):.3f}   due time exact {exact / max(len(timed), 1):.3f} of {len(timed)}")
    if chosen.errors:
        for row in rows:
            if bool(found[row["text"]]) != (row["promise"] != "-"):
                print(f"{row['text']}   judged {row['promise']}")
        for row in timed:
            if _due(row) not in {promise.due for promise in found[row["text"]]}:
                print(f"{row['text']}   due {row['due']}, found {[str(one.due) for one in found[row['text']]]}")


def _due(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["due"]).replace(tzinfo=SHOP_ZONE)


if __name__ == "__main__":
    main()
