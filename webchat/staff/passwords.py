"""Is this the password? Answered off the event loop, as slowly for a name that nobody has."""

import asyncio
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

from webchat.limits import Bucket

if TYPE_CHECKING:
    from pwdlib import PasswordHash

AT_ONCE = 2
"""Passwords checked at the same time: each takes 64 MiB and a twentieth of a second of a core."""
LONGEST_PASSWORD = 200
PER_LOGIN = (1 / 20, 6)  # failures a second on average, and at once
PER_ADDRESS = (1 / 3, 30)
REMEMBERED = 10_000


class Passwords:
    """Checks passwords, and counts failures."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._failures: OrderedDict[str, Bucket] = OrderedDict()

    async def right(self, password: str, stored: str | None) -> bool:
        """Does the password fit what is stored? None, for an unknown name, takes the same time to be wrong."""
        async with self._turn:
            return await asyncio.to_thread(self._verify, password, stored)

    def wait(self, login: str, address: str, now: float) -> float:
        """Seconds to wait before the next try; 0 books the try, and `forgive` gives it back when it was right."""
        named, from_there = self._bucket(f"l {login}", PER_LOGIN), self._bucket(f"a {address}", PER_ADDRESS)
        if wait := named.take(now):
            return wait
        if wait := from_there.take(now):
            named.level += 1
        return wait

    def forgive(self, login: str, address: str) -> None:
        """The try that was booked was right."""
        for key, (_, burst) in ((f"l {login}", PER_LOGIN), (f"a {address}", PER_ADDRESS)):
            if (bucket := self._failures.get(key)) is not None:
                bucket.level = min(float(burst), bucket.level + 1)

    def _bucket(self, key: str, limit: tuple[float, int]) -> Bucket:
        bucket = self._failures.setdefault(key, Bucket(*limit))
        self._failures.move_to_end(key)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
        return bucket

    def _verify(self, password: str, stored: str | None) -> bool:
        if len(password) > LONGEST_PASSWORD:
            password, stored = password[:LONGEST_PASSWORD], None
        from pwdlib.exceptions import UnknownHashError

        try:
            fits = self._hasher.verify(password, stored or self._nobodys)
        except UnknownHashError:
            return False
        return fits and stored is not None

    @cached_property
    def _hasher(self) -> "PasswordHash":
        from pwdlib import PasswordHash

        return PasswordHash.recommended()

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody signs in with this")
