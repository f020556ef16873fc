import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.trained import SpoiltWeights, path_of
from tests.conftest import skip_unless_everything

SENTENCES = [
    "有没有优惠券",
    "能便宜点吗",
    "快递丢件了怎么办",
    "包裹丢了咋处理",
    "ABC-123 到货了吗？",
    "支持7天无理由退换吗",
    "",
    "！！！",
]


def cosine(left: str, right: str) -> float:
    rows = StaticEmbedder.shipped().encode([left, right])
    return float(rows[0] @ rows[1])


def test_rows_have_length_one_and_a_text_without_known_terms_is_zero() -> None:
    rows = StaticEmbedder.shipped().encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), 256)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.allclose(lengths[:-2], 1, atol=1e-5)
    assert np.array_equal(lengths[-2:], [0, 0])


def test_a_text_gets_the_same_row_alone_and_among_many() -> None:
    embedder = StaticEmbedder.shipped()
    together = embedder.encode(SENTENCES * 20)
    for place, text in enumerate(SENTENCES):
        assert np.allclose(embedder.encode([text])[0], together[place], atol=1e-6)
    assert embedder.encode([]).shape == (0, 256)


def test_two_wordings_of_one_question_are_near_and_lookalikes_are_not() -> None:
    assert cosine("快递丢件了怎么办", "包裹丢了咋处理") > 0.7
    assert cosine("有没有优惠券", "能便宜点吗") > 0.2
    assert cosine("怎么退货", "怎么换货") < cosine("怎么退货", "东西不想要了想退回去")


def test_full_width_and_traditional_writing_change_nothing() -> None:
    rows = StaticEmbedder.shipped().encode(["有没有优惠券ABC", "有沒有優惠券ＡＢＣ"])
    assert np.allclose(rows[0], rows[1], atol=1e-6)


def test_a_vocabulary_that_does_not_fit_its_rows_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "model.npz", rows=np.ones((3, 4), np.int8), scale=np.ones(3, np.float32))
    (tmp_path / "vocabulary.txt").write_text("甲\n乙", "utf-8")
    (tmp_path / "config.json").write_text(json.dumps({"dimension": 4}), "utf-8")
    with pytest.raises(ValueError, match="不配套"):
        StaticEmbedder.read(tmp_path)


def test_a_weight_file_that_is_not_the_cards_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"| `model.npz` | 3 | `{'0' * 64}` |\n", "utf-8")
    with pytest.raises(SpoiltWeights, match="缺少"):
        path_of("model.npz", tmp_path)
    (tmp_path / "model.npz").write_bytes(b"abc")
    with pytest.raises(SpoiltWeights, match="sha256"):
        path_of("model.npz", tmp_path)
    with pytest.raises(SpoiltWeights, match="没有列出"):
        path_of("other.npz", tmp_path)


@pytest.mark.models
def test_sentence_transformers_gives_the_same_vectors_from_the_exported_folder(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            skip_unless_everything(f"the models extra is not installed: {error.name}")
        from nlp.training.export import expand, export

        embedder = StaticEmbedder.shipped()
        export(embedder, tmp_path)
        model = SentenceTransformer(str(tmp_path), device="cpu")
        texts = [text for text in SENTENCES if expand(text)]
        rows = model.encode([expand(text) for text in texts], show_progress_bar=False)
    assert np.abs(rows - embedder.encode(texts)).max() < 1e-5
