"""Several linear heads scored in one pass."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.reading.emotion_head import shares_of
from nlp.reading.heads import JointHeads, NoHeads, shipped_heads
from nlp.reading.intent_head import _shipped as _shipped_intents
from nlp.reading.ngrams import LinearHead, gram_keys, key_of, softmax
from nlp.trained import SpoiltWeights

TEXTS = ["有没有优惠券", "什么时候发货", "哈哈哈哈哈哈", "转人工", "sk-ii 50ml", "退货运费谁出"]


def _head(classes: int, seed: int, texts: list[str]) -> LinearHead:
    """A head with drawn weights over the grams of some texts."""
    draw = np.random.default_rng(seed)
    keys = np.unique(np.concatenate([gram_keys(text)[0] for text in texts]))
    return LinearHead(
        tuple(map(str, range(classes))),
        keys,
        draw.uniform(1, 5, len(keys)).astype(np.float32),
        draw.integers(-127, 128, (len(keys), classes)).astype(np.int8),
        draw.uniform(0.001, 0.01, classes).astype(np.float32),
        draw.normal(size=classes).astype(np.float32),
    )


@pytest.fixture(scope="module")
def heads() -> list[LinearHead]:
    return [_head(11, 1, TEXTS[:4]), _head(8, 2, TEXTS), _head(1, 3, TEXTS[2:])]


@given(st.text(max_size=4))
def test_one_gram_has_the_key_it_has_among_others(gram):
    if 0 < len(gram) <= 3:
        assert key_of(gram) in gram_keys(gram)[0].tolist()


@pytest.mark.parametrize("text", [*TEXTS, "没见过的字符Ω", "", "券券券"])
def test_scores_together_are_those_of_each_alone(heads, text):
    joint = JointHeads(*heads[:2], beside=heads[2:])
    for _ in range(2):  # the second time from memory
        for together, head in zip(joint.scores(text), heads, strict=True):
            assert np.allclose(together, head.scores(text), atol=1e-4)


def test_what_is_remembered_is_bounded(heads, monkeypatch):
    monkeypatch.setattr("nlp.reading.heads._MOST_REMEMBERED", 10)
    joint = JointHeads(*heads)
    for text in TEXTS:
        joint.scores(text)
    assert len(joint._rows) <= 10
    assert np.allclose(joint.scores(TEXTS[0])[0], heads[0].scores(TEXTS[0]), atol=1e-4)


def test_shares_are_those_of_softmax():
    scores = np.array([0.5, -3, 800, 799], np.float32)
    assert np.allclose(shares_of(scores.tolist()), softmax(scores))


def test_without_heads_there_is_no_opinion():
    assert NoHeads().opinions("转人工") == ((), None)


def test_a_card_that_does_not_list_the_weights_beside_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped_heads.cache_clear()
    monkeypatch.setattr("nlp.trained.digests", lambda folder=None: {})
    monkeypatch.setattr("nlp.reading.heads.digests", dict)
    monkeypatch.setattr("nlp.reading.intent_head._shipped", _shipped_intents.__wrapped__)
    with pytest.raises(SpoiltWeights, match=r"intents/spelling\.npz"):
        shipped_heads()
    shipped_heads.cache_clear()


def test_where_nothing_was_ever_trained_the_lists_decide_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shipped_heads.cache_clear()
    monkeypatch.setattr("nlp.reading.heads.WEIGHTS", tmp_path)
    monkeypatch.setattr("nlp.reading.heads.digests", dict)
    assert isinstance(shipped_heads(), NoHeads)
    shipped_heads.cache_clear()
