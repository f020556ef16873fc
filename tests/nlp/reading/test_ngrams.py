import timeit
from pathlib import Path

import numpy as np

from nlp.reading.ngrams import LinearHead, gram_keys, softmax


def test_keys_are_the_same_everywhere_sorted_and_counted() -> None:
    keys, counts = gram_keys("哈哈")
    assert np.all(np.diff(keys.astype(np.int64)) > 0)
    assert counts.sum() == 2 + 3 + 2  # characters, pairs and triples, the text's ends counted as characters
    assert keys[counts == 2].tolist() == [3138998053]
    assert gram_keys("有货吗")[0].tolist()[:2] == [468363518, 736087641]


def test_an_empty_text_and_a_broken_character_have_keys_too() -> None:
    assert len(gram_keys("")[0]) == 1
    assert len(gram_keys("\ud83d")[0]) > 0


def test_a_head_reads_back_what_it_stored(tmp_path: Path) -> None:
    keys = gram_keys("贵")[0]
    head = LinearHead(
        ("贵", "便宜"),
        keys,
        np.ones(len(keys), np.float32),
        np.array([[127, -127]] * len(keys), np.int8),
        np.array([0.01, 0.01], np.float32),
        np.zeros(2, np.float32),
    )
    np.savez(tmp_path / "head.npz", **head.stored())
    again = LinearHead.read(tmp_path / "head.npz")
    assert again.classes == ("贵", "便宜")
    assert np.allclose(again.scores("贵"), head.scores("贵"))
    assert head.scores("贵")[0] > 1 > head.scores("贵")[1]


def test_without_a_known_gram_the_bias_alone_speaks() -> None:
    bias = np.array([1, 3], np.float32)
    keys = gram_keys("贵")[0]
    none = np.zeros((len(keys), 2), np.int8)
    head = LinearHead(("a", "b"), keys, np.ones(len(keys), np.float32), none, np.ones(2, np.float32), bias)
    assert head.scores("xyz") is bias
    assert np.isclose(softmax(bias).sum(), 1)


def test_a_message_costs_microseconds() -> None:
    texts = iter(f"有没有优惠券可以领一下的亲我想买两件{number}" for number in range(10_000))
    assert min(timeit.repeat(lambda: gram_keys(next(texts)), number=50, repeat=5)) / 50 < 500e-6
