"""Labelled feelings: public sets mapped to the product's eight emotions, and texts with a polarity."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from nlp.training.corpora import OWN, Corpora, is_held_out, read_csv, read_json_lines, read_text, sentence_key
from nlp.words import fold

EMOTIONS: Final = ("angry", "anxious", "disappointed", "sad", "neutral", "satisfied", "grateful", "delighted")

_CPED: Final = {
    "anger": "angry",
    "disgust": "angry",
    "worried": "anxious",
    "fear": "anxious",
    "depress": "disappointed",
    "negative-other": "disappointed",
    "sadness": "sad",
    "neutral": "neutral",
    "relaxed": "satisfied",
    "positive-other": "satisfied",
    "grateful": "grateful",
    "happy": "delighted",
}  # astonished is left out: its sign is unclear
_WEIBO: Final = {"angry": "angry", "fear": "anxious", "sad": "sad", "neutral": "neutral", "happy": "delighted"}
_HASHTAG: Final = {
    "anger": "angry",
    "disgust": "angry",
    "fear": "anxious",
    "sadness": "sad",
    "like": "satisfied",
    "happiness": "delighted",
}
_WEIGHT: Final = {OWN: 5.0, "ewect": 1.0, "clue_emotion": 0.5, "cped": 0.25}  # how near each set is to shop chat
_SIGN_WEIGHT: Final = {OWN: 3.0, "ewect": 0.7, "conv_sentiment": 0.7, "reviews": 1.0}
_WEAK: Final = frozenset({"negative-other", "positive-other"})
_SIGN: Final = {"angry": 0, "anxious": 0, "disappointed": 0, "sad": 0, "satisfied": 1, "grateful": 1, "delighted": 1}


class Feeling(NamedTuple):
    """A folded text with the number of its class, how much it counts, and whether it is kept for scoring."""

    text: str
    label: int
    weight: float
    source: str
    held_out: bool


def emotion_rows(corpora: Corpora) -> list[Feeling]:
    """Return every text with one of the eight emotions, each text once (a doubled text keeps its first label)."""
    readers: Mapping[str, Callable[[], list[tuple[str, str, float]]]] = {
        OWN: lambda: [(row.text, row.emotion, 1.0) for row in corpora.own if not row.fine],
        "ewect": lambda: [(text, _WEIBO[label], 1.0) for text, label in weibo(corpora) if label in _WEIBO],
        "clue_emotion": lambda: [
            (text, _HASHTAG[label], 1.0) for text, label in hashtags(corpora) if label in _HASHTAG
        ],
        "cped": lambda: [
            (text, _CPED[label], 0.5 if label in _WEAK else 1.0) for text, label in drama(corpora) if label in _CPED
        ],
    }
    place = {name: number for number, name in enumerate(EMOTIONS)}
    found: dict[str, Feeling] = {}
    for source, reader in readers.items():
        if corpora.has(source):
            before = len(found)
            for text, label, weight in reader():
                key = sentence_key(text) or text
                if label in place and corpora.clean(text):
                    row = Feeling(fold(text).text, place[label], weight * _WEIGHT[source], source, is_held_out(key))
                    found.setdefault(key, row)
            corpora.note(source, len(found) - before)
    return list(found.values())


def polarity_rows(corpora: Corpora) -> list[Feeling]:
    """Return every text that praises or blames, each text once: reviews, chat fragments, own lines, Weibo."""
    readers: Mapping[str, Callable[[], list[tuple[str, int]]]] = {
        "reviews": corpora.reviews_raw,
        "conv_sentiment": lambda: chat_fragments(corpora),
        OWN: lambda: [(row.text, _SIGN[row.emotion]) for row in corpora.own if row.emotion in _SIGN and not row.fine],
        "ewect": lambda: [(text, _SIGN[_WEIBO[label]]) for text, label in weibo(corpora) if _WEIBO.get(label) in _SIGN],
    }
    found: dict[str, Feeling] = {}
    for source, reader in readers.items():
        if corpora.has(source):
            before = len(found)
            for text, label in reader():
                key = sentence_key(text) or text
                if corpora.clean(text):
                    row = Feeling(fold(text).text, label, _SIGN_WEIGHT[source], source, is_held_out(key))
                    found.setdefault(key, row)
            corpora.note(source, corpora.used.get(source, 0) + len(found) - before)
    return list(found.values())


def weibo(corpora: Corpora) -> list[tuple[str, str]]:
    """Return the EWECT posts, general and on the epidemic, with their six labels."""
    rows = []
    for name in ("usual_eval.json", "virus_eval.json", "virus_train.json"):
        rows += json.loads(read_text(corpora.file(f"ewect_emotion/{name}")))
    return [(row["content"], row["label"]) for row in rows]


def hashtags(corpora: Corpora) -> list[tuple[str, str]]:
    """Return the CLUE posts, labelled by their writers' hashtags."""
    return [(row["content"], row["label"]) for row in read_json_lines(corpora.file("clue_emotion/valid.json"))]


def drama(corpora: Corpora) -> list[tuple[str, str]]:
    """Return utterances of television dialogues with their thirteen labels."""
    return [(row["Utterance"], row["Emotion"]) for row in read_csv(corpora.file("cped_emotion/dialogues.csv"))]


def chat_fragments(corpora: Corpora) -> list[tuple[str, int]]:
    """Return chat fragments, put together again from their words, with 1 for positive."""
    rows = read_csv(corpora.file("conv_sentiment/train.txt"))
    return [(row["text"].replace(" ", ""), int(row["labels"] == "positive")) for row in rows if row["text"]]
