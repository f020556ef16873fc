"""How a shopper's mood moves through a session: level, deepest fall, swing, and whether an answer mended it.

The level is the exponentially weighted polarity of the shopper's messages, −1 to 1. A swing is a move of `SWING` or
more that holds to the end: a session that fell and came back more than half way has not swung down. Upwards it begins
with a bad mood or ends in joy; good manners are neither. Who is angry from
the first word has no swing; the level says it. Nine transitions (how it began → how it ended) as in EST
(arXiv 2603.03327).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from assistant.insights.asking import says_nothing
from assistant.insights.cues import SAID_BAD, SAID_GOOD
from assistant.insights.exclaiming import run_in
from assistant.insights.signals import Rule
from assistant.insights.utterances import Utterance
from nlp.reading.emotion import Emotion

Swing = Literal["up", "down", "none"]

SWUNG: Final = Rule("emotion_swing", 1)
RECOVERED: Final = Rule("emotion_recovery", 1)
WEIGHT: Final = 0.5  # of the newest message in the level …
DRIFT: Final = 0.15  # … and of one that shows no feeling: a matter-of-fact message is hardly a change of mood
FULL: Final = 0.5  # intensity from which a feeling counts in full; a fainter one is often the reader's guess
SWING: Final = 0.35
BAD: Final = -0.2  # a level from which an answer has something to mend
ANGRY: Final = -0.5  # a level from which even good manners are a better mood
JOY: Final = 0.5  # a level that takes more than one glad message
MOST_POINTS: Final = 200


class Point(NamedTuple):
    """One message of the shopper on the curve: its line, its feeling and polarity, what was felt, the level after it.

    `felt` is the polarity, less for a faint feeling, half for manners and for a mood that no word tells (a trained
    head's guess), none for words that say nothing (好的, [图片]). `manners`: thanks and no more, which end good and bad
    sessions alike.
    """

    line: int
    name: str
    polarity: float
    felt: float
    level: float
    manners: bool = False


@dataclass(frozen=True)
class Feeling:
    """The curve so far, and the answer that came while the mood was bad: its line and the lowest level since."""

    curve: tuple[Point, ...] = ()
    answered: int | None = None
    lowest: float = 0.0


class Trajectory(NamedTuple):
    """The curve in figures: deepest fall, highest rise, extremes and end of the level, slope of the last four."""

    fall: float
    rise: float
    peak: float
    trough: float
    end: float
    slope: float
    sign_changes: int
    transition: str


def felt(feeling: Feeling, said: Utterance) -> tuple[Feeling, tuple[int, int] | None]:
    """The curve with a shopper's message added, and the lines (answer, message) where an answer mended the mood."""
    emotion = said.reading.emotion if said.reading is not None else None
    if emotion is None:
        return feeling, None
    manners = emotion.name == "grateful" and all(cue.kind != "praise" for cue in said.cues)
    felt = round(emotion.polarity * _weight(said, emotion, manners), 3)
    before = feeling.curve[-1].level if feeling.curve else felt
    level = round(before + (WEIGHT if felt else DRIFT) * (felt - before), 3)
    curve = (*feeling.curve, Point(said.line, emotion.name, round(emotion.polarity, 3), felt, level, manners))[
        -MOST_POINTS:
    ]
    if feeling.answered is None:
        return Feeling(curve), None
    better = felt > 0 and (not manners or feeling.lowest <= ANGRY)
    if better and level - feeling.lowest >= SWING and level > BAD:
        return Feeling(curve), (feeling.answered, said.line)
    return Feeling(curve, feeling.answered, min(feeling.lowest, level)), None


def _weight(said: Utterance, emotion: Emotion, manners: bool) -> float:
    """How far a message's feeling counts, 0 to 1."""
    if says_nothing(said):
        return 0.0
    told = SAID_GOOD if emotion.polarity > 0 else SAID_BAD
    in_words = any(cue.kind == told for cue in said.cues) or run_in(said.text) is not None
    return min(1.0, emotion.intensity / FULL) * (0.5 if manners or not in_words else 1.0)


def answered(feeling: Feeling, said: Utterance) -> Feeling:
    """The state after an answer: remembered where the mood was bad, for the next words may show that it helped."""
    if not feeling.curve or feeling.curve[-1].level > BAD:
        return feeling
    level = feeling.curve[-1].level
    lowest = level if feeling.answered is None else min(feeling.lowest, level)
    return Feeling(feeling.curve, said.line, lowest)


def swing_of(curve: Sequence[Point]) -> Swing:
    """Which way the mood swung, of the moves that hold to the end; the later one where both do."""
    if not curve:
        return "none"
    end = curve[-1].level
    fall, fell_at = _deepest([(point.level, point.felt < 0) for point in curve])
    rise, rose_at = _deepest([(-point.level, point.felt > 0) for point in curve])
    trough, peak = curve[fell_at].level, curve[rose_at].level
    fell = fall >= SWING and end <= trough + fall / 2
    lowest = min(point.level for point in curve[: rose_at + 1])
    better = lowest <= (ANGRY if curve[rose_at].manners else BAD) or peak >= JOY
    rose = rise >= SWING and end >= peak - rise / 2 and better
    if fell and rose:
        return "down" if fell_at > rose_at else "up"
    return "down" if fell else "up" if rose else "none"


def trajectory(curve: Sequence[Point]) -> Trajectory:
    """The figures of a curve that has at least one point."""
    levels = [point.level for point in curve]
    last = levels[-4:]
    signs = [sign for sign in map(_sign, (point.felt for point in curve)) if sign != "neutral"]
    return Trajectory(
        fall=_deepest([(point.level, point.felt < 0) for point in curve])[0],
        rise=_deepest([(-point.level, point.felt > 0) for point in curve])[0],
        peak=max(levels),
        trough=min(levels),
        end=levels[-1],
        slope=_slope(last),
        sign_changes=sum(one != other for one, other in pairwise(signs)),
        transition=f"{_sign(levels[0])}→{_sign(levels[-1])}",
    )


def _deepest(levels: Sequence[tuple[float, bool]]) -> tuple[float, int]:
    """(the deepest fall from an earlier level, where it ends); it ends where the flag says that it was felt."""
    high, deepest, where = levels[0][0], 0.0, 0
    for place, (level, felt_so) in enumerate(levels):
        high = max(high, level)
        if felt_so and high - level > deepest:
            deepest, where = high - level, place
    return round(deepest, 3), where


def _slope(levels: Sequence[float]) -> float:
    """Least-squares slope of the levels, a message."""
    n = len(levels)
    if n < 2:
        return 0.0
    middle, mean = (n - 1) / 2, sum(levels) / n
    top = sum((place - middle) * (level - mean) for place, level in enumerate(levels))
    return round(top / sum((place - middle) ** 2 for place in range(n)), 3)


def _sign(level: float) -> str:
    return "negative" if level <= BAD else "positive" if level >= -BAD else "neutral"
