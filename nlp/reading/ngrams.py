"""Linear classifiers over character n-grams: what a text spells, weighed and added, with numpy alone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 3  # characters in a gram

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_WHOLE: Final = (1 << 64) - 1


@lru_cache(maxsize=256)
def gram_keys(text: str) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Return the 32-bit keys of a text's 1- to 3-character grams, sorted, each once, and how often each occurs.

    The text's ends count as characters of their own. Keys are the same on every machine; that two of some hundred
    thousand grams share one is rare enough to be noise. Kept for the last texts, because several heads read one
    message: the arrays are not to be written to.
    """
    codes = np.frombuffer(f"\x02{text}\x03".encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    one = (codes + np.uint64(1)) * _STEP
    two = (one[:-1] ^ (one[:-1] >> _HALF)) * _STEP + codes[1:]
    three = (two[:-1] ^ (two[:-1] >> _HALF)) * _STEP + codes[2:]
    mixed = np.concatenate((one[1:-1], two, three)) * _MIX
    keys = np.sort(((mixed ^ (mixed >> _HALF)) * _STEP >> _HALF).astype(np.uint32))
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[first], np.diff(np.append(first, len(keys))).astype(np.float32)


def key_of(gram: str) -> int:
    """Return the key of one gram, the same that `gram_keys` gives it."""
    step, mixed = int(_STEP), 0
    for character in gram:
        mixed = (
            (mixed ^ mixed >> 32) * step + ord(character) & _WHOLE if mixed else (ord(character) + 1) * step & _WHOLE
        )
    mixed = mixed * int(_MIX) & _WHOLE
    return ((mixed ^ mixed >> 32) * step & _WHOLE) >> 32


class LinearHead(NamedTuple):
    """A trained linear classifier: known grams' keys (sorted), their rarity, and a weight for each gram and class.

    Weights are int8 with one scale a class; a text's grams are damped (1 + ln count), weighted by rarity and brought to
    length one before they are added, as in sublinear TF-IDF.
    """

    classes: tuple[str, ...]
    keys: NDArray[np.uint32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path) -> LinearHead:
        """Read a head from a `.npz` file; raises `OSError`, `ValueError` or `KeyError` if it is none."""
        with np.load(path) as stored:
            classes = tuple(stored["classes"].tobytes().decode().split("\n"))
            rarity = stored["rarity"].astype(np.float32)
            return cls(classes, stored["keys"], rarity, stored["weights"], stored["scale"], stored["bias"])

    def stored(self) -> dict[str, Any]:
        """Return the arrays that `read` reads, by name."""
        names = np.frombuffer("\n".join(self.classes).encode(), np.uint8)
        rarity = self.rarity.astype(np.float16)
        return {
            "classes": names,
            "keys": self.keys,
            "rarity": rarity,
            "weights": self.weights,
            "scale": self.scale,
            "bias": self.bias,
        }

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return one score a class for folded text; without a known gram, the bias alone."""
        keys, counts = gram_keys(text)
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == keys
        places = places[known]
        if not len(places):
            return self.bias
        values = self.rarity[places] * (np.log(counts[known]) + np.float32(1))
        values /= np.sqrt(values @ values)
        scores: NDArray[np.float32] = (values @ self.weights[places].astype(np.float32)) * self.scale + self.bias
        return scores


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn scores into probabilities that sum to one."""
    raised = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = raised / raised.sum()
    return shares
