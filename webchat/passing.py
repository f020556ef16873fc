"""What passes and is never kept: who is typing, who is looking, how far somebody has read."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

import msgspec

from webchat.live import Doorbell

log = logging.getLogger(__name__)


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something fleeting about a conversation. `who` is "shopper" or a log-in.

    typing, read (up to `seq`): to the other side. looking, left: an agent has `session` open, or no more. noted: agents
    wrote something that the log does not hold.
    """

    kind: Literal["typing", "read", "looking", "left", "noted"]
    conversation: str
    who: str
    session: str = ""
    seq: int = 0
    serves: bool = False  # it is the word of whoever serves the session


class Passing:
    """Hands words to whoever of this process listens, and to the other processes."""

    def __init__(self, bell: Doorbell):
        self._bell = bell
        self.on_word: list[Callable[[Word], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, word: Word) -> None:
        """Pass a word on."""
        self._deliver(word)
        task = asyncio.ensure_future(self._bell.pass_on(msgspec.json.encode(word).decode()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def heard(self, text: str) -> None:
        """A word of another process; one that a newer version wrote may mean nothing here."""
        try:
            word = msgspec.json.decode(text, type=Word)
        except msgspec.DecodeError:
            log.warning("a word of another process was not understood")
            return
        self._deliver(word)

    def _deliver(self, word: Word) -> None:
        for tell in self.on_word:
            tell(word)
