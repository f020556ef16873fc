"""What only a shared server can do: one copy for all processes, replaced while others search, dropped in the end."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from knowledge_base.articles import Article
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder import HashEmbedder

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(vector_database) -> Iterator["PgVectors"]:  # noqa: F821
    from knowledge_base.index_pgvector import PgVectors

    server = PgVectors(vector_database)
    yield server
    server.close()


def _vectors(count: int, seed: int = 5) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _contents(server) -> list[tuple[str, bool]]:
    with server.connection() as connection:
        return connection.execute(
            "SELECT id, superseded_at IS NULL FROM zhanggui_vectors.contents ORDER BY made_at"
        ).fetchall()


def test_two_processes_that_fill_the_same_content_at_once_write_it_once(server, vector_database):
    from knowledge_base.index_pgvector import PgVectors

    vectors = _vectors(3_000)
    servers = [PgVectors(vector_database) for _ in range(4)]
    threads = [threading.Thread(target=one.index("shelf").fill, args=(vectors,)) for one in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_contents(server)) == 1
    for one in servers:
        one.close()


def test_a_content_that_is_replaced_stays_for_those_who_still_search_it(server):
    old, new = server.index("shelf"), server.index("shelf")
    old.fill(_vectors(50, seed=1))
    new.fill(_vectors(50, seed=2))
    assert len(old.nearest(_vectors(1)[0], 5)) == 5
    assert [live for _, live in _contents(server)] == [False, True]


def test_a_content_replaced_an_hour_ago_is_dropped_and_one_that_came_back_is_not(server):
    for seed in (1, 2, 3):
        server.index("shelf").fill(_vectors(50, seed=seed))
    with server.connection() as connection:
        connection.execute("UPDATE zhanggui_vectors.contents SET superseded_at = now() - interval '2 hours'")
    server.index("shelf").fill(_vectors(50, seed=1))
    [(kept, live)] = _contents(server)
    assert live
    with server.connection() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'rows%'").fetchall()
    assert tables == [(f"rows_{kept}",)]


def test_indexes_of_other_names_are_left_alone(server):
    server.index("catalogue").fill(_vectors(50, seed=1))
    server.index("shelf").fill(_vectors(50, seed=2))
    assert [live for _, live in _contents(server)] == [True, True]


def test_a_content_that_is_gone_is_not_taken_from_a_file(server):
    index = server.index("shelf")
    index.fill(_vectors(50))
    kept = {name: array.copy() for name, array in index.arrays().items()}
    with server.connection() as connection:
        connection.execute("DELETE FROM zhanggui_vectors.contents")
    with pytest.raises(ValueError, match="does not hold"):
        server.index("shelf").restore(kept)


def test_a_search_survives_that_its_connection_was_cut(server):
    index = server.index("shelf")
    index.fill(_vectors(50))
    assert len(index.nearest(_vectors(1)[0], 5)) == 5
    with server.connection() as connection:
        me = connection.info.backend_pid
    from knowledge_base.index_pgvector import PgVectors

    other = PgVectors(server._url)
    with other.connection() as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (me,))
    assert len(index.nearest(_vectors(1)[0], 5)) == 5
    other.close()


def test_a_knowledge_base_answers_as_with_its_own_memory(server):
    articles = [
        Article(f"a{number}", "article", f"第{number}种茶怎么泡", f"水温{60 + number}度") for number in range(40)
    ]
    here = KnowledgeBase(HashEmbedder())
    shared = KnowledgeBase(HashEmbedder(), index=lambda: server.index("shelf"))
    here.fill(articles)
    shared.fill(articles)
    for question in ("第7种茶怎么泡", "33种茶水温", "怎么退货"):
        one, other = (base.search(question, at=datetime(2026, 1, 1, tzinfo=UTC)) for base in (here, shared))
        assert [hit.article.id for hit in one.hits[:3]] == [hit.article.id for hit in other.hits[:3]]
        assert one.verdict == other.verdict


def test_a_server_without_the_extension_or_away_is_named_in_words(tmp_path):
    from knowledge_base.index_pgvector import PgVectors, PgVectorUnusable

    with pytest.raises(PgVectorUnusable, match="连不上"):
        PgVectors("postgresql://nobody@127.0.0.1:1/nothing")
