"""Train the net that restores what a message leaves out (`nlp.restorer`), from public dialogues and shop frames.

Each public row gives one edit: the message loses its common beginning and end with the complete form, and what is left
over there was said before. A complete form is a message that lacks nothing. `leaning.tsv` holds frames of shop dialogue
in which a product's name takes the place of 那个 or of nothing.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.restorer import BETWEEN, TAGS, Restorer, Utterances, prepared
from nlp.training.corpora import OWN, Corpora, read_lines
from nlp.words import fold, tagged

if TYPE_CHECKING:
    import torch

SOURCE: Final = "utterance_rewrite"
FILE: Final = "utterance_rewrite/train.tsv.gz"
HELD_OUT: Final = 9  # one dialogue in nine is kept for scoring


@dataclass(frozen=True)
class Settings:
    """How the net is trained."""

    size: int = 160
    epochs: int = 18
    batch: int = 64
    rate: float = 3e-3
    dropout: float = 0.35
    unseen: float = 0.1  # share of characters that training hides
    complete: float = 0.2  # complete messages beside each hundred that lack something
    shop: int = 1500  # dialogues made from the shop's frames
    seed: int = 3


class Dialogue(NamedTuple):
    """Two earlier utterances, a message, and the message complete."""

    earlier: str
    latest: str
    text: str
    whole: str


class Example(NamedTuple):
    """A dialogue as the net reads it, and what it should say: place, spans (any is right), 的 after it, edit needed."""

    given: Utterances
    first: int
    last: int
    spans: tuple[tuple[int, int], ...]
    linked: bool
    needed: bool


def dialogues(corpora: Corpora) -> tuple[list[Dialogue], list[Dialogue]]:
    """Return the public dialogues to train on and those kept for scoring, folded and without spaces."""
    train: list[Dialogue] = []
    kept: list[Dialogue] = []
    for line in read_lines(corpora.file(FILE)) if corpora.has(SOURCE) else ():
        fields = [fold(field).text.replace(" ", "") for field in line.split("\t")]
        one = Dialogue(fields[0], fields[2], fields[4], fields[6])
        is_kept = zlib.crc32((one.earlier + one.text).encode()) % HELD_OUT == 0
        (kept if is_kept else train).append(one)
    corpora.note(SOURCE, len(train))
    return train, kept


def shop_dialogues(count: int, chance: random.Random) -> Iterator[Dialogue]:
    """Yield dialogues made from the frames of `leaning.tsv`."""
    frames: dict[str, list[str]] = {}
    for line in resources.files("nlp").joinpath("training/leaning.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, frame = line.split("\t")
            frames.setdefault(kind, []).append(frame)
    for _ in range(count):
        product = chance.choice(frames["product"])
        if chance.random() < 0.4:
            product = chance.choice(frames["quality"]) + product
        earlier, latest = chance.choice(frames["opener"]), chance.choice(frames["reply"])
        follow = chance.choice(frames["follow"])
        pointer = chance.choice(frames["pointer"]) if "{p}" in follow and chance.random() < 0.75 else ""
        text, whole = follow.replace("{p}", pointer), follow.replace("{p}", product)
        yield Dialogue(earlier.replace("{p}", product), latest.replace("{p}", product), text, whole)


def edit_of(text: str, whole: str) -> tuple[int, int, str]:
    """Return where a message and its complete form part, where they meet again, and what stands there in between."""
    first = 0
    while first < min(len(text), len(whole)) and text[first] == whole[first]:
        first += 1
    back = 0
    while back < min(len(text), len(whole)) - first and text[-1 - back] == whole[-1 - back]:
        back += 1
    return first, len(text) - back, whole[first : len(whole) - back]


def example_of(one: Dialogue, vocabulary: dict[str, int]) -> Example | None:
    """Return what the net should learn from a dialogue; nothing where one copied span does not complete the message."""
    given = prepared(one.earlier, one.latest, one.text, vocabulary)
    if one.text == one.whole:
        return Example(given, 0, 0, (), False, False)
    first, last, span = edit_of(one.text, one.whole)
    said = given.signs[: given.offset]
    linked = span not in said and span.endswith("的")
    span = span.removesuffix("的") if linked else span
    if not span or BETWEEN in span or last >= len(given.signs) - given.offset:
        return None
    spans = [(start, start + len(span) - 1) for start in range(len(said)) if said.startswith(span, start)]
    return Example(given, first, last, tuple(spans), linked, True) if spans else None


def train(corpora: Corpora, folder: Path, settings: Settings, say: Callable[[str], None]) -> dict[str, float]:
    """Train the net, store it in `folder`, and return its scores on the dialogues that were kept."""
    chance = random.Random(settings.seed)
    learnt, kept = dialogues(corpora)
    whole = [one._replace(text=one.whole) for one in chance.sample(learnt, round(len(learnt) * settings.complete))]
    shop = list(shop_dialogues(settings.shop, chance)) if corpora.has(OWN) else []
    asked = [Dialogue(one.earlier, one.latest, row.text, row.text) for one, row in zip(shop, corpora.own, strict=False)]
    corpora.note(OWN, len(shop) + len(asked))
    rows = [
        *learnt,
        *whole,
        *shop,
        *(one._replace(text=fold(one.text).text, whole=fold(one.text).text) for one in asked),
    ]
    counts = Counter(sign for one in rows for sign in {*one.earlier, *one.latest, *one.text})
    signs = "".join(sorted(sign for sign, count in counts.items() if count > 1))
    vocabulary = {sign: number for number, sign in enumerate(signs, 1)}
    examples = [example for one in rows if (example := example_of(one, vocabulary)) is not None]
    say(f"{len(rows)} 段对话，其中 {len(examples)} 段可学；{len(signs)} 个字")
    weights = _fit(examples, len(signs) + 1, settings, say)
    weights["vocabulary"] = np.frombuffer(signs.encode(), np.uint8)
    np.savez_compressed(folder / "model.npz", **weights)  # type: ignore[arg-type]
    return scores_of(Restorer.read(folder / "model.npz"), kept)


def _fit(
    examples: list[Example], signs: int, settings: Settings, say: Callable[[str], None]
) -> dict[str, NDArray[Any]]:
    """Fit the net on one thread, so that the same data give the same weights; return them as half floats."""
    import torch

    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    chance = random.Random(settings.seed)
    net = _net(signs, settings)
    optimiser = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=0.02)
    steps = settings.epochs * (len(examples) // settings.batch + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, steps, pct_start=0.1)
    for epoch in range(settings.epochs):
        ordered = sorted(examples, key=lambda example: len(example.given.signs) + 8 * chance.random())
        batches = [ordered[start : start + settings.batch] for start in range(0, len(ordered), settings.batch)]
        chance.shuffle(batches)
        total = 0.0
        for batch in batches:
            loss = _loss(net, batch, settings)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total += loss.item()
        say(f"第 {epoch + 1} 轮，损失 {total / len(batches):.3f}")
    return {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}


def _net(signs: int, settings: Settings) -> torch.nn.ModuleDict:
    """Build the net's parts under the names by which `nlp.restorer` reads them."""
    from torch import nn

    size = settings.size
    return nn.ModuleDict(
        {
            "sign": nn.Embedding(signs, size),
            "segment": nn.Embedding(3, size),
            "tag": nn.Embedding(TAGS, size),
            "held": nn.Embedding(8, size),
            "gru": nn.GRU(size, size // 2, 2, batch_first=True, bidirectional=True, dropout=settings.dropout),
            "place": nn.Linear(size, 2),
            "need": nn.Linear(size, 1),
            "seen": nn.Linear(size, size),
            "where": nn.Linear(2 * size, size, bias=False),
            "span": nn.Linear(size, 2),
            "link": nn.Linear(3 * size, 1),
        }
    )


def _loss(net: torch.nn.ModuleDict, batch: Sequence[Example], settings: Settings) -> torch.Tensor:
    """Return the mean loss of a batch: place, span, 的, and whether anything is missing."""
    import torch
    from torch.nn import functional

    longest = max(len(example.given.signs) for example in batch)
    fields = {
        name: torch.from_numpy(
            np.stack([np.pad(getattr(one.given, name), (0, longest - len(one.given.signs))) for one in batch])
        )
        for name in ("ids", "segment", "tag", "held")
    }
    lengths = torch.tensor([len(one.given.signs) for one in batch])
    offsets = torch.tensor([one.given.offset for one in batch])
    hidden_signs = torch.rand(fields["ids"].shape) < settings.unseen
    ids = fields["ids"].masked_fill(hidden_signs, 0)
    layer = (
        net["sign"](ids) + net["segment"](fields["segment"]) + net["tag"](fields["tag"]) + net["held"](fields["held"])
    )
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        functional.dropout(layer, settings.dropout), lengths, batch_first=True, enforce_sorted=False
    )
    hidden, _ = torch.nn.utils.rnn.pad_packed_sequence(net["gru"](packed)[0], batch_first=True)
    hidden = functional.dropout(hidden, settings.dropout)
    rows = torch.arange(len(batch))
    needed = torch.tensor([float(one.needed) for one in batch])
    need_loss = functional.binary_cross_entropy_with_logits(net["need"](hidden[rows, lengths - 1])[:, 0], needed)
    chosen = needed.bool()
    if not chosen.any():
        return need_loss
    positions = torch.arange(longest)
    outside = (positions < offsets[:, None]) | (positions >= lengths[:, None])
    first = torch.tensor([one.given.offset + one.first for one in batch])
    last = torch.tensor([one.given.offset + one.last for one in batch])
    places = net["place"](hidden).masked_fill(outside[..., None], -1e4)
    place_loss = functional.cross_entropy(places[chosen][..., 0], first[chosen]) + functional.cross_entropy(
        places[chosen][..., 1], last[chosen]
    )
    ends = torch.cat((hidden[rows, first], hidden[rows, last]), dim=1)
    pointed = net["span"](torch.tanh(net["seen"](hidden) + net["where"](ends)[:, None]))
    pointed = pointed.masked_fill((positions >= offsets[:, None] - 1)[..., None], -1e4)
    right = torch.zeros(len(batch), longest, 2, dtype=torch.bool)
    for number, one in enumerate(batch):
        for start, end in one.spans:
            right[number, start, 0] = right[number, end, 1] = True
    found = torch.logsumexp(pointed.masked_fill(~right, -1e4), 1) - torch.logsumexp(pointed, 1)
    span_loss = -found[chosen].sum(1).mean()
    span_end = torch.tensor([one.spans[-1][1] if one.spans else 0 for one in batch])
    joint = torch.cat((ends, hidden[rows, span_end]), dim=1)
    linked = torch.tensor([float(one.linked) for one in batch])
    link_loss = functional.binary_cross_entropy_with_logits(net["link"](joint)[chosen][:, 0], linked[chosen])
    return need_loss + place_loss + span_loss + 0.5 * link_loss


def scores_of(net: Restorer, kept: Sequence[Dialogue]) -> dict[str, float]:
    """Return the share of kept messages completed word for word, and precision, recall and F1 of restored words."""
    exact, right, made, wanted, needed = 0, 0, 0, 0, 0
    for one in kept:
        found, p = net.restore(one.earlier, one.latest, one.text)
        needed += int(p >= 0.5)
        exact += found == one.whole
        counts = restored(one.text, found, one.whole)
        right, made, wanted = right + counts[0], made + counts[1], wanted + counts[2]
    precision, recall = right / max(made, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "exact": round(exact / max(len(kept), 1), 3),
        "restored words, precision": round(precision, 3),
        "restored words, recall": round(recall, 3),
        "restored words, F1": round(f1, 3),
        "seen as lacking": round(needed / max(len(kept), 1), 3),
    }


def restored(text: str, found: str, whole: str) -> tuple[int, int, int]:
    """Count the words that a rewriting adds to a message: the right ones, all of them, and those that it should add."""
    before, after, wanted = (Counter(word for word, _ in tagged(one)) for one in (text, found, whole))
    made, missing = after - before, wanted - before
    return (made & missing).total(), made.total(), missing.total()
