"""A shop that had knowledge before there were versions finds all of it as first versions."""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from crm_core.database import Database
from crm_core.knowledge import articles, versions
from crm_core.knowledge.versions import Content
from crm_core.migrate import _config, to_head
from crm_core.privacy.fields import FieldKeys
from tests.conftest import SECRET
from tests.crm_core.knowledge.test_versions import NOW, ROW


def test_what_was_published_becomes_the_first_version_and_the_same_file_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(_config(url), "0003")
    engine = sa.create_engine(url)
    values = {name: json.dumps(value) if isinstance(value, list) else value for name, value in ROW.items()}
    values["valid_to"] = int(ROW["valid_to"].timestamp() * 1000)
    names = ", ".join(f'"{name}"' for name in values)
    with engine.begin() as connection:
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(sa.text(f"INSERT INTO articles ({names}) VALUES ({marks})"), values)
    engine.dispose()
    to_head(url)
    record = Database(url, FieldKeys(SECRET))
    with record.transaction() as tx:
        (first,) = versions.history(tx, "a")
        assert (first.number, first.state, first.content) == (1, "published", Content.of(ROW))
        assert articles.replace_file(tx, "faq.csv", [ROW], at=NOW, by="import") == 0
    record.close()
