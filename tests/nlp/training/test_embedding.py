from pathlib import Path

import numpy as np
import pytest

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.training.corpora import SOURCE_NAMES, Corpora
from nlp.training.embedding import Settings, pack, save, train_rows
from nlp.training.pairs import near_misses, positive_pairs
from nlp.words import terms

pytest.importorskip("torch", reason="the models extra is not installed")
pytestmark = pytest.mark.models

SMALL = Settings(dimension=16, vocabulary=1_500, batch=128, epochs=2)


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    """A few questions of the project's own corpus, and nothing else."""
    found = Corpora(tmp_path, tuple(name for name in SOURCE_NAMES if name != "own"))
    found.own = [row for row in found.own if row.question in {"怎么退货", "怎么换货", "催一下发货"}][:240]
    return found


def test_the_same_data_give_the_same_rows_and_training_moves_them(corpora: Corpora, tmp_path: Path) -> None:
    said: list[str] = []
    vocabulary, rows = train_rows(corpora, SMALL, say=said.append)
    again = train_rows(corpora, SMALL, say=said.append)
    assert vocabulary == again[0]
    assert np.array_equal(rows, again[1])
    start = train_rows(corpora, Settings(dimension=16, vocabulary=1_500, batch=128, epochs=0), say=said.append)[1]
    assert not np.allclose(rows, start)
    save(tmp_path, vocabulary, rows)
    (tmp_path / "config.json").write_text('{"dimension": 16}', "utf-8")
    assert np.allclose(StaticEmbedder.read(tmp_path).rows, rows, atol=float(np.abs(rows).max()) / 120)


def test_a_text_is_paired_with_its_question_its_intents_and_its_neighbours(corpora: Corpora) -> None:
    pairs = positive_pairs(corpora)
    first = corpora.own[0]
    partners = {pair.right for pair in pairs if pair.left == first.text}
    assert first.question in partners
    assert len(partners & {row.text for row in corpora.own if row.question == first.question}) >= 3


def test_near_misses_come_from_other_questions_and_share_terms(corpora: Corpora) -> None:
    question = {row.text: row.question for row in corpora.own}
    misses = [row for row in near_misses(corpora, 0) if not row.same]
    assert misses
    assert all(question[row.left] != question[row.right] for row in misses)
    assert all(set(terms(row.left)) & set(terms(row.right)) for row in misses)


def test_a_row_of_zeros_survives_packing() -> None:
    whole, scale = pack(np.array([[0, 0], [1, -2]], np.float32))
    assert whole.tolist() == [[0, 0], [64, -127]]
    assert scale[0] == 1
