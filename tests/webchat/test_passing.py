"""What passes between processes and is never kept."""

import asyncio

import msgspec

from webchat.live import LocalDoorbell
from webchat.passing import Passing, Word


class Bell(LocalDoorbell):
    """A doorbell that remembers what it was to pass on."""

    def __init__(self) -> None:
        self.words: list[str] = []

    async def pass_on(self, word: str) -> None:
        self.words.append(word)


async def test_a_word_is_heard_here_at_once_and_there_as_it_was_said() -> None:
    here, there, bell = [], [], Bell()
    passing, other = Passing(bell), Passing(LocalDoorbell())
    passing.on_word.append(here.append)
    other.on_word.append(there.append)
    word = Word("read", "c", "ann", "c:1", 7)
    passing.say(word)
    assert here == [word]
    await asyncio.sleep(0)
    (text,) = bell.words
    other.heard(text)
    assert there == [word]


async def test_a_word_of_a_newer_version_is_let_go() -> None:
    heard: list[Word] = []
    passing = Passing(LocalDoorbell())
    passing.on_word.append(heard.append)
    for text in ('{"kind":"waving","conversation":"c","who":"ann"}', "not json", "{}"):
        passing.heard(text)
    assert heard == []
    known = msgspec.json.encode({"kind": "typing", "conversation": "c", "who": "ann", "new": 1}).decode()
    passing.heard(known)
    assert heard == [Word("typing", "c", "ann")]
