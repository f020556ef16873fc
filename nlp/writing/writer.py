"""What the house asks of a language model, when the shop has one: say facts well, and choose what to look up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class WriterSilent(Exception):
    """The model did not answer, not in time, or not in a form that can be used; the message says which."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that can be looked up: its name and, in the shop's language, what it is for."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The tool a model chose, and the shopper's question as it stands alone."""

    tool: str
    question: str


class Writer(Protocol):
    """A language model. It never sees anything but what it is given here, and may only be used by what checks it.

    Used by many threads. Both methods raise `WriterSilent`.
    """

    def phrase(self, asked: str, facts: Sequence[str], said: Sequence[str]) -> Iterator[str]:
        """Say to the shopper who `asked` what the facts say, piece by piece as it is written.

        `said` is what shopper and shop said before, by turns, the shopper first or last.
        """
        ...

    def choose(self, asked: str, said: Sequence[str], tools: Sequence[Tool]) -> Choice | None:
        """Which tool would answer; None when the model sees none that does."""
        ...
