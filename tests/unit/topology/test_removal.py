"""Removal: scores by hand, exact counts, both signs, and the law of the soft choice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.topology.removal import (
    REMOVAL_SCORES,
    choose_removed,
    choose_removed_by_sign,
    relative_importance,
    soft_importance,
)

# Links 0-0 (1), 0-1 (-3), 1-1 (1), 1-2 (0): sums at sources 4 and 1, at targets 1, 4 and 0.
MASK = Mask((2, 3), np.array([0, 1, 4, 5]))
WEIGHTS = np.array([1.0, -3.0, 1.0, 0.0])


def score(name: str, **given_values: object) -> list[float]:
    return REMOVAL_SCORES[name].function(MASK, WEIGHTS, **given_values).tolist()


def test_scores_by_hand() -> None:
    assert score("magnitude") == [1, 3, 1, 0]
    assert score("relative_importance") == [1 / 4 + 1, 3 / 4 + 3 / 4, 1 + 1 / 4, 0]
    gradient = np.array([-1.0, 0.0, 2.0, 5.0])
    assert score("mest", gradient=gradient) == pytest.approx([1.01, 3, 1.02, 0.05])
    assert score("mest", gradient=gradient, penalty=1.0) == [2, 3, 3, 5]
    assert len(set(score("random", rng=np.random.default_rng(0)))) == 4


def test_rules_say_what_they_need() -> None:
    assert {name: REMOVAL_SCORES[name].needs for name in REMOVAL_SCORES} == {
        "magnitude": (),
        "mest": ("gradient",),
        "random": ("rng",),
        "relative_importance": (),
        "soft_importance": (),
    }
    assert REMOVAL_SCORES["mest"].options == ("penalty",)
    assert REMOVAL_SCORES["soft_importance"].options == ("alpha",)
    assert all(REMOVAL_SCORES[name].summary.endswith((".", ")")) for name in REMOVAL_SCORES)


def test_importance_lies_between_magnitude_and_relative_importance() -> None:
    """CHTs, equation 2: alpha = 1 is WM, alpha = 0 is RI / 2, and in between the divisor is a mixture."""
    assert soft_importance(MASK, WEIGHTS, alpha=1.0).tolist() == [1, 3, 1, 0]
    assert soft_importance(MASK, WEIGHTS, alpha=0.0).tolist() == [0.625, 0.75, 0.625, 0]
    expected = 0.5 / (0.5 + 0.5 * 4) + 0.5 / (0.5 + 0.5 * 1)
    assert soft_importance(MASK, WEIGHTS, alpha=0.5)[0] == pytest.approx(expected)
    with pytest.raises(DataError, match="alpha"):
        soft_importance(MASK, WEIGHTS, alpha=1.5)


def test_relative_importance_of_a_matrix() -> None:
    matrix = np.zeros((2, 3))
    matrix.ravel()[MASK.positions] = WEIGHTS
    expected = np.zeros(6)
    expected[MASK.positions] = score("relative_importance")
    assert relative_importance(matrix).tolist() == expected.reshape(2, 3).tolist()
    assert np.array_equal(relative_importance(matrix.T), relative_importance(matrix).T)
    assert relative_importance(np.zeros((3, 2))).tolist() == np.zeros((3, 2)).tolist()


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.0, 4.0]), max_size=30), st.data())
def test_counts_are_exact_and_soft_choices_spare_the_positive(values: list[float], data: st.DataObject) -> None:
    scores = np.array(values)
    n = data.draw(st.integers(0, scores.size))
    exponent = data.draw(st.sampled_from([None, 0.0, 1.0, 3.0, 50.0]))
    removed = choose_removed(scores, n, exponent=exponent, rng=np.random.default_rng(1))
    assert removed.size == n
    assert (np.diff(removed) > 0).all()
    if exponent != 0.0:
        n_zeros = int((scores == 0).sum())
        assert (scores[removed] == 0).sum() == min(n, n_zeros)


def test_the_soft_choice_draws_the_links_that_stay() -> None:
    """One of four stays: with probability score^2 over its sum."""
    scores = np.array([1.0, 2.0, 3.0, 0.0])
    rng = np.random.default_rng(8)
    stays = np.zeros(4)
    for _ in range(5000):
        stays[np.delete(np.arange(4), choose_removed(scores, 3, exponent=2.0, rng=rng))] += 1
    assert stays[3] == 0
    assert stats.chisquare(stays[:3], 5000 * scores[:3] ** 2 / 14).pvalue > 1e-4


def test_signs_are_judged_apart() -> None:
    weights = np.array([5.0, 6.0, 7.0, 8.0, -0.1, -0.2, 0.0])
    rng = np.random.default_rng(0)
    # The zero first, then two of four positive and one of two negative: 4 : 2.
    assert choose_removed_by_sign(weights, 4, rng=rng).tolist() == [0, 1, 4, 6]
    assert choose_removed_by_sign(weights, 1, rng=rng).tolist() == [6]
    assert choose_removed_by_sign(weights, 7, rng=rng).tolist() == list(range(7))


@given(st.lists(st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0]), max_size=30), st.data())
def test_both_signs_lose_their_share(values: list[float], data: st.DataObject) -> None:
    weights = np.array(values)
    n = data.draw(st.integers(0, weights.size))
    removed = choose_removed_by_sign(weights, n, rng=np.random.default_rng(2))
    assert removed.size == n
    assert (np.diff(removed) > 0).all()
    n_zeros = int((weights == 0).sum())
    assert (weights[removed] == 0).sum() == min(n, n_zeros)
    if n > n_zeros:
        share = (n - n_zeros) / (weights.size - n_zeros)
        assert abs((weights[removed] > 0).sum() - share * (weights > 0).sum()) <= 0.5


def test_what_cannot_be_removed_is_refused() -> None:
    rng = np.random.default_rng(0)
    for exponent in (None, 1.0):
        with pytest.raises(DataError, match="5 of 4"):
            choose_removed(np.ones(4), 5, exponent=exponent, rng=rng)
        with pytest.raises(DataError, match="diverged"):
            choose_removed(np.array([1.0, np.nan]), 1, exponent=exponent, rng=rng)
    with pytest.raises(DataError, match="5 of 4"):
        choose_removed_by_sign(np.ones(4), 5, rng=rng)
    with pytest.raises(DataError, match="diverged"):
        choose_removed_by_sign(np.array([1.0, np.nan]), 1, rng=rng)
