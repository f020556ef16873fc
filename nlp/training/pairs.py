"""Pairs of texts for the sentence embedding: which belong together, and which only look as if they did."""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from nlp.training.corpora import Corpora, intent_names, read_json_lines, read_lines, scrub
from nlp.words import terms

Kind = Literal["public", "question", "intent"]

_NEIGHBOURS = 4  # texts of the same question that each own text is paired with
_FINE_NEIGHBOURS = 8  # the same of a fine question: there are fewer of them, and an answer hangs on each
_NEAR_MISSES = 3  # texts of other questions, sharing the most characters, that each own text is told apart from
_NOT_AN_ACT: Final = frozenset({"OTHER", ""})


class Pair(NamedTuple):
    """Two texts that mean the same, and the names under which other pairs of a batch are not their opposites."""

    left: str
    right: str
    kind: Kind
    question: str  # pairs with the same question never serve as each other's negatives
    intent: str  # nor do pairs with the same intent when one of the two leads to an intent's name …
    weight: float = 1.0
    fine: bool = False  # … or asks more finely than the other: 积分会过期吗 is among the texts of 积分怎么用


class Graded(NamedTuple):
    """Two texts and whether they mean the same (1) or only look alike (0)."""

    left: str
    right: str
    same: int


def positive_pairs(corpora: Corpora, trust: Mapping[str, float] | None = None, seed: int = 0) -> list[Pair]:
    """Return every pair of texts that mean the same, source after source.

    `trust` gives CIC sentences the probability that their label is right (in 40 % of the rows it is wrong on purpose).
    """
    found: list[Pair] = []
    readers: Mapping[str, Callable[[], list[Pair]]] = {
        "atec": lambda: [_public(a, b) for a, b, same in _atec(corpora) if same],
        "simclue": lambda: [_public(a, b) for a, b, same in _simclue(corpora) if same],
        "qbqtc": lambda: [_public(a, b) for a, b, grade in _qbqtc(corpora) if grade == 2],
        "uss_jddc": lambda: _same_act(corpora, seed),
        "cic": lambda: _named_intents(corpora, trust or {}),
        "own": lambda: _own_pairs(corpora, seed),
    }
    for source, reader in readers.items():
        if corpora.has(source):
            pairs = [pair for pair in reader() if pair.left != pair.right]
            corpora.note(source, len(pairs))
            found += pairs
    return found


def graded_pairs(corpora: Corpora, seed: int = 0) -> list[Graded]:
    """Return labelled pairs, same and not the same, for the ranking loss; own near misses among them."""
    found: list[Graded] = []
    if corpora.has("atec"):
        found += [Graded(*row) for row in _atec(corpora)]
    if corpora.has("simclue"):
        found += [Graded(*row) for row in _simclue(corpora)]
    if corpora.has("qbqtc"):
        found += [Graded(a, b, int(grade == 2)) for a, b, grade in _qbqtc(corpora)]
    return found + near_misses(corpora, seed)


def near_misses(corpora: Corpora, seed: int) -> list[Graded]:
    """Pair each own text with texts of other questions that share its terms, and with as many of its own question."""
    rows = corpora.own
    bags = [frozenset(terms(row.text)) for row in rows]
    asks_for_less = {name.name for name in intent_names() if name.group == "promotion"}
    families = [{"promotion" if name in asks_for_less else name for name in row.intents} for row in rows]
    posting: dict[str, list[int]] = defaultdict(list)
    members: dict[str, list[int]] = defaultdict(list)
    for number, bag in enumerate(bags):
        members[rows[number].question].append(number)
        for term in bag:
            posting[term].append(number)
    draw, found = random.Random(seed), []
    for number, row in enumerate(rows):
        shared: dict[int, float] = defaultdict(float)
        for term in bags[number]:
            if len(posting[term]) < 300:
                for other in posting[term]:
                    related = families[other] & families[number] and not (row.fine and rows[other].fine)
                    if rows[other].question != row.question and not related:
                        shared[other] += 1 / len(posting[term])
        nearest = sorted(shared, key=lambda other: (-shared[other], other))[:_NEAR_MISSES]
        found += [Graded(row.text, rows[other].text, 0) for other in nearest]
        same = [other for other in members[row.question] if other != number]
        found += [Graded(row.text, rows[other].text, 1) for other in draw.sample(same, min(_NEAR_MISSES, len(same)))]
    return found


def _public(left: str, right: str) -> Pair:
    """Make a pair of a public set; its own left text keeps doubles from being each other's negatives."""
    return Pair(left, right, "public", left, "")


def _atec(corpora: Corpora) -> list[tuple[str, str, int]]:
    """Return questions to a payment service and whether two of them ask the same."""
    rows = [line.split("\t") for line in read_lines(corpora.file("pairs/atec.tsv"))]
    return [(a, b, int(same)) for a, b, same in corpora.usable((tuple(row) for row in rows if len(row) == 3), 2)]


def _simclue(corpora: Corpora) -> list[tuple[str, str, int]]:
    """Return general sentence pairs: the positives, the labelled ones and the mined negatives, each pair once."""
    found: dict[tuple[str, str], int] = {}
    for row in read_json_lines(corpora.file("pairs/simclue_train_pair_1w.json")):
        found.setdefault((row["sentence1"], row["sentence2"]), int(row["label"]))
    for row in read_json_lines(corpora.file("pairs/simclue_train_pair_positive_1w.json")):
        found.setdefault((row["query"], row["title"]), 1)
    for row in read_json_lines(corpora.file("pairs/simclue_train_rank_1w.json")):
        found.setdefault((row["query"], row["title"]), 1)
        found.setdefault((row["query"], row["neg_title"]), 0)
    return [(a, b, same) for a, b, same in corpora.usable(((a, b, same) for (a, b), same in found.items()), 2)]  # type: ignore[misc]


def _qbqtc(corpora: Corpora) -> list[tuple[str, str, int]]:
    """Return search queries, page titles, and how well the title answers (2 is a match)."""
    rows = read_json_lines(corpora.file("pairs/qbqtc_dev.json"))
    return [
        (a, b, int(grade))
        for a, b, grade in corpora.usable(((row["query"], row["title"], row["label"]) for row in rows), 2)
    ]


def _same_act(corpora: Corpora, seed: int) -> list[Pair]:
    """Pair shoppers' turns that annotators filed under the same act with each other and with the act's name."""
    names = dict(line.split("\t")[:2] for line in read_lines(corpora.file("uss_jddc/acts.txt")) if "\t" in line)
    said: dict[str, set[str]] = defaultdict(set)
    for line in read_lines(corpora.file("uss_jddc/valid.txt")):
        window, acts, _ = line.split("\t")
        for turn, act in zip(ast.literal_eval(window), ast.literal_eval(acts), strict=False):
            text = scrub(turn.partition("|||")[0])
            if 4 <= len(text) <= 40 and corpora.allowed(text):
                said[str(act)].add(text)
    draw, found = random.Random(seed), []
    for act, texts in sorted(said.items()):
        name = names.get(act, "")
        if name in _NOT_AN_ACT:
            continue
        ordered = sorted(texts)
        for text in ordered:
            found.append(Pair(text, name, "intent", f"act:{name}", f"act:{name}", 0.5))
            if len(ordered) > 1:
                found.append(Pair(text, draw.choice(ordered), "question", f"act:{name}", f"act:{name}", 0.5))
    return found


def _named_intents(corpora: Corpora, trust: Mapping[str, float]) -> list[Pair]:
    """Pair each CIC sentence with its label's name, as far as the label is trusted."""
    names = {name.cic: name for name in intent_names() if name.cic is not None}
    rows = ((text, names[label]) for text, label, _ in corpora.cic)
    return [Pair(text, name.label, "intent", name.name, name.name, trust.get(text, 1.0)) for text, name in rows]


def _own_pairs(corpora: Corpora, seed: int) -> list[Pair]:
    """Pair each own text with its question, with others of that question, and with its intents' names."""
    labels = {name.name: name.label for name in intent_names()}
    members: dict[str, list[str]] = defaultdict(list)
    for row in corpora.own:
        members[row.question].append(row.text)
    draw, found = random.Random(seed), []
    for row in corpora.own:
        first = row.intents[0]
        found.append(Pair(row.text, row.question, "question", row.question, first, fine=row.fine))
        found += [
            Pair(row.text, labels[name], "intent", row.question, name) for name in row.intents[:2] if name in labels
        ]
        others = [text for text in members[row.question] if text != row.text]
        found += [
            Pair(row.text, other, "question", row.question, first, fine=row.fine)
            for other in draw.sample(others, min(_FINE_NEIGHBOURS if row.fine else _NEIGHBOURS, len(others)))
        ]
    return found


def batches(pairs: Sequence[Pair], size: int, draw: random.Random) -> Iterator[list[int]]:
    """Yield the pairs' numbers in drawn order, `size` at a time, shop pairs and public pairs apart.

    Negatives from one's own domain are the hard ones; across domains every pair is told apart for nothing. A short rest
    of either domain is dropped.
    """
    whole: list[list[int]] = []
    for public in (True, False):
        order = [number for number, pair in enumerate(pairs) if (pair.kind == "public") == public]
        draw.shuffle(order)
        whole += [order[start : start + size] for start in range(0, len(order) - size + 1, size)]
    draw.shuffle(whole)
    yield from whole
