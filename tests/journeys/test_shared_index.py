"""Two gateways whose record and vectors lie in one PostgreSQL: what one is taught, the other answers."""

import time
from pathlib import Path

import pytest

from tests.journeys.conftest import Shop, render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

pytestmark = pytest.mark.postgres


def test_both_answer_from_the_one_index_and_learn_what_is_imported_later(vector_database: str, tmp_path: Path) -> None:
    shared = {
        "database_url": vector_database.replace("postgresql://", "postgresql+psycopg://", 1),
        "index_url": "pgvector://",
        "secret_key": "shared by both gateways",
    }
    record = open_record(Settings(data=tmp_path, **shared))
    for kind, path in render(tmp_path):
        import_kind(record, kind, [path])
    gateways = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        gateways.append(Shop(folder, **shared))
    for gateway in gateways:
        assert "电子普通发票" in gateway.shopper().ask("可以开发票吗")["text"]
    news = tmp_path / "news.csv"
    news.write_text("question,answer\n茶叶可以寄存在店里吗,可以免费寄存三个月\n", encoding="utf-8")
    import_kind(record, "knowledge", [news])
    record.close()
    for gateway in gateways:
        ends = time.monotonic() + 20  # a gateway looks for changes every two seconds
        while "免费寄存三个月" not in gateway.shopper().ask("茶叶可以寄存在店里吗")["text"]:
            assert time.monotonic() < ends, "the import was not noticed"
            time.sleep(0.2)
        gateway.close()
