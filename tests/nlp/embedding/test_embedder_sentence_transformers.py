"""Any model by name or folder, tried with a small one made here."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import skip_unless_everything

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of two tiny layers with random weights, saved as any model is, with a prompt before queries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
            from transformers import BertConfig, BertModel, BertTokenizerFast
        except ImportError as error:
            skip_unless_everything(f"the models extra is not installed: {error.name}")
            raise
        torch.manual_seed(1)
        base = tmp_path_factory.mktemp("bert")
        characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"包邮吗发什么快递可以退货查询：店铺今天天气"]
        (base / "vocab.txt").write_text("\n".join(dict.fromkeys(characters)), "utf-8")
        BertTokenizerFast(vocab_file=str(base / "vocab.txt")).save_pretrained(base)
        size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
        BertModel(BertConfig(vocab_size=len(dict.fromkeys(characters)), **size)).save_pretrained(base)
        transformer = Transformer(str(base))
        pooling = Pooling(transformer.get_embedding_dimension())
        model = SentenceTransformer(modules=[transformer, pooling], prompts={"query": "查询：", "document": ""})
        model.save(str(base / "model"))
    return base / "model"


def embedder(name: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nlp.embedding.embedder_sentence_transformers import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(name)


def test_rows_are_normalised_and_repeatable(folder: Path) -> None:
    model = embedder(str(folder))
    rows = model.encode(["包邮吗", "发什么快递"])
    assert rows.shape == (2, model.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows, embedder(str(folder)).encode(["包邮吗", "发什么快递"]), atol=1e-6)
    assert model.encode([]).shape == (0, model.dimension)


def test_the_models_own_prompt_goes_before_queries_alone(folder: Path) -> None:
    model = embedder(str(folder))
    assert np.allclose(model.encode_queries(["包邮吗"]), model.encode(["查询：包邮吗"]), atol=1e-5)
    assert not np.allclose(model.encode_queries(["包邮吗"]), model.encode(["包邮吗"]), atol=1e-3)


def test_another_model_has_another_fingerprint(folder: Path) -> None:
    before = embedder(str(folder)).fingerprint
    assert embedder(str(folder)).fingerprint == before
    config = folder / "config_sentence_transformers.json"
    config.write_text(config.read_text("utf-8").replace("查询：", "问："), "utf-8")
    assert embedder(str(folder)).fingerprint != before


def test_a_model_that_is_not_there_is_said_and_not_looked_for_in_vain(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="nowhere"):
        embedder(str(tmp_path / "nowhere"))
