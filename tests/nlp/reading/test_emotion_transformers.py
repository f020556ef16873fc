"""Any classification model by name or folder, tried with a small one made here."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from nlp.reading.emotion import NAMES
from tests.conftest import skip_unless_everything

pytestmark = pytest.mark.models


def make(folder: Path, labels: list[str]) -> str:
    """Save a transformer of one tiny layer with random weights and the given labels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import torch
            from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast
        except ImportError as error:
            skip_unless_everything(f"the models extra is not installed: {error.name}")
        torch.manual_seed(1)
        characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"太好了气死我"]
        (folder / "vocab.txt").write_text("\n".join(characters), "utf-8")
        BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
        config = BertConfig(
            vocab_size=len(characters),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            id2label=dict(enumerate(labels)),
            label2id={label: place for place, label in enumerate(labels)},
        )
        BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


def head(name: str, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nlp.reading.emotion_transformers import TransformersEmotionHead

        return TransformersEmotionHead(name, local=True, **more)


def test_a_models_labels_become_the_eight_names(tmp_path: Path) -> None:
    model = head(make(tmp_path, ["joy", "anger", "fear", "disgust", "neutral"]))
    shares = model.shares("太好了")
    assert shares.shape == (len(NAMES),)
    assert np.isclose(shares.sum(), 1, atol=1e-5)
    silent = {"disappointed", "sad", "satisfied", "grateful"}
    assert all(shares[NAMES.index(name)] == 0 for name in silent)
    assert np.array_equal(shares, model.shares("太好了"))


def test_a_long_message_is_cut_and_not_refused(tmp_path: Path) -> None:
    assert np.isclose(head(make(tmp_path, ["1 star", "5 stars"])).shares("气死我" * 2_000).sum(), 1, atol=1e-5)


def test_an_unknown_label_is_named_unless_the_shop_says_what_it_means(tmp_path: Path) -> None:
    name = make(tmp_path, ["LABEL_0", "LABEL_1"])
    with pytest.raises(Exception, match="LABEL_0"):
        head(name)
    told = head(name, labels={"LABEL_0": "angry", "LABEL_1": "satisfied"}).shares("太好了")
    assert told[NAMES.index("angry")] > 0


def test_a_model_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="打不开情绪模型"):
        head(str(tmp_path / "nowhere"))
