import json
from pathlib import Path

import pytest

from nlp.reading.emotion_head import EmotionHead
from nlp.trained import path_of
from nlp.training import train
from nlp.training.corpora import SOURCE_NAMES, UnusableData

pytest.importorskip("sklearn", reason="the models extra is not installed")
pytestmark = pytest.mark.models

OWN_ALONE = tuple(name for name in SOURCE_NAMES if name != "own")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The emotion heads, trained on the project's own corpus alone."""
    out = tmp_path_factory.mktemp("weights")
    report = train("emotion", tmp_path_factory.mktemp("no data"), OWN_ALONE, out)
    assert set(report.rows) == {"own"}
    assert "own" in str(report)
    return out


def test_without_public_sources_the_heads_are_trained_on_the_own_corpus(trained: Path) -> None:
    head = EmotionHead.read(trained / "emotion")
    assert head.polarity("东西很好，谢谢") > head.polarity("东西坏了，气死我了")
    assert (
        max(head.predict("什么时候发货").probabilities.values())
        == head.predict("什么时候发货").probabilities["neutral"]
    )


def test_the_card_names_sources_licences_scores_and_every_file(trained: Path) -> None:
    card = (trained / "README.md").read_text("utf-8")
    assert "| `own` | this project (nlp/training/corpus) | Apache-2.0 |" in card
    assert "cped" not in card
    assert "own lines, polarity, accuracy" in card
    for file in (trained / "emotion").iterdir():
        assert path_of(f"emotion/{file.name}", trained) == file
    assert sorted(json.loads((trained / "emotion/trained.json").read_text("utf-8"))["without"]) == sorted(OWN_ALONE)


def test_a_missing_source_leaves_the_old_weights_in_place(trained: Path, tmp_path: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in (trained / "emotion").iterdir()}
    with pytest.raises(UnusableData, match="ewect"):
        train("emotion", tmp_path, (), trained)
    assert {file.name: file.stat().st_mtime_ns for file in (trained / "emotion").iterdir()} == before
    assert sorted(path.name for path in trained.iterdir()) == ["README.md", "emotion"]
