"""A small trained net that restores what a message leaves out: one span of what was said goes into one place of it.

你觉得她可爱么, after 夏千淯, becomes 你觉得夏千淯可爱么. The net reads both earlier utterances and the message as
characters (two layers of bidirectional GRU, with numpy alone), points at the place in the message and at the span to
copy, and says whether anything is missing at all. After Liu et al. 2020 (rewriting as
editing, arXiv 2009.13166), with one edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.trained import path_of
from nlp.words import tagged

WEIGHTS: Final = "rewriting/model.npz"
LONGEST: Final = (60, 60, 50)  # characters of the earlier, the latest utterance and the message that are looked at
LONGEST_SPAN: Final = 16
LONGEST_CUT: Final = 8  # characters of the message that a span may replace
BETWEEN, END = "\x01", "\x02"

# Word classes by the segmenter's tag, coarse; each character also knows whether it begins its word.
_CLASSES: Final = {
    "r": 1, "n": 2, "nr": 3, "nz": 3, "ns": 3, "nt": 3, "nrt": 3, "eng": 3, "v": 4, "vn": 4, "a": 5, "d": 6, "y": 7,
    "u": 8, "uj": 8, "ul": 8, "m": 9, "q": 9, "p": 10, "c": 10, "t": 11, "f": 11,
}  # fmt: skip
TAGS: Final = 2 * (max(_CLASSES.values()) + 1)

Floats = NDArray[np.float32]


class Utterances(NamedTuple):
    """What the net reads: the characters, and for each its id, utterance, word tag and which utterances hold it."""

    signs: str
    ids: NDArray[np.intp]
    segment: NDArray[np.intp]
    tag: NDArray[np.intp]
    held: NDArray[np.intp]
    offset: int  # where the message begins


def prepared(earlier: str, latest: str, text: str, vocabulary: Mapping[str, int]) -> Utterances:
    """Put two earlier utterances and the message into the net's form; the beginnings of long ones are kept."""
    parts = [part[:most] for part, most in zip((earlier, latest, text), LONGEST, strict=True)]
    signs = f"{parts[0]}{BETWEEN}{parts[1]}{BETWEEN}{parts[2]}{END}"
    segment = [number for number, part in enumerate(parts) for _ in range(len(part) + 1)]
    tag = [code for part in parts for code in (*_tags(part), 0)]
    sets = [set(part) for part in parts]
    held = [sum(1 << number for number, found in enumerate(sets) if sign in found) for sign in signs]
    return Utterances(
        signs,
        np.array([vocabulary.get(sign, 0) for sign in signs]),
        np.array(segment),
        np.array(tag),
        np.array(held),
        len(signs) - len(parts[2]) - 1,
    )


def _tags(part: str) -> list[int]:
    """Return each character's class of word, odd where a word begins."""
    codes: list[int] = []
    for word, name in tagged(part):
        code = 2 * _CLASSES.get(name, 0)
        codes += [code + 1, *[code] * (len(word) - 1)]
    return (codes + [0] * len(part))[: len(part)]


class Restorer:
    """The net, read-only and safe to use from several threads."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        signs = weights["vocabulary"].tobytes().decode()
        self._vocabulary = {sign: number for number, sign in enumerate(signs, 1)}
        self._weights = {name: array.astype(np.float32) for name, array in weights.items() if name != "vocabulary"}

    @classmethod
    def read(cls, path: Path) -> Restorer:
        """Read a net from a `.npz` file; raises `OSError`, `ValueError` or `KeyError` if it is none."""
        with np.load(path) as stored:
            return cls({name: stored[name] for name in stored.files})

    @classmethod
    @cache
    def shipped(cls) -> Restorer:
        """Return the net that the product ships; raises `nlp.trained.SpoiltWeights`."""
        return cls.read(path_of(WEIGHTS))

    def restore(self, earlier: str, latest: str, text: str) -> tuple[str, float]:
        """Return the message with its missing span, and how likely it is that one was missing (0 to 1)."""
        given = prepared(earlier, latest, text, self._vocabulary)
        hidden = self._hidden(given)
        w = self._weights
        message = hidden[given.offset :]
        needed = 1 / (1 + np.exp(-float(hidden[-1] @ w["need.weight"][0] + w["need.bias"][0])))
        starts, ends = _log_softmax(message @ w["place.weight"].T + w["place.bias"]).T
        context = hidden[: given.offset - 1]
        at_context = context @ w["seen.weight"].T + w["seen.bias"]
        allowed = np.array([sign != BETWEEN for sign in given.signs[: given.offset - 1]])
        best = (-np.inf, text)
        for score, first, last in _places(starts, ends):
            at_place = np.concatenate((message[first], message[last])) @ w["where.weight"].T
            pointed = np.tanh(at_context + at_place) @ w["span.weight"].T + w["span.bias"]
            span_score, start, end = _span(_log_softmax(pointed), allowed)
            if score + span_score > best[0]:
                joint = np.concatenate((message[first], message[last], hidden[end]))
                linked = float(joint @ w["link.weight"][0] + w["link.bias"][0]) > 0
                span = given.signs[start : end + 1] + ("的" if linked else "")
                best = (score + span_score, text[:first] + span + text[last:])
        return best[1], needed

    def _hidden(self, given: Utterances) -> Floats:
        """Return one vector a character."""
        w = self._weights
        layer = (
            w["sign.weight"][given.ids]
            + w["segment.weight"][given.segment]
            + w["tag.weight"][given.tag]
            + w["held.weight"][given.held]
        )
        for number in range(2):
            layer = self._gru(layer, number)
        return layer

    def _gru(self, layer: Floats, number: int) -> Floats:
        """Run one bidirectional layer (gates as in PyTorch: reset, update, new)."""
        w, length = self._weights, len(layer)
        names = [f"gru.{{}}_l{number}", f"gru.{{}}_l{number}_reverse"]
        gates = np.stack([layer @ w[name.format("weight_ih")].T + w[name.format("bias_ih")] for name in names])
        gates[1] = gates[1, ::-1]
        recurrent = np.stack([w[name.format("weight_hh")].T for name in names])
        bias = np.stack([w[name.format("bias_hh")] for name in names])
        size = recurrent.shape[1]
        state = np.zeros((2, size), np.float32)
        out = np.empty((2, length, size), np.float32)
        for step in range(length):
            inner = (state[:, None] @ recurrent)[:, 0] + bias
            opened = 1 / (1 + np.exp(-(gates[:, step, : 2 * size] + inner[:, : 2 * size])))
            fresh = np.tanh(gates[:, step, 2 * size :] + opened[:, :size] * inner[:, 2 * size :])
            update = opened[:, size:]
            state = fresh + update * (state - fresh)
            out[:, step] = state
        return np.concatenate((out[0], out[1, ::-1]), axis=1)


def _log_softmax(scores: Floats) -> Floats:
    """Return log-probabilities over the first axis."""
    shifted = scores - scores.max(axis=0)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=0))
    return result


def _places(starts: Floats, ends: Floats, most: int = 3) -> list[tuple[float, int, int]]:
    """Return the likeliest places: score, first character that is replaced, first that is kept again."""
    scored = [
        (float(starts[first] + ends[last]), first, last)
        for first in range(len(starts))
        for last in range(first, min(first + LONGEST_CUT + 1, len(ends)))
    ]
    return sorted(scored, reverse=True)[:most]


def _span(scores: Floats, allowed: NDArray[np.bool_]) -> tuple[float, int, int]:
    """Return the likeliest span to copy: score, first and last character; it stays within one utterance."""
    best = (-np.inf, 0, 0)
    for start in np.flatnonzero(allowed & (scores[:, 0] > -8)).tolist():
        for end in range(start, min(start + LONGEST_SPAN, len(scores))):
            if not allowed[end]:
                break
            score = float(scores[start, 0] + scores[end, 1])
            if score > best[0]:
                best = (score, start, end)
    return best
