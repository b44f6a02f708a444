"""Inequality by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.kernels.spread import entropy, gini, top_share


@pytest.mark.parametrize(
    ("values", "expected"),
    [([3, 3, 3], 0.0), ([0, 0, 0, 5], 0.75), ([1, 2, 3, 4], 0.25)],  # sums of |x - y| over 2 n^2 mean: 0, 30/40, 20/80
)
def test_gini(values: list[int], expected: float) -> None:
    assert gini(np.array(values)) == pytest.approx(expected, abs=1e-15)


def test_gini_is_the_mean_absolute_difference() -> None:
    values = np.random.default_rng(0).integers(0, 50, 200)
    differences = np.abs(values[:, None] - values[None, :]).sum() / (2 * 200**2 * values.mean())
    assert gini(values) == pytest.approx(differences)


def test_entropy() -> None:
    assert entropy(np.array([7])) == 0.0
    assert entropy(np.array([5, 5, 0])) == pytest.approx(np.log(2))


def test_top_share_takes_at_least_one() -> None:
    values = np.arange(1, 101)
    assert top_share(values, 0.01) == pytest.approx(100 / 5050)
    assert top_share(values, 0.05) == pytest.approx((96 + 97 + 98 + 99 + 100) / 5050)
    assert top_share(np.array([1, 3]), 0.01) == pytest.approx(0.75)
