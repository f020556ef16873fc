import numpy as np

from nlp.training.scoring import classified, duplicates, retrieval, spearman


def test_spearman_follows_order_and_shares_ranks_of_ties() -> None:
    assert spearman([1, 2, 3], [10, 200, 3_000]) == 1
    assert spearman([1, 2, 3], [3, 2, 1]) == -1
    assert abs(spearman([1, 2, 2, 3], [1, 2, 3, 4]) - 0.9487) < 1e-4


def test_retrieval_counts_the_first_and_the_first_ten() -> None:
    similarity = np.array([[0.9, 0.1, 0.5], [0.2, 0.9, 0.8]], np.float32)
    scores = retrieval(similarity, [{0}, {2}])
    assert (scores.first, scores.ten, scores.reciprocal) == (0.5, 1.0, 0.75)


def test_duplicates_lead_both_ways() -> None:
    texts, right = duplicates([("a", "b", 1.0), ("a", "c", 0.0)])
    assert [texts[place] for place, _ in right] == ["a", "b"]
    assert [{texts[other] for other in others} for _, others in right] == [{"b"}, {"a"}]


def test_macro_f1_counts_every_class_alike() -> None:
    scores = classified(["a", "a", "a", "b"], ["a", "a", "a", "a"])
    assert scores.accuracy == 0.75
    assert abs(scores.macro_f1 - (6 / 7) / 2) < 1e-9
