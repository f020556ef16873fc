"""The same question a third time: a shopper whom the answers do not reach.

Two questions are the same when their wording nearly agrees (Dice coefficient of character pairs), or agrees in part and
they share an intent; akin questions that were all put off with one answer are, too. And whoever gets the same words
back in three turns running is in a loop, whatever was asked. Haggling repeats itself by nature and counts word for word
only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assistant.insights.utterances import Utterance, group_of, plain

TIMES: Final = 3
NEARLY: Final = 0.6
PARTLY: Final = 0.35
SAME: Final = 0.9
_LOOKED_BACK: Final = 8  # turns; who comes back to a question after that is not going in circles
_SHORTEST: Final = 3
_CARD: Final = re.compile(r"\[[^\]]*\]|订单编?号|订单金额|下单时间|https?://\S+")  # what a client adds to the words
_PUT_OFF: Final = 5  # characters from which an answer given again puts off; 不会的 answers many questions well
_ANSWER: Final = 60  # characters of an answer that are kept to compare
_SURE: Final = 0.3
_TALK: Final = frozenset({"small_talk", "praise", "human"})


@dataclass(frozen=True)
class Echo:
    """A message that a later one may repeat; `asks` whether it is a question, `answer` what came back first."""

    line: int
    turn: int
    plain: str
    intents: tuple[str, ...]
    asks: bool
    answer: str = ""


def echoed(
    echoes: tuple[Echo, ...], said: Utterance, turn: int, *, asks: bool
) -> tuple[tuple[Echo, ...], tuple[int, ...]]:
    """The messages to compare with, this one added, and the lines of those that it repeats if they make a loop."""
    echo = _echo_of(said, turn, asks)
    if echo is None:
        return echoes, ()
    recent = tuple(one for one in echoes if turn - one.turn < _LOOKED_BACK)
    if not asks:
        return (*recent, echo), ()
    before = [one for one in recent if one.turn != turn and one.asks]
    same = {one.turn: one.line for one in before if says_the_same(one, echo)}
    put_off = [one for one in before if one.answer and _is_akin(one, echo)]
    if len(put_off) >= TIMES - 1 and all(dice(one.answer, put_off[-1].answer) >= NEARLY for one in put_off):
        same |= {one.turn: one.line for one in put_off}
    lines = (*sorted(same.values()), said.line) if len(same) + 1 >= TIMES else ()
    return (*recent, echo), lines


def answered(echoes: tuple[Echo, ...], answer: str) -> tuple[tuple[Echo, ...], tuple[int, ...]]:
    """The messages of the last turn with the answer they got, the first one only.

    The lines are those of the last three turns if all three were answered with the same words.
    """
    if not echoes or echoes[-1].answer or len(answer) < _PUT_OFF:
        return echoes, ()
    turn = echoes[-1].turn
    known = tuple(replace(one, answer=answer[:_ANSWER]) if one.turn == turn else one for one in echoes)
    turns = {one.turn: one for one in known}
    last = [turns[at] for at in sorted(turns)[-TIMES:]]
    if len(last) < TIMES or any(dice(one.answer, answer[:_ANSWER]) < SAME for one in last):
        return known, ()
    return known, tuple(one.line for one in last)


def says_the_same(one: Echo, other: Echo) -> bool:
    """Do two questions ask the same?"""
    return dice(one.plain, other.plain) >= (NEARLY if set(one.intents).isdisjoint(other.intents) else PARTLY)


def dice(one: str, other: str) -> float:
    """How far two texts agree in their character pairs, 0 to 1 (Dice 1945)."""
    left, right = _pairs(one), _pairs(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else float(one == other)


def _is_akin(one: Echo, other: Echo) -> bool:
    """Do two questions share an intent or part of their wording?"""
    return not set(one.intents).isdisjoint(other.intents) or dice(one.plain, other.plain) >= PARTLY


def _echo_of(said: Utterance, turn: int, asks: bool) -> Echo | None:
    words = plain(_CARD.sub("", said.folded))
    if said.reading is None or len(words) < _SHORTEST:
        return None
    names = [intent.name for intent in said.reading.intents if intent.p >= _SURE]
    if names and all(group_of(name) in _TALK for name in names):
        return None
    haggling = bool(said.reading.price_cues)
    matters = () if haggling else tuple(name for name in names if group_of(name) not in _TALK)
    return Echo(said.line, turn, words, matters, asks)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(map(str.__add__, text, text[1:]))
