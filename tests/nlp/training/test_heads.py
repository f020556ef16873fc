import numpy as np
import pytest

from nlp.training.heads import Grams, fit, pack_head

pytest.importorskip("scipy", reason="the models extra is not installed")

TEXTS = ["太贵了", "好贵啊", "有点贵", "真便宜", "好便宜", "便宜得很"]


def test_a_fitted_head_tells_its_classes_apart_also_when_packed() -> None:
    grams = Grams(TEXTS, 1)
    targets = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    table, bias = fit(grams.rows(TEXTS), targets, np.ones(6, np.float32), strength=10)
    head = pack_head(("dear", "cheap"), grams, table, bias)
    exact = grams.rows(["贵不贵"]) @ table + bias
    assert head.scores("贵不贵").argmax() == 0
    assert head.scores("便宜不").argmax() == 1
    assert np.allclose(head.scores("贵不贵"), exact[0], atol=0.05)


def test_a_row_that_counts_nothing_changes_nothing() -> None:
    grams = Grams(TEXTS, 1)
    targets = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    weights = np.array([1, 1, 0, 1, 1, 1], np.float32)
    swapped = targets.copy()
    swapped[2] = [0, 1]
    first = fit(grams.rows(TEXTS), targets, weights, strength=1)[0]
    second = fit(grams.rows(TEXTS), swapped, weights, strength=1)[0]
    assert np.allclose(first, second, atol=1e-5)


def test_rare_grams_are_left_out_and_the_most_frequent_kept() -> None:
    assert len(Grams(TEXTS, 2).keys) < len(Grams(TEXTS, 1).keys)
    few = Grams(TEXTS, 1, most=3)
    assert len(few.keys) == 3
    assert set(few.keys) <= set(Grams(TEXTS, 1).keys)


def test_the_same_rows_give_the_same_weights() -> None:
    grams = Grams(TEXTS, 1)
    targets = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    first, second = (fit(grams.rows(TEXTS), targets, np.ones(6, np.float32), strength=1) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
