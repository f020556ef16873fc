"""What the gateway asks of a channel, and what a channel may use of the house: to hear, and to read what was said."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter

from assistant.parts import Assistant
from webchat.passing import Passing
from webchat.turns import Turns


@dataclass(frozen=True)
class House:
    """What a channel may use: the record and what hears and answers, and words that pass to open desks."""

    assistant: Assistant
    turns: Turns
    passing: Passing


class Channel(Protocol):
    """Another client in which shoppers write."""

    name: str

    def router(self) -> APIRouter:
        """Where the other side calls."""

    def tasks(self) -> Sequence[Awaitable[None]]:
        """What a worker does for the channel: pull what was written there, and tell what was said here."""
