"""News between processes: the doorbell says *that* a conversation has news, the record says *what*."""

from collections.abc import Callable
from typing import Protocol

OnRing = Callable[[str | None], None]  # a conversation, or None: anything may have happened, look everywhere
OnWord = Callable[[str], None]  # something fleeting, as `passing` writes it


class Doorbell(Protocol):
    """Rings in every process. A lost ring costs a delay until the next sweep, never a wrong conversation."""

    sweep_every: float  # seconds between looks at the record for rings that were lost

    async def ring(self, conversation: str) -> None:
        """Tell the other processes; never raises."""

    async def pass_on(self, word: str) -> None:
        """Tell the other processes something that may be lost: who is typing, who is looking; never raises."""

    async def listen(self, on_ring: OnRing, on_word: OnWord) -> None:
        """Call `on_ring` for every ring of another process and `on_word` for every word, until cancelled."""

    async def answers(self) -> bool:
        """Does the doorbell work?"""

    async def close(self) -> None:
        """Let go of connections."""


class LocalDoorbell:
    """One process does everything: nobody else is there to hear."""

    sweep_every = 20.0

    async def ring(self, conversation: str) -> None:
        """Nothing to do: this process hands its own news over directly."""

    async def pass_on(self, word: str) -> None:
        """Nobody else is there."""

    async def listen(self, on_ring: OnRing, on_word: OnWord) -> None:
        """Nothing will ever be heard."""

    async def answers(self) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Nothing is held."""
