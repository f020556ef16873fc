"""The one door to the database: one writer that commits in groups, readers that never wait for it."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

from crm_core.privacy.fields import FieldKeys

T = TypeVar("T")
Values = dict[str, int | str | None]

# PostgreSQL keeps at most 64 savepoints of a transaction in its shared cache; a larger group is slower there.
GROUP = {"sqlite": 256, "postgresql": 32}
BUSY_TIMEOUT_MS = 5_000


# What reading raises when the database is away.
OperationalTrouble = sa.exc.OperationalError


class RecordUnavailable(Exception):
    """The database refused the whole commit (disk full, gone, locked): nothing of it is stored."""


class Statement:
    """SQL for the hot path: written once with `:names`, run on the driver's cursor without SQLAlchemy in between.

    SQLAlchemy Core costs five times as much per append; it stays for everything that is not said once a message.
    Only whole numbers and text may be bound or read.
    """

    def __init__(self, sql: str, *, locks: bool = False):
        """With `locks` the rows it reads stay locked until the commit; SQLite's writer has everything locked anyway."""
        clause = sa.text(f"{sql} FOR UPDATE" if locks else sql)
        self.sqlite = sql
        # psycopg binds by %(name)s; everything else of the text is the same on both.
        self.postgresql = str(clause.compile(dialect=sa.create_mock_engine("postgresql+psycopg://", _never).dialect))

    def on(self, dialect: str) -> str:
        """The text for one of the two databases."""
        return self.sqlite if dialect == "sqlite" else self.postgresql


def _never(*_: Any, **__: Any) -> None:
    raise AssertionError("a mock engine only lends its dialect")


class Tx:
    """An open transaction, the first argument of every function of this room."""

    def __init__(self, connection: sa.Connection, keys: FieldKeys):
        self.connection = connection
        self.keys = keys
        self.dialect = connection.dialect.name
        self._driver: Any = connection.connection.dbapi_connection

    def run(self, statement: Statement, values: Values) -> list[tuple[Any, ...]]:
        """Run a hot-path statement and fetch what it returns."""
        cursor = self._driver.execute(statement.on(self.dialect), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        cursor.close()
        return rows

    def execute(self, clause: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        """Run a SQLAlchemy Core statement."""
        return self.connection.execute(clause, values)

    def upsert(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, keep: Sequence[str] = ()) -> None:
        """Insert rows, or replace the columns they name where the primary key is taken; those in `keep` stay.

        All rows name the same columns.
        """
        if not rows:
            return
        insert: Any = _insert_of(self.dialect)(table)
        key = [column.name for column in table.primary_key]
        changed = {name: insert.excluded[name] for name in rows[0] if name not in key and name not in keep}
        if changed:
            clause = insert.on_conflict_do_update(index_elements=key, set_=changed)
        else:
            clause = insert.on_conflict_do_nothing()
        self.connection.execute(clause, list(rows))


def _insert_of(dialect: str) -> Callable[[sa.Table], Any]:
    from sqlalchemy.dialects import postgresql, sqlite

    return postgresql.insert if dialect == "postgresql" else sqlite.insert


class Database:
    """A record on SQLite (WAL, synchronous=FULL) or PostgreSQL.

    `wake` runs a function where the futures of `write` are awaited: an event loop's `call_soon_threadsafe`. One wake-up
    settles a whole group; without it the writer thread settles them itself.
    """

    def __init__(self, url: str, keys: FieldKeys):
        self.url = url
        self.keys = keys
        self._readers = _engine(url, "BEGIN")
        self._writers = _engine(url, "BEGIN IMMEDIATE")
        self.dialect = self._readers.dialect.name
        self.wake: Callable[[Callable[[], None]], object] = lambda settle: settle()
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._turn = threading.Lock()  # groups and long transactions of this process take turns
        self._thread: threading.Thread | None = None

    def write(self, work: Callable[[Tx], T], conversation: str = "") -> "Future[T]":
        """Run `work` in the next commit; the future resolves after it, or carries what `work` raised.

        Never blocks. `work` does no I/O of its own and may run twice (after a deadlock), so it is repeatable.
        Raises RecordUnavailable through the future when the commit as a whole fails.
        """
        future: Future[T] = Future()
        if self._thread is None:
            self._start()
        self._asked.put(_Asked(work, future, conversation))
        return future

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A write transaction of one's own, for imports and commands; keep it short, messages wait for it."""
        with self._turn, self._writers.begin() as connection:
            yield Tx(connection, self.keys)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A consistent view that blocks nobody; nothing written in it is kept."""
        with self._readers.connect() as connection, connection.begin() as transaction:
            try:
                yield Tx(connection, self.keys)
            finally:
                transaction.rollback()

    def close(self) -> None:
        """Commit what was asked for and let the connections go."""
        if self._thread is not None:
            self._asked.put(None)
            self._thread.join()
            self._thread = None
        self._readers.dispose()
        self._writers.dispose()

    def _start(self) -> None:
        with self._turn:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="record-writer", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        most = GROUP[self.dialect]
        while True:
            group = self._next_group(most)
            if group is None:
                return
            if self.dialect == "postgresql":
                # Two processes that take the same conversations in the same order do not lock crosswise.
                group.sort(key=lambda asked: asked.conversation)
            try:
                settled = self._commit(group)
            except Exception as error:
                settled = self._one_by_one(group) if _is_deadlock(error) else _refused(group, error)
            self.wake(lambda settled=settled: _settle(settled))  # type: ignore[misc]

    def _next_group(self, most: int) -> "list[_Asked] | None":
        first = self._asked.get()
        if first is None:
            return None
        group = [first]
        while len(group) < most:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                self._asked.put(None)
                break
            group.append(asked)
        return group

    def _commit(self, group: "list[_Asked]") -> "list[_Settled]":
        settled: list[_Settled] = []
        with self._turn, self._writers.begin() as connection:
            tx = Tx(connection, self.keys)
            driver: Any = connection.connection.dbapi_connection
            for asked in group:
                driver.execute("SAVEPOINT one")
                try:
                    settled.append(_Settled(asked.future, asked.work(tx), None))
                except Exception as error:
                    if _is_gone(error, driver):
                        raise
                    driver.execute("ROLLBACK TO SAVEPOINT one")
                    settled.append(_Settled(asked.future, None, error))
                driver.execute("RELEASE SAVEPOINT one")
        return settled

    def _one_by_one(self, group: "list[_Asked]") -> "list[_Settled]":
        settled: list[_Settled] = []
        for asked in group:
            try:
                settled += self._commit([asked])
            except Exception as error:
                settled += _refused([asked], error)
        return settled


class _Asked:
    __slots__ = ("conversation", "future", "work")

    def __init__(self, work: Callable[[Tx], Any], future: "Future[Any]", conversation: str):
        self.work, self.future, self.conversation = work, future, conversation


class _Settled:
    __slots__ = ("error", "future", "value")

    def __init__(self, future: "Future[Any]", value: Any, error: BaseException | None):
        self.future, self.value, self.error = future, value, error


def _refused(group: list[_Asked], cause: Exception) -> list[_Settled]:
    error = RecordUnavailable(str(cause))
    error.__cause__ = cause
    return [_Settled(asked.future, None, error) for asked in group]


def _settle(settled: list[_Settled]) -> None:
    for one in settled:
        if not one.future.set_running_or_notify_cancel():
            continue  # the caller left; what was written stays written
        if one.error is None:
            one.future.set_result(one.value)
        else:
            one.future.set_exception(one.error)


def _is_gone(error: Exception, driver: Any) -> bool:
    """Has the database undone the whole transaction, rather than refused one statement of it?"""
    if hasattr(driver, "in_transaction"):  # sqlite3: a full disk or an I/O error ends the transaction
        return not driver.in_transaction
    return bool(driver.closed) or type(getattr(error, "orig", None) or error).__name__ in {
        "OperationalError",
        "DeadlockDetected",
        "SerializationFailure",
        "AdminShutdown",
    }


def _is_deadlock(error: Exception) -> bool:
    return type(getattr(error, "orig", None) or error).__name__ in {"DeadlockDetected", "SerializationFailure"}


def _engine(url: str, begin: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, pool_recycle=900)
    engine = sa.create_engine(
        url, pool_size=16, max_overflow=16, connect_args={"check_same_thread": False, "cached_statements": 256}
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transaction of its own; "begin" below does
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-4000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A transaction that reads and then writes fails at once when another wrote meanwhile, whatever the busy
        # timeout: whoever will write takes the lock first.
        connection.exec_driver_sql(begin)

    return engine
