"""A record whose commits happen when the play says so, in any order, or not at all: a worker that dies, a crash."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa

from crm_core.database import Database, Tx
from crm_core.privacy.fields import FieldKeys

T = TypeVar("T")


class Crash(Exception):
    """The process died in the middle of a commit."""


class PlayedDatabase(Database):
    """Writes wait in `pending` until the play commits them, rolls them back, or forgets them."""

    def __init__(self, url: str, keys: FieldKeys):
        super().__init__(url, keys)
        self.pending: list[tuple[Callable[[Tx], Any], Future[Any]]] = []
        if url.startswith("sqlite"):
            for engine in (self._readers, self._writers):
                sa.event.listen(engine, "connect", _quick)

    def write(self, work: Callable[[Tx], T], conversation: str = "") -> "Future[T]":
        """Keep the work for later."""
        future: Future[T] = Future()
        self.pending.append((work, future))
        return future

    def commit(self, place: int) -> Future[Any]:
        """Run one of the waiting works in a transaction of its own."""
        work, future = self.pending.pop(place)
        try:
            with self.transaction() as tx:
                value = work(tx)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(value)
        return future

    def crash(self, place: int) -> None:
        """Run one of them and die before the commit: nothing of it is kept, nobody hears of it."""
        work, _ = self.pending.pop(place)
        try:
            with self.transaction() as tx:
                work(tx)
                raise Crash
        except Exception:
            return


def _quick(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()  # what is played is order, not power cuts
