import gzip
import json
from pathlib import Path

import pytest

from nlp.training.corpora import (
    Corpora,
    UnusableData,
    intent_names,
    is_held_out,
    own_corpus,
    scrub,
    sentence_key,
)
from nlp.training.feelings import EMOTIONS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of the shape that training reads, with one evaluation set."""
    cic = tmp_path / "cic_buyer_intents"
    cic.mkdir()
    rows = [{"sentence": "发什么快递呀", "label": "55"}, {"sentence": "能打折吗 13812345678", "label": "92"}]
    with gzip.open(cic / "train.json.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    (cic / "dev.json").write_text(json.dumps({"sentence": "在吗", "label": "31"}), "utf-8")
    (cic / "clean_eval.json").write_text(json.dumps({"sentence": "发什么快递呀！", "label": "55"}), "utf-8")
    return tmp_path


def test_a_sentence_of_an_evaluation_set_is_dropped_however_it_is_punctuated(data: Path) -> None:
    assert [text for text, _, _ in Corpora(data).cic] == ["能打折吗", "在吗"]


def test_personal_numbers_never_reach_training() -> None:
    assert scrub("我的电话138 1234 5678，邮箱a.b@c.com，单号1234567890") == "我的电话 ，邮箱 ，单号"
    assert scrub("[数字x]个工作日 @小王 在吗") == "个工作日 在吗"
    assert scrub("买2件打85折") == "买2件打85折"


def test_a_source_left_out_is_not_read(data: Path) -> None:
    assert Corpora(data, ("cic",)).cic == []
    assert Corpora(data, ("own",)).own == []
    with pytest.raises(ValueError, match="没有名为 nobody"):
        Corpora(data, ("nobody",))


def test_a_missing_file_is_named(data: Path) -> None:
    with pytest.raises(UnusableData, match=r"taobao_queries/train\.query\.txt"):
        list(Corpora(data).unlabelled())


def test_a_tenth_is_kept_apart_by_the_text_alone() -> None:
    keys = [f"句子{number}" for number in range(5_000)]
    assert 0.08 < sum(map(is_held_out, keys)) / len(keys) < 0.12
    assert sentence_key("在吗？？") == sentence_key(" 在 吗 ")


def test_every_line_of_the_own_corpus_names_known_intents_and_feelings() -> None:
    names = {name.name for name in intent_names()}
    rows = own_corpus()
    assert len(rows) >= 8_000
    assert len({sentence_key(row.text) for row in rows}) >= 8_000
    for row in rows:
        assert set(row.intents) <= names, row
        assert row.emotion in EMOTIONS, row
        assert row.urgency in {"low", "normal", "high"}, row


def test_every_intent_has_lines_of_its_own() -> None:
    said = {name for row in own_corpus() for name in row.intents}
    assert {name.name for name in intent_names()} - said == set()
