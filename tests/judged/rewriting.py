"""Scores of rewriting: words restored in public chat, and shop dialogues of the project's own.

    python -m tests.judged.rewriting [--data DIR] [--errors]

`--data` names the folder of public sets; of its dialogues those that training kept out are scored. Copying the message
restores nothing and scores 0.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from nlp.rewriting import rewrite
from nlp.training.corpora import Corpora
from nlp.training.rewriting import Dialogue, dialogues, restored
from nlp.words import fold

HERE = Path(__file__).parent
Rewriter = Callable[[str, Sequence[str]], str]


def shop_rows() -> list[tuple[list[str], str, set[str]]]:
    """Return the shop dialogues: what was said, the message, every right answer."""
    lines = [line for line in (HERE / "rewriting.tsv").read_text("utf-8").splitlines() if not line.startswith("#")]
    return [
        (row["said"].split("|"), row["text"], {row["text"] if one == "=" else one for one in row["whole"].split("/")})
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def plain(text: str) -> str:
    """Return a text without what does not count: case, width, marks at its end."""
    return fold(text).text.strip("?!。 ,~")


def on_shop(rewriter: Rewriter, *, tell: bool) -> float:
    """Return the share of shop dialogues whose message is completed rightly."""
    rows = shop_rows()
    right = 0
    for said, text, answers in rows:
        found = rewriter(text, said)
        good = plain(found) in map(plain, answers)
        right += good
        if tell and not good:
            print(f"{' | '.join(said)} | {text}\n    {found}   instead of {' or '.join(sorted(answers))}")
    return right / len(rows)


def on_chat(rewriter: Rewriter, kept: Sequence[Dialogue]) -> tuple[float, float, float, float]:
    """Return the share completed word for word, and precision, recall and F1 of the restored words."""
    exact, right, made, wanted = 0, 0, 0, 0
    for one in kept:
        found = rewriter(one.text, [one.earlier, one.latest])
        exact += found == one.whole
        counts = restored(one.text, found, one.whole)
        right, made, wanted = right + counts[0], made + counts[1], wanted + counts[2]
    precision, recall = right / max(made, 1), right / max(wanted, 1)
    return exact / len(kept), precision, recall, 2 * right / max(made + wanted, 1)


def last_noun(text: str, said: Sequence[str]) -> str:
    """Put what the shopper said before in front: the simplest rewriting."""
    return f"{said[-2] if len(said) > 1 else ''}{text}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the scores of the product's rewriting and of two simple ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.judged.rewriting", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args(arguments)
    rewriters: dict[str, Rewriter] = {
        "rewriting": rewrite,
        "the last words in front": last_noun,
        "copy": lambda text, said: text,
    }
    kept = dialogues(Corpora(chosen.data))[1] if chosen.data is not None else []
    for name, rewriter in rewriters.items():
        share = on_shop(rewriter, tell=chosen.errors and name == "rewriting")
        print(f"{name:26}shop dialogues right {share:.3f}")
        if kept:
            exact, precision, recall, f1 = on_chat(rewriter, kept)
            print(f"{'':26}chat exact {exact:.3f}  restored words P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


if __name__ == "__main__":
    main()
