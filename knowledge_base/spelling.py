"""What a shopper meant to type: pinyin (tuihuo, fapiao zenme kai), initials (yhq) and homophones (发漂) become words.

Only words that stand on the shelf are ever put in, and only where the shelf does not know what was typed; a shop that
sells 苹果 gives `pg` another meaning than one that sells 拼购. The most frequent word wins. Whoever calls decides
whether the corrected question found something better.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import product
from math import log

from nlp.words import fold, segment

_LONGEST_WORD = 4
_LONGEST_RUN = 40
"""Letters of pinyin that are read; longer runs are no question."""
_MOST_READINGS = 4
_LATIN = re.compile(r"[a-zü']+(?:[ '][a-zü']+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


class Speller:
    """The words of a shelf by how they sound. Never changes; asked by many threads."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        singles: Counter[str] = Counter()
        self._latin: set[str] = set()
        for text in texts:
            plain = fold(text).text
            self._latin.update(re.findall(r"[a-z]+", plain))
            for word in segment(plain):
                if _CHINESE.fullmatch(word):
                    singles.update(word)
                    if 1 < len(word) <= _LONGEST_WORD:
                        counts[word] += 1
        self._words = counts
        self._by_sound: dict[tuple[str, ...], str] = {}
        self._by_initials: dict[str, str] = {}
        for word, _ in sorted([*counts.items(), *singles.items()], key=lambda one: (-one[1], one[0])):
            for reading in _readings(word):
                self._by_sound.setdefault(reading, word)
                if len(word) > 1:
                    self._by_initials.setdefault("".join(syllable[0] for syllable in reading), word)

    def corrected(self, query: str) -> str | None:
        """The query with what the shelf does not know put into its words; None when there is nothing to change."""
        plain = fold(query).text
        # two letters alone are laughter (hh) as often as a word; within a sentence they are one (kd到哪了)
        fewest = 2 if _CHINESE.search(plain) else 3
        better = _LATIN.sub(lambda run: self._from_letters(run[0], fewest), plain)
        better = _CHINESE.sub(lambda run: self._from_sound(run[0]), better)
        return better if better != plain else None

    def _from_letters(self, run: str, fewest: int) -> str:
        """A run of Latin letters in Chinese words; unchanged when the shelf knows it or it is no pinyin."""
        letters = re.sub(r"[ ']", "", run).replace("ü", "v")
        if (
            len(letters) < 2
            or len(letters) > _LONGEST_RUN
            or all(part in self._latin for part in re.split("[ ']", run))
        ):
            return run
        syllables = _syllables_of(letters)
        told = self._told(syllables) if syllables else None
        return told or (self._spelt(letters) if len(letters) >= fewest else None) or run

    def _told(self, syllables: tuple[str, ...]) -> str | None:
        """The best words for a row of syllables: few and frequent ones; None when some syllable has no word."""
        best: list[tuple[float, str] | None] = [(0.0, "")]
        for end in range(1, len(syllables) + 1):
            found: tuple[float, str] | None = None
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, word = best[start], self._by_sound.get(syllables[start:end])
                if before is None or word is None:
                    continue
                score = before[0] + log(1 + self._words.get(word, 0)) - 8
                if found is None or score > found[0]:
                    found = (score, before[1] + word)
            best.append(found)
        last = best[-1]
        return last[1] if last else None

    def _spelt(self, letters: str) -> str | None:
        """The words whose initials a run consists of, longest first; None unless all of it is used up."""
        if len(letters) > 2 * _LONGEST_WORD:
            return None
        words: list[str] = []
        while letters:
            for length in range(min(_LONGEST_WORD, len(letters)), 1, -1):
                word = self._by_initials.get(letters[:length])
                if word is not None and len(letters) - length != 1:
                    words.append(word)
                    letters = letters[length:]
                    break
            else:
                return None
        return "".join(words)

    def _from_sound(self, run: str) -> str:
        """A Chinese run in which words that the shelf lacks are replaced by its word of the same sound."""
        borders = [0]
        for word in segment(run):
            borders.append(borders[-1] + len(word))
        if borders[-1] != len(run):
            return run
        place = 0
        told = ""
        while place < len(borders) - 1:
            for last in range(min(len(borders) - 1, place + _LONGEST_WORD), place, -1):
                meant = self._sounds_like(run[borders[place] : borders[last]])
                if meant:
                    told += meant
                    place = last
                    break
            else:
                told += run[borders[place] : borders[place + 1]]
                place += 1
        return told

    def _sounds_like(self, typed: str) -> str | None:
        """A word of the shelf that sounds like what was typed and shares a character with it."""
        if typed in self._words or not 1 < len(typed) <= _LONGEST_WORD:
            return None
        for reading in _readings(typed):
            word = self._by_sound.get(reading)
            if word is not None and len(word) == len(typed) and set(word) & set(typed):
                return word
        return None


def spelt_at(text: str, letters: str) -> int | None:
    """Where characters begin whose initials (tk) or whole sounds (tuikuan) are these letters; None where nowhere."""
    sounds = _sounds()
    said = [sounds.get(character, (character,)) for character in fold(text).text]
    return next((at for at in range(len(said)) if _spells(said[at:], letters)), None)


def _spells(said: list[tuple[str, ...]], letters: str) -> bool:
    """Do the letters begin with what the first character may be spelt by, and go on with the rest?"""
    if not letters:
        return True
    if not said:
        return False
    spellings = {spelling for sound in said[0] for spelling in (sound[0], sound)}
    whole = any(letters.startswith(one) and _spells(said[1:], letters[len(one) :]) for one in spellings)
    # the last sound may not be typed to its end yet
    return whole or any(sound.startswith(letters) for sound in said[0])


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    """The readings of each character."""
    found: dict[str, tuple[str, ...]] = {}
    for line in resources.files("knowledge_base").joinpath("syllables.tsv").read_text("utf-8").splitlines():
        syllable, tab, characters = line.partition("\t")
        if tab:
            for character in characters:
                found[character] = (*found.get(character, ()), syllable)
    return found


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(syllable for readings in _sounds().values() for syllable in readings)


def _readings(word: str) -> list[tuple[str, ...]]:
    """The ways to read a word, none when a character is unknown; at most a few."""
    sounds = _sounds()
    each = [sounds.get(character, ()) for character in word]
    if not all(each):
        return []
    readings = []
    for reading in product(*each):
        readings.append(reading)
        if len(readings) == _MOST_READINGS:
            break
    return readings


def _syllables_of(letters: str) -> tuple[str, ...] | None:
    """A run of letters cut into syllables, as few as possible; None when it is no pinyin."""
    known = _known_syllables()
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(letters) + 1):
        found: tuple[str, ...] | None = None
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is not None and letters[start:end] in known and (found is None or len(before) + 1 < len(found)):
                found = (*before, letters[start:end])
        best.append(found)
    return best[-1]
