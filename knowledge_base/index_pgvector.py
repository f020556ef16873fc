"""Vectors in PostgreSQL with pgvector, beside the record: one copy for every gateway process and machine.

Each content gets a table of its own, named by its digest, written and indexed in one transaction: a process sees it
whole or not at all, and whoever comes second finds it there and writes nothing. Near rows come from an HNSW graph over
half-precision vectors (Malkov and Yashunin, 2016) that is walked on until enough rows are found
(`hnsw.iterative_scan`, pgvector 0.8): a fixed candidate list would return fewer rows than asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from queue import Empty, LifoQueue
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg import sql

from knowledge_base.index import Floats, Rows

GRAPH_FROM = 5_000
"""Rows up to which PostgreSQL scans all of them in a few milliseconds; a graph is built from here on."""
KEPT_AFTER = "1 hour"
"""How long a content that was replaced stays: processes that still search it move on within seconds of a change."""

_SCHEMA = "zhanggui_vectors"
_WIDEST = 1_000  # candidates up to which the graph is walked, and the most that pgvector's ef_search takes
_OLDEST = (0, 8)  # the pgvector that brought the iterative scan


class PgVectorUnusable(Exception):
    """The server cannot hold vectors; the message says what is missing."""


class PgVectors:
    """The vectors of one shop in one PostgreSQL server; makes an index per name. Used by many threads.

    `url` is a libpq URL. Raises `PgVectorUnusable` when the server does not answer, or has no pgvector of 0.8 or newer.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: LifoQueue[psycopg.Connection[Any]] = LifoQueue()
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                _prepare(connection)
        except psycopg.OperationalError as error:
            raise PgVectorUnusable(f"连不上：{str(error).strip().splitlines()[0]}") from error

    def index(self, name: str) -> PgVectorIndex:
        """An index that is still empty; indexes of one name replace each other."""
        return PgVectorIndex(self, name)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection for one piece of work; one that broke is not used again."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._open()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)

    def _open(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
        register_vector(connection)
        connection.execute("SET hnsw.iterative_scan = relaxed_order")
        return connection

    def ask(self, query: sql.Composed, values: Mapping[str, Any], settings: tuple[str, ...] = ()) -> list[Any]:
        """The rows of a query, asked once more on a new connection when an idle one had died meanwhile."""
        for attempt in (0, 1):
            try:
                with self.connection() as connection, connection.transaction():
                    for setting in settings:
                        connection.execute(setting)
                    return connection.execute(query, values, binary=True).fetchall()
            except psycopg.OperationalError:
                if attempt:
                    raise
                self.close()
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let go of the idle connections."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()


class PgVectorIndex:
    """A `VectorIndex` whose rows lie in a table. Rows are halved in precision: a cosine moves by less than 0.001."""

    kind = "pgvector-1"

    def __init__(self, server: PgVectors, name: str) -> None:
        self._server = server
        self._name = name
        self._id = ""
        self._count = 0
        self._dimension = 0

    def fill(self, vectors: Floats) -> None:
        """Write the rows, unless this very content is there already. Raises psycopg's errors."""
        halves = np.ascontiguousarray(vectors, np.float16)
        self._count, self._dimension = halves.shape
        digest = blake2b(f"{self._name}\x1f{halves.shape}".encode(), digest_size=12)
        digest.update(halves.tobytes())
        self._id = digest.hexdigest()
        if not self._count:
            return
        with self._server.connection() as connection, connection.transaction():
            # One writer at a time: a second process waits here and then finds the table.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"{_SCHEMA}.{self._name}",))
            if not self._known(connection):
                self._write(connection, halves)
            self._supersede_others(connection)

    def nearest(self, vector: Floats, k: int) -> Rows:
        """About the `k` nearest rows."""
        if k >= self._count:
            return np.arange(self._count, dtype=np.int64)
        settings = (f"SET LOCAL hnsw.ef_search = {min(_WIDEST, max(100, k))}",)
        if k > _WIDEST:  # the graph would visit most of itself one row at a time
            settings = ("SET LOCAL enable_indexscan = off",)
        query = sql.SQL("SELECT number FROM {} ORDER BY vector <#> %(vector)s LIMIT %(k)s").format(self._table)
        rows = self._server.ask(query, {"vector": HalfVector(vector), "k": k}, settings)
        return np.array([row[0] for row in rows], np.int64)

    def cosines(self, vector: Floats, rows: Rows) -> Floats:
        """The cosine of each given row with a vector."""
        if not len(rows):
            return np.zeros(0, np.float32)
        query = sql.SQL("SELECT number, -(vector <#> %(vector)s) FROM {} WHERE number = ANY(%(rows)s)")
        asked = {"vector": HalfVector(vector), "rows": np.unique(rows).tolist()}
        found = dict(self._server.ask(query.format(self._table), asked))
        return np.array([found[row] for row in rows.tolist()], np.float32)

    def vectors(self, rows: Rows) -> Floats:
        """The rows, as float32."""
        if not len(rows):
            return np.zeros((0, self._dimension), np.float32)
        query = sql.SQL("SELECT number, vector FROM {} WHERE number = ANY(%(rows)s)").format(self._table)
        found = dict(self._server.ask(query, {"rows": np.unique(rows).tolist()}))
        return np.stack([np.asarray(found[row].to_numpy(), np.float32) for row in rows.tolist()])

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Which table it is: the rows stay in the server."""
        shape = np.array([self._count, self._dimension], np.int64)
        return {"id": np.frombuffer(self._id.encode(), np.uint8), "shape": shape}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the table that `arrays` named, if the server still has it."""
        self._id = arrays["id"].tobytes().decode()
        self._count, self._dimension = (int(number) for number in arrays["shape"])
        if not self._count:
            return
        with self._server.connection() as connection, connection.transaction():
            if not self._known(connection):
                raise ValueError("the server does not hold these vectors")
            self._supersede_others(connection)

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier(_SCHEMA, f"rows_{self._id}")

    def _known(self, connection: psycopg.Connection[Any]) -> bool:
        query = "UPDATE zhanggui_vectors.contents SET superseded_at = NULL WHERE id = %s"
        return connection.execute(query, (self._id,)).rowcount == 1

    def _write(self, connection: psycopg.Connection[Any], halves: NDArray[np.float16]) -> None:
        columns = sql.SQL("CREATE TABLE {} (number integer PRIMARY KEY, vector halfvec({}) NOT NULL)")
        connection.execute(columns.format(self._table, sql.Literal(self._dimension)))
        with connection.cursor().copy(
            sql.SQL("COPY {} (number, vector) FROM STDIN WITH (FORMAT BINARY)").format(self._table)
        ) as copy:
            copy.set_types(["int4", "halfvec"])
            for number, row in enumerate(halves):
                copy.write_row((number, HalfVector(row)))
        if self._count >= GRAPH_FROM:
            connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
            graph = sql.SQL("CREATE INDEX ON {} USING hnsw (vector halfvec_ip_ops) WITH (ef_construction = 100)")
            connection.execute(graph.format(self._table))
        connection.execute(sql.SQL("ANALYZE {}").format(self._table))
        connection.execute(
            "INSERT INTO zhanggui_vectors.contents (id, name, made_at) VALUES (%s, %s, now())", (self._id, self._name)
        )

    def _supersede_others(self, connection: psycopg.Connection[Any]) -> None:
        """What this content replaces is dropped by whoever comes an hour later."""
        connection.execute(
            "UPDATE zhanggui_vectors.contents SET superseded_at = now() "
            "WHERE name = %s AND id <> %s AND superseded_at IS NULL",
            (self._name, self._id),
        )
        gone = connection.execute(
            "DELETE FROM zhanggui_vectors.contents "
            "WHERE name = %s AND id <> %s AND superseded_at < now() - %s::interval RETURNING id",
            (self._name, self._id, KEPT_AFTER),
        ).fetchall()
        for (old,) in gone:
            table = sql.Identifier(_SCHEMA, f"rows_{old}")
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))


def _prepare(connection: psycopg.Connection[Any]) -> None:
    """The extension, and the list of what is stored; several processes may come here at once."""
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (_SCHEMA,))
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute("CREATE SCHEMA IF NOT EXISTS zhanggui_vectors")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS zhanggui_vectors.contents "
            "(id text PRIMARY KEY, name text NOT NULL, made_at timestamptz NOT NULL, superseded_at timestamptz)"
        )
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise PgVectorUnusable(f"用不了 pgvector：{str(error).strip().splitlines()[0]}") from error
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", (_SCHEMA,))
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    version = str(row[0]) if row else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST:
        raise PgVectorUnusable(f"pgvector {version} 太旧，需要 0.8 或更新")
