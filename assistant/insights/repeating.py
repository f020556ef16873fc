"""The same question a third time: a shopper whom the answers do not reach.

Two questions are the same when their wording nearly agrees (Dice coefficient of character pairs), or agrees in part and
they share an intent; and questions of one intent that were all put off with one answer are, whatever their wording.
Haggling repeats itself by nature and counts only word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assistant.insights.asking import asks
from assistant.insights.utterances import Utterance, group_of, plain

TIMES: Final = 3
NEARLY: Final = 0.6
PARTLY: Final = 0.35
_LOOKED_BACK: Final = 8  # turns; who comes back to a question after that is not going in circles
_SHORTEST: Final = 3
_CARD: Final = re.compile(r"\[[^\]]*\]|订单编?号|订单金额|下单时间|https?://\S+")  # what a client adds to the words
_ANSWER: Final = 60  # characters of an answer that are kept to compare
_SURE: Final = 0.3
_TALK: Final = frozenset({"small_talk", "praise", "human"})


@dataclass(frozen=True)
class Echo:
    """A message that a later one may repeat."""

    line: int
    turn: int
    plain: str
    intents: tuple[str, ...]
    answer: str = ""


def answered(echoes: tuple[Echo, ...], answer: str) -> tuple[Echo, ...]:
    """The messages of the last turn with the answer they got, the first one only."""
    if not echoes or echoes[-1].answer:
        return echoes
    turn = echoes[-1].turn
    return tuple(replace(one, answer=answer[:_ANSWER]) if one.turn == turn else one for one in echoes)


def echoed(echoes: tuple[Echo, ...], said: Utterance, turn: int) -> tuple[tuple[Echo, ...], tuple[int, ...]]:
    """The messages to compare with, this one added, and the lines of those that it repeats if they make a loop."""
    echo = _echo_of(said, turn)
    if echo is None:
        return echoes, ()
    recent = tuple(one for one in echoes if turn - one.turn < _LOOKED_BACK)
    before = [one for one in recent if one.turn != turn]
    same = {one.turn: one.line for one in before if says_the_same(one, echo)}
    put_off = [one for one in before if one.answer and not set(one.intents).isdisjoint(echo.intents)]
    if len(put_off) >= TIMES - 1 and all(dice(one.answer, put_off[-1].answer) >= NEARLY for one in put_off):
        same |= {one.turn: one.line for one in put_off}
    lines = (*sorted(same.values()), said.line) if len(same) + 1 >= TIMES else ()
    return (*recent, echo), lines


def says_the_same(one: Echo, other: Echo) -> bool:
    """Do two questions ask the same?"""
    return dice(one.plain, other.plain) >= (NEARLY if set(one.intents).isdisjoint(other.intents) else PARTLY)


def dice(one: str, other: str) -> float:
    """How far two texts agree in their character pairs, 0 to 1 (Dice 1945)."""
    left, right = _pairs(one), _pairs(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else float(one == other)


def _echo_of(said: Utterance, turn: int) -> Echo | None:
    words = plain(_CARD.sub("", said.text))
    if said.reading is None or len(words) < _SHORTEST or not asks(said):
        return None
    names = [intent.name for intent in said.reading.intents if intent.p >= _SURE]
    haggling = bool(said.reading.price_cues)
    matters = () if haggling else tuple(name for name in names if group_of(name) not in _TALK)
    return Echo(said.line, turn, words, matters)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(map(str.__add__, text, text[1:]))
