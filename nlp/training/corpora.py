"""The texts that training may read: where they came from, under which licence, and what must never be among them.

Every reader drops personal numbers and every sentence of an evaluation set before anything is counted, so the
vocabulary itself has never seen a sentence that scores are taken on. `Corpora` is bound to one data folder and one
choice of sources.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

from nlp.words import fold

HELD_OUT_SHARE: Final = 10  # one labelled text in ten, chosen by its own hash, is never trained on

_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LONG_NUMBER = re.compile(r"\d{7,}[\dxX]?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_HANDLE = re.compile(r"@[\w\-一-鿿]+")
_MASK = re.compile(
    r"\[(?:数字|姓名|站点|地址|订单|电话|日期|时间|金额|组织机构|邮箱|用户|ORDERID|USERID)[^\[\]]{0,12}\]|#E-\w+"
)
_NOT_WORD = re.compile(r"[\W_]+")


class UnusableData(Exception):
    """The data folder lacks a file that training needs; the message names it in Chinese."""


@dataclass(frozen=True)
class Source:
    """One origin of training text, as the model card lists it."""

    name: str
    origin: str
    licence: str
    folder: str


OWN: Final = "own"
FINE: Final = "faq.tsv"
SOURCES: Final = (
    Source(OWN, "this project (nlp/training/corpus)", "Apache-2.0", ""),
    Source("cic", "CLUEbenchmark/DataCLUE, CIC train and dev", "none stated", "cic_buyer_intents"),
    Source("atec", "lqfeng/NLPDataset, liuaiting/ATEC", "Apache-2.0 on one copy", "pairs"),
    Source("simclue", "CLUEbenchmark/SimCLUE", "none stated", "pairs"),
    Source("qbqtc", "CLUEbenchmark/QBQTC", "none stated", "pairs"),
    Source("uss_jddc", "smartyfh/ASAP", "MIT", "uss_jddc"),
    Source("jddc", "EndlessLethe/jddc2019-3th-retrieve-model, SimonJYang/JDDC-Baseline-Seq2Seq", "none stated", "jddc"),
    Source("queries", "Alibaba-NLP/Multi-CPR (e-commerce queries)", "none stated", "taobao_queries"),
    Source("reviews", "SophonPlus/ChineseNlpCorpus copies", "none stated", "shop_reviews"),
    Source("titles", "allanj/ner_incomplete_annotation", "none stated", "product_ner"),
    Source("cped", "scutcyr/CPED", "Apache-2.0", "cped_emotion"),
    Source("ewect", "BrownSweater (SMP2020-EWECT)", "none stated", "ewect_emotion"),
    Source("clue_emotion", "CLUEbenchmark/CLUEmotionAnalysis2020", "none stated", "clue_emotion"),
    Source("conv_sentiment", "z17176/Chinese_conversation_sentiment", "none stated", "conv_sentiment"),
    Source("utterance_rewrite", "chin-gyou/dialogue-utterance-rewriter", "none stated", "utterance_rewrite"),
)
SOURCE_NAMES: Final = tuple(source.name for source in SOURCES)


@dataclass(frozen=True)
class OwnRow:
    """One line of the project's own corpus."""

    question: str
    intents: tuple[str, ...]
    text: str
    emotion: str
    urgency: str
    cues: str
    file: str

    @property
    def fine(self) -> bool:
        """Does its question stand for one answer of a shop, where the questions of other files stand for a theme?"""
        return self.file == FINE


@dataclass(frozen=True)
class IntentName:
    """One row of the intent table: its name, its Chinese label and, where there is one, its number in CIC."""

    name: str
    label: str
    group: str
    cic: int | None


def scrub(text: str) -> str:
    """Return the text without phone numbers, long numbers, mail addresses, handles and masks left by anonymisers."""
    for pattern in (_MAIL, _PHONE, _LONG_NUMBER, _HANDLE, _MASK):
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def sentence_key(text: str) -> str:
    """Return the form in which two texts count as the same sentence: folded, without spaces and punctuation."""
    return _NOT_WORD.sub("", fold(text).text)


def is_held_out(key: str) -> bool:
    """Tell from the sentence key alone whether a labelled text is kept for scoring (the same on every machine)."""
    return zlib.crc32(key.encode()) % HELD_OUT_SHARE == 0


def intent_names() -> list[IntentName]:
    """Read the intent table that is shipped with the lexicons, in its order."""
    text = resources.files("nlp").joinpath("lexicons/intents.tsv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        IntentName(row["name"], row["label"], row["group"], int(row["cic"]) if row["cic"] else None) for row in rows
    ]


def own_corpus() -> list[OwnRow]:
    """Read every line of the project's own corpus, files in name order, doubled texts kept once per question."""
    found: dict[tuple[str, str], OwnRow] = {}
    folder = resources.files("nlp").joinpath("training/corpus")
    for file in sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".tsv")), key=lambda entry: entry.name
    ):
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row.get("question") and row.get("text") and row.get("intents"):
                intents = tuple(name for name in row["intents"].split(";") if name)
                own = OwnRow(
                    row["question"],
                    intents,
                    row["text"],
                    row.get("emotion") or "",
                    row.get("urgency") or "",
                    row.get("cues") or "",
                    file.name,
                )
                found.setdefault((own.question, sentence_key(own.text)), own)
    return list(found.values())


@dataclass
class Corpora:
    """The sources of one data folder, less those left out, with all evaluation sentences removed.

    Raises `UnusableData` when a file of a source in use is missing, `ValueError` for a source name nobody knows.
    """

    data: Path
    without: Collection[str] = ()
    keep_apart: bool = False  # leave a tenth of the own corpus out, to calibrate on
    used: dict[str, int] = field(default_factory=dict)  # source → rows read from it, for the card

    def __post_init__(self) -> None:
        unknown = sorted(set(self.without) - set(SOURCE_NAMES))
        if unknown:
            raise ValueError(f"没有名为 {'、'.join(unknown)} 的数据来源，可选：{'、'.join(SOURCE_NAMES)}")

    def has(self, source: str) -> bool:
        """Tell whether a source takes part."""
        return source not in self.without

    def note(self, source: str, rows: int) -> None:
        """Remember how many rows of a source one training run used."""
        self.used[source] = rows

    # --- what must never be trained on -------------------------------------------------------------------------------

    @cached_property
    def evaluation(self) -> frozenset[str]:
        """The keys of every sentence in every evaluation set that lies in the data folder."""
        texts: list[str] = []
        academic = self.data / "pairs_academic"
        for path in sorted(academic.iterdir()) if academic.is_dir() else ():
            if path.name == "README.md":
                continue
            for line in read_lines(path):
                texts += line.split("," if ".csv" in path.name else "\t")[:2]
        clean = self.data / "cic_buyer_intents/clean_eval.json"
        texts += [row["sentence"] for row in read_json_lines(clean)] if clean.exists() else []
        for name in ("train_sample.csv", "dev_sample.csv"):
            path = self.data / "meituan_aspects" / name
            texts += [row["reviewbody"] for row in read_csv(path)] if path.exists() else []
        return frozenset(key for key in map(sentence_key, texts) if len(key) > 1)

    def allowed(self, text: str) -> bool:
        """Tell whether a text may be trained on: it says something, and stands in no evaluation set."""
        key = sentence_key(text)
        return bool(key) and key not in self.evaluation

    def clean(self, text: str) -> bool:
        """Tell whether a text may be trained on although it may be nothing but signs (！！！ says something)."""
        return bool(text.strip()) and sentence_key(text) not in self.evaluation

    def usable(self, rows: Iterable[tuple[str, ...]], texts: int) -> list[tuple[str, ...]]:
        """Scrub the first `texts` fields of each row and keep the rows whose texts are all allowed."""
        kept = []
        for row in rows:
            scrubbed = tuple(scrub(value) for value in row[:texts])
            if all(self.allowed(value) for value in scrubbed):
                kept.append(scrubbed + row[texts:])
        return kept

    def file(self, path: str) -> Path:
        """Return a file of the data folder, plain or gzipped."""
        for candidate in (self.data / path, self.data / f"{path}.gz"):
            if candidate.exists():
                return candidate
        raise UnusableData(f"数据目录 {self.data} 里缺少 {path}，可用 --without 去掉相应来源")

    # --- sources ------------------------------------------------------------------------------------------------------

    @cached_property
    def own(self) -> list[OwnRow]:
        """The project's own corpus, less lines that repeat an evaluation sentence."""
        rows = [row for row in own_corpus() if self.allowed(row.text)] if self.has(OWN) else []
        if self.keep_apart:
            rows = [row for row in rows if not is_held_out(sentence_key(row.text))]
        return [
            OwnRow(row.question, row.intents, scrub(row.text), row.emotion, row.urgency, row.cues, row.file)
            for row in rows
        ]

    @cached_property
    def cic(self) -> list[tuple[str, int, str]]:
        """Return the buyers' sentences with their (noisy) label number and the part ("train", "dev") they came from."""
        if not self.has("cic"):
            return []
        rows = [
            (row["sentence"], row["label"], part)
            for part in ("train", "dev")
            for row in read_json_lines(self.file(f"cic_buyer_intents/{part}.json"))
        ]
        return [(text, int(label), part) for text, label, part in self.usable(rows, 1)]

    def unlabelled(self) -> Iterator[str]:
        """Yield shop text without labels, which decides only what enters the vocabulary and how rare each term is."""
        readers: Mapping[str, Callable[[], Iterable[str]]] = {
            "queries": lambda: (
                line.partition("\t")[2] for line in read_lines(self.file("taobao_queries/train.query.txt"))
            ),
            "reviews": lambda: (text for text, _ in self.reviews_raw()),
            "titles": self._titles,
            "jddc": lambda: (line.rpartition("\t")[2] for line in read_lines(self.file("jddc/sessions.tsv"))),
        }
        for source, reader in readers.items():
            if self.has(source):
                count = 0
                for (text,) in self.usable(((line,) for line in reader()), 1):
                    count += 1
                    yield text
                self.note(source, count)

    def reviews_raw(self) -> list[tuple[str, int]]:
        """Return every product and take-away review with 1 for praise and 0 for blame, as the files have them."""
        rows = [
            *read_csv(self.file("shop_reviews/online_shopping.csv")),
            *read_csv(self.file("shop_reviews/waimai.csv")),
        ]
        return [(row["review"], int(row["label"])) for row in rows if row["review"] and row["label"] in ("0", "1")]

    def _titles(self) -> Iterator[str]:
        """Yield the product titles of the named-entity set, put together again from one character a line."""
        for part in ("train.txt", "dev.txt"):
            title: list[str] = []
            for line in [*read_lines(self.file(f"product_ner/{part}")), ""]:
                if line.strip():
                    title.append(line.split(" ")[0])
                elif title:
                    yield "".join(title)
                    title = []


def read_text(path: Path) -> str:
    """Return a file's text, unpacked if gzipped, without a byte order mark."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig", errors="replace")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file; only real line ends count, because chat text holds other separators."""
    return read_text(path).replace("\r\n", "\n").rstrip("\n").split("\n")


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file with one JSON object a line."""
    return [json.loads(line) for line in read_lines(path) if line.strip()]


def read_csv(path: Path) -> Sequence[Mapping[str, str]]:
    """Return the rows of a CSV file with a header."""
    return list(csv.DictReader(io.StringIO(read_text(path))))
