"""Which words go out in which message: five for each of the shopper's, at most three of them the bot's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["bot", "notice", "agent"]

MOST = 5
MOST_OF_BOT = 3
"""Two are kept for what the bot cannot know: that a person joined, or what a person says."""
LONGEST = 2_048
"""Bytes of one text message."""


@dataclass(frozen=True)
class Piece:
    """Something that was said, in its place."""

    kind: Kind
    text: str
    seq: int


@dataclass(frozen=True)
class Plan:
    """Messages to send, each with the last entry it holds, and what found no room."""

    messages: tuple[Piece, ...]
    left_out: tuple[Piece, ...]


def plan(pieces: Sequence[Piece], told: int, told_by_bot: int) -> Plan:
    """Put pieces into as few messages as are allowed after so many were sent; what finds no room is said to be so.

    What the bot says in one go is one message. Where no further message is allowed, words are put onto the last one.
    """
    messages: list[Piece] = []
    left_out: list[Piece] = []
    of_bot = told_by_bot
    for piece in pieces:
        last = messages[-1] if messages else None
        has_room = told + len(messages) < MOST and (piece.kind != "bot" or of_bot < MOST_OF_BOT)
        joins = last is not None and _fits(last, piece) and (piece.kind == last.kind == "bot" or not has_room)
        if joins and last is not None:
            messages[-1] = Piece(last.kind, f"{last.text}\n{piece.text}", piece.seq)
        elif has_room:
            messages.append(Piece(piece.kind, clipped(piece.text), piece.seq))
            of_bot += piece.kind == "bot"
        else:
            left_out.append(piece)
    return Plan(tuple(messages), tuple(left_out))


def _fits(last: Piece, piece: Piece) -> bool:
    return len(f"{last.text}\n{piece.text}".encode()) <= LONGEST


def clipped(text: str) -> str:
    """The text as far as one message holds it."""
    if len(text.encode()) <= LONGEST:
        return text
    return text.encode()[: LONGEST - 3].decode(errors="ignore") + "…"
