"""Kendall's tau-b against scipy, with ties of every kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from sparsegraph.kernels.kendall import kendall_tau_b

pairs = st.integers(2, 40).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(-3, 60), min_size=n, max_size=n) for _ in range(2)])
)


@given(pairs)
def test_agrees_with_scipy(vectors: tuple[list[int], list[int]]) -> None:
    x, y = map(np.array, vectors)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert math.isnan(kendall_tau_b(x, y))
    else:
        assert kendall_tau_b(x, y) == pytest.approx(kendalltau(x, y).statistic, abs=1e-12)


@pytest.mark.parametrize("kind", ["floats", "large integers", "many", "degrees"])
def test_agrees_with_scipy_on_other_numbers(kind: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.poisson(30, 5000)
    y = x + rng.poisson(15, 5000)
    if kind == "floats":
        x, y = x / 7.0, rng.normal(size=5000)
    elif kind == "large integers":
        x, y = x * 10**12, -y * 10**12
    elif kind == "many":
        x, y = rng.permutation(70_000), np.arange(70_000)  # more distinct values than 16 bits hold
    assert kendall_tau_b(x, y) == pytest.approx(kendalltau(x, y).statistic, abs=1e-12)


def test_by_hand() -> None:
    # pairs (1,2) ordered oppositely, (1,3) tied in y, (2,3) tied in x: (0 - 1) / sqrt((3 - 1) (3 - 1))
    assert kendall_tau_b(np.array([2, 3, 3]), np.array([3, 1, 3])) == -0.5


def test_itself_and_reversed() -> None:
    x = np.array([5, 5, 1, 0, 9, 9, 9, 2])
    assert kendall_tau_b(x, x) == 1.0
    assert kendall_tau_b(x, -x) == -1.0


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_to_compare(n: int) -> None:
    assert math.isnan(kendall_tau_b(np.arange(n), np.arange(n)))
