"""A cut is proven on judged queries or there is none, and the bound is the textbook's."""

import random

import numpy as np
import pytest

from knowledge_base.evidence import Evidence
from knowledge_base.threshold import (
    Judged,
    calibrate,
    fit,
    prior,
    probability,
    speaks_against,
    upper_bound,
)


@pytest.mark.parametrize(
    ("wrong", "asked", "bound"),
    [(0, 59, 0.0495), (0, 149, 0.0199), (1, 93, 0.0500), (3, 153, 0.0500), (10, 100, 0.1637), (5, 5, 1.0), (0, 0, 1.0)],
)
def test_the_upper_limit_of_clopper_and_pearson(wrong, asked, bound):
    assert upper_bound(wrong, asked) == pytest.approx(bound, abs=0.0003)


def _judged(dice: random.Random, count: int, category: str = "") -> list[Judged]:
    """Queries of which a share equal to their probability is right."""
    rows = []
    for _ in range(count):
        probability = dice.random() ** 0.3
        rows.append(Judged(probability, dice.random() < probability, category))
    return rows


def test_the_error_beyond_a_cut_stays_within_the_budget_in_most_shops():
    dice = random.Random(4)
    kept = tried = 0
    for _ in range(60):
        cut = calibrate(_judged(dice, 800), 0.1)
        if cut is None:
            continue
        answered = [one for one in _judged(dice, 4_000) if one.probability >= cut.at]
        tried += 1
        kept += sum(not one.right for one in answered) / len(answered) <= 0.1
    assert tried > 48  # the rest met an early error and stay silent
    assert kept / tried >= 0.9


def test_too_few_judged_queries_prove_nothing():
    assert calibrate([Judged(0.99, True)] * 58, 0.05) is None
    cut = calibrate([Judged(0.99, True)] * 59, 0.05)
    assert cut is not None
    assert (cut.answered, cut.wrong, cut.answer_rate) == (59, 0, 1.0)


def test_equal_probabilities_are_never_parted():
    cut = calibrate([Judged(0.9, True)] * 80 + [Judged(0.5, False)] * 30, 0.05)
    assert cut is not None
    assert (cut.at, cut.answered) == (0.9, 80)


def test_a_budget_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match="budget"):
        calibrate([], 0)


def _evidence(**changed: float) -> Evidence:
    plain = dict.fromkeys(Evidence.__dataclass_fields__, 0.5)
    return Evidence(**{**plain, **changed})


def test_more_in_favour_makes_it_more_probable():
    middle = probability(_evidence())
    for name in ("margin", "cosine", "middle", "words", "focus"):
        assert probability(_evidence(**{name: 1.0})) > middle, name
    for name in ("crowd", "strange", "numbers", "negation"):
        assert probability(_evidence(**{name: 1.0})) < middle, name


def test_the_shipped_prior_knows_every_field():
    assert set(prior().weights) == set(Evidence.__dataclass_fields__)


def test_the_fit_finds_the_coefficients_that_made_the_data():
    dice = np.random.default_rng(2)
    rows = dice.normal(size=(20_000, 3))
    truth = dice.random(20_000) < 1 / (1 + np.exp(-(rows @ [1.5, -2.0, 0.0] + 0.7)))
    weights, intercept = fit([tuple(row) for row in rows], truth.tolist())
    np.testing.assert_allclose([*weights, intercept], [1.5, -2.0, 0.0, 0.7], atol=0.12)


def test_one_unlucky_error_is_no_evidence_and_many_are():
    assert not speaks_against(0, 50, 0.05)
    assert not speaks_against(1, 10, 0.05)
    assert speaks_against(5, 20, 0.05)
    assert not speaks_against(2, 40, 0.05)
