"""The house is as its map says."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_core.migrate import is_at_head, to_head
from crm_core.schema import metadata
from tests import readme

MODULES = [path for room in readme.ROOMS for path in (readme.ROOT / room).rglob("*.py")]


def test_the_readme_says_what_the_code_says() -> None:
    text = readme.README.read_text(encoding="utf-8")
    assert text == readme.expected(text), "run: python -m tests.readme"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(readme.ROOT).as_posix())
def test_every_module_says_why_it_exists(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_migrations_make_exactly_the_tables_of_the_schema(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


def test_bringing_a_database_to_head_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    to_head(url)
    assert is_at_head(url)
    to_head(url)
    assert is_at_head(url)


def test_a_gateway_starts_without_the_model_libraries() -> None:
    script = (
        "import sys; from webchat import cli, server, wiring; "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'pandas', 'scipy'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=readme.ROOT, check=False)
    assert done.returncode == 0, done.stdout
