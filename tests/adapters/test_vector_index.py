"""Whatever stores the vectors, it finds the nearest ones and survives being put away."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from knowledge_base import index_faiss
from knowledge_base.index import ExactIndex, VectorIndex
from knowledge_base.index_faiss import FaissIndex

MakeIndex = Callable[[], VectorIndex]


@pytest.fixture(params=["exact", "faiss", pytest.param("pgvector", marks=pytest.mark.postgres)])
def make_index(request) -> Iterator[MakeIndex]:
    if request.param != "pgvector":
        yield {"exact": ExactIndex, "faiss": FaissIndex}[request.param]
        return
    url = request.getfixturevalue("vector_database")
    from knowledge_base.index_pgvector import PgVectors

    server = PgVectors(url)
    yield lambda: server.index("shelf")
    server.close()


@pytest.fixture
def index(make_index) -> VectorIndex:
    return make_index()


def _vectors(count: int, dimension: int = 64) -> np.ndarray:
    vectors = np.random.default_rng(5).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [1, 50, 3_000, 6_000])
def test_the_nearest_are_found(index, count):
    vectors = _vectors(count)
    index.fill(vectors)
    hits = 0
    for asked in vectors[:40] + 0.02:
        asked = asked / np.linalg.norm(asked)
        best = set(np.argsort(-(vectors @ asked))[:10].tolist())
        hits += len(best & set(index.nearest(asked, 10).tolist())) / len(best)
    assert hits / min(40, count) >= 0.95


def test_cosines_and_rows_are_those_of_the_vectors(index):
    vectors = _vectors(30)
    index.fill(vectors)
    rows = np.array([3, 0, 29])
    np.testing.assert_allclose(index.cosines(vectors[7], rows), vectors[rows] @ vectors[7], atol=0.005)
    np.testing.assert_allclose(index.vectors(rows), vectors[rows], atol=0.005)


def test_nothing_and_rows_without_direction(make_index):
    index = make_index()
    index.fill(np.zeros((0, 8), np.float32))
    assert index.nearest(np.ones(8, np.float32), 3).tolist() == []
    index = make_index()
    index.fill(np.zeros((2, 8), np.float32))
    assert sorted(index.nearest(np.ones(8, np.float32), 3).tolist()) == [0, 1]
    assert index.cosines(np.ones(8, np.float32), np.array([0, 1])).tolist() == [0, 0]


@pytest.mark.parametrize("count", [5, 2_500])
def test_an_index_put_away_and_taken_out_again_answers_the_same(index, make_index, count):
    vectors = _vectors(count)
    index.fill(vectors)
    other = make_index()
    other.restore({name: array.copy() for name, array in index.arrays().items()})
    for asked in vectors[:5]:
        assert sorted(other.nearest(asked, 3).tolist()) == sorted(index.nearest(asked, 3).tolist())


def test_more_rows_than_a_graph_is_walked_for_are_all_found(index):
    vectors = _vectors(6_000)
    index.fill(vectors)
    assert len(set(index.nearest(vectors[0], 900).tolist())) == 900
    assert len(set(index.nearest(vectors[0], 5_500).tolist())) == 5_500


def test_codes_that_do_not_fit_the_rows_are_not_taken():
    index = FaissIndex()
    index.fill(_vectors(2_500))
    arrays = dict(index.arrays())
    with pytest.raises(ValueError, match="differ"):
        FaissIndex().restore({**arrays, "rows": arrays["rows"][:7], "scales": arrays["scales"][:7]})
    with pytest.raises(ValueError, match="cannot read"):
        FaissIndex().restore({**arrays, "codes": arrays["codes"][:20]})


def test_lists_go_in_front_of_very_many_rows(monkeypatch):
    monkeypatch.setattr(index_faiss, "LISTS_FROM", 3_500)
    vectors = _vectors(4_000)
    index = FaissIndex()
    index.fill(vectors)
    assert all(row in index.nearest(vectors[row], 5) for row in range(0, 4_000, 200))
