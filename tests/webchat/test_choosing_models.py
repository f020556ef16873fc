"""Models and lists that the settings and the data folder name are the ones in use; what cannot be used is said."""

import shutil
from pathlib import Path

import pytest

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.trained import WEIGHTS
from tests.nlp.reading.test_emotion_transformers import make
from webchat.settings import Settings, WrongSetting
from webchat.wiring import choose_embedder, choose_reader


def test_the_folder_that_training_wrote_is_the_embedder(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS / "embedding", tmp_path / "embedding")
    shutil.copy(WEIGHTS / "README.md", tmp_path)
    for place in (tmp_path, tmp_path / "embedding"):
        assert choose_embedder(Settings(embedder=str(place))).fingerprint == StaticEmbedder.shipped().fingerprint


def test_a_spoilt_folder_of_training_is_refused_with_its_setting(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS / "embedding", tmp_path / "embedding")
    shutil.copy(WEIGHTS / "README.md", tmp_path)
    with (tmp_path / "embedding/vocabulary.txt").open("a", encoding="utf-8") as file:
        file.write("x")
    with pytest.raises(WrongSetting, match=r"ZHANGGUI_EMBEDDER=.*sha256"):
        choose_embedder(Settings(embedder=str(tmp_path)))


@pytest.mark.models
def test_a_model_of_feelings_is_named_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    name = make(tmp_path / "model", ["angry"])  # a model with one class always feels it
    reader = choose_reader(Settings(data=tmp_path, emotion=name))
    assert reader.read("这款有货吗").emotion.name == "angry"
    assert choose_reader(Settings(data=tmp_path)).read("这款有货吗").emotion.name == "neutral"


@pytest.mark.models
def test_a_model_of_feelings_that_cannot_be_used_is_said_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    name = make(tmp_path / "model", ["angry", "LABEL_1"])
    with pytest.raises(WrongSetting, match=r"ZHANGGUI_EMOTION=.*LABEL_1"):
        choose_reader(Settings(data=tmp_path, emotion=name))
    with pytest.raises(WrongSetting, match=r"ZHANGGUI_EMOTION=.*打不开"):
        choose_reader(Settings(data=tmp_path, emotion=str(tmp_path / "nowhere")))


@pytest.mark.parametrize("spoilt", ["苹果\n苹果\n", "x\n"])
def test_a_list_of_competitors_that_cannot_be_used_is_said_with_its_line(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "competitors.txt").write_text(spoilt, "utf-8")
    with pytest.raises(WrongSetting, match=r"competitors\.txt 第 \d 行"):
        choose_reader(Settings(data=tmp_path))
