"""Intervals and p-values of few numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.findings.arithmetic import effect_size, exact_share, signed_rank, spread_ratio, student

values = st.lists(st.integers(-6, 6), min_size=1, max_size=8).map(lambda found: np.array(found, float))


def test_student_agrees_with_scipy() -> None:
    sample = np.array([0.3, 0.5, 0.1, 0.9])
    found = student(sample, 0.9)
    law = stats.t(3, loc=sample.mean(), scale=stats.sem(sample))
    np.testing.assert_allclose([found.low, found.high], law.interval(0.9))
    assert found.error == pytest.approx(stats.sem(sample))


def test_one_number_has_no_bounds() -> None:
    found = student(np.array([0.3]))
    assert (found.low, found.high, found.error) == (-math.inf, math.inf, None)


@given(values)
def test_signed_rank_counts_all_signs(sample: np.ndarray) -> None:
    kept = sample[sample != 0]
    ranks = stats.rankdata(np.abs(kept))
    sums = [
        sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign)
        for signs in itertools.product((0, 1), repeat=len(kept))
    ]
    observed = ranks[kept > 0].sum()
    assert signed_rank(sample) == pytest.approx(np.mean([total >= observed for total in sums]))


def test_signed_rank_agrees_with_scipy_without_ties() -> None:
    sample = np.array([0.31, -0.12, 0.53, 0.24, 0.77, -0.05])
    expected = stats.wilcoxon(sample, alternative="greater", method="exact").pvalue
    assert signed_rank(sample) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "least"), [(1, 0.5), (3, 0.125), (6, 1 / 64)])
def test_the_smallest_p_is_two_to_the_minus_n(n: int, least: float) -> None:
    assert signed_rank(np.arange(1.0, n + 1)) == pytest.approx(least)


def test_exact_share_agrees_with_scipy() -> None:
    found = exact_share(7, 9)
    expected = stats.binomtest(7, 9).proportion_ci(0.95, method="exact")
    np.testing.assert_allclose([found.low, found.high], [expected.low, expected.high])
    assert (exact_share(0, 4).low, exact_share(4, 4).high) == (0.0, 1.0)
    assert (exact_share(0, 4).error, exact_share(4, 4).error) == (None, None)  # not a certainty of 0


def test_spread_ratio_pools_over_groups() -> None:
    first, second = [np.array([0.0, 2.0]), np.array([10.0, 14.0])], [np.array([0.0, 1.0]), np.array([5.0, 6.0])]
    found = spread_ratio(first, second)
    assert found is not None
    assert math.exp(found.value) == pytest.approx(math.sqrt(((2 + 8) / 2) / ((0.5 + 0.5) / 2)))
    assert spread_ratio([np.ones(3)], second) is None
    assert spread_ratio([np.array([1.0])], [np.array([2.0])]) is None


def test_effect_size_is_undefined_without_spread() -> None:
    assert effect_size(np.array([2.0, 2.0, 2.0])) is None
    assert effect_size(np.array([0.0, 2.0])) == pytest.approx(1 / math.sqrt(2))
