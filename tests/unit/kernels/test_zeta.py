from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from sparsegraph.kernels.powerlaw import draw_discrete
from sparsegraph.kernels.zeta import LARGEST_DRAW, log_moments, quantile, survival, zeta_scaled


@pytest.mark.parametrize("alpha", [1.0001, 1.05, 1.5, 2.0, 2.5, 3.7, 6.0, 12.0])
@pytest.mark.parametrize("q", [1.0, 2.0, 7.0, 40.0, 1000.0])
def test_the_scaled_zeta_function_equals_scipy(alpha: float, q: float) -> None:
    expected = special.zeta(alpha, q) * q**alpha
    assert zeta_scaled(alpha, q) == pytest.approx(expected, rel=1e-12)
    assert log_moments(alpha, q)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("alpha", [20.0, 150.0, 1000.0, 50000.0])
@pytest.mark.parametrize("q", [1.0, 13.0, 110.0, 2000.0])
def test_steep_laws_equal_the_plain_sum(alpha: float, q: float) -> None:
    # terms beyond q + 40000 are below (1 + 40000 / q)^-20 < 1e-26 of the first
    log_ratio = np.log1p(np.arange(40000) / q)
    terms = np.exp(-alpha * log_ratio)
    h, mean, variance = log_moments(alpha, q)
    expected_mean = (terms @ log_ratio) / terms.sum()
    assert zeta_scaled(alpha, q) == pytest.approx(terms.sum(), rel=1e-12)
    assert h == pytest.approx(terms.sum(), rel=1e-12)
    assert mean == pytest.approx(expected_mean, rel=1e-10)
    assert variance == pytest.approx((terms @ (log_ratio - expected_mean) ** 2) / terms.sum(), rel=1e-8)


@pytest.mark.parametrize("alpha", [1.2, 1.5, 2.5, 5.0, 20.0])
@pytest.mark.parametrize("q", [1.0, 6.0, 110.0])
def test_moments_are_the_derivatives_of_the_log_normaliser(alpha: float, q: float) -> None:
    step = 1e-4 * (alpha - 1)
    below, here, above = (math.log(zeta_scaled(alpha + shift, q)) for shift in (-step, 0.0, step))
    _, mean, variance = log_moments(alpha, q)
    assert mean == pytest.approx((below - above) / (2 * step), rel=1e-6)
    assert variance == pytest.approx((below - 2 * here + above) / step**2, rel=1e-4)


@pytest.mark.parametrize(("alpha", "q"), [(1.5, 1.0), (2.5, 1.0), (2.5, 30.0), (9.0, 13.0), (60.0, 20.0)])
def test_a_quantile_is_the_value_whose_step_holds_the_level(alpha: float, q: float) -> None:
    h = zeta_scaled(alpha, q)
    for x in [*range(int(q), int(q) + 60), 1000, 10**6, 10**9]:
        upper, lower = survival(float(x), alpha, q, h), survival(x + 1.0, alpha, q, h)
        level = 0.5 * (upper + lower)
        if x >= q and lower < level < upper:
            assert quantile(level, alpha, q, h) == x
    assert quantile(1.0, alpha, q, h) == q


def test_quantiles_of_heavy_tails_end_and_stay_finite() -> None:
    for alpha in (1.0000001, 1.01, 1.1, 1.5):
        for level in (1e-300, 2.0**-53, 1e-8, 0.5, 1.0):
            drawn = quantile(level, alpha, 1.0, zeta_scaled(alpha, 1.0))
            assert 1.0 <= drawn <= LARGEST_DRAW


@pytest.mark.parametrize(("alpha", "xmin"), [(1.5, 1), (2.5, 3), (4.0, 1), (30.0, 25)])
def test_draws_follow_the_law(alpha: float, xmin: int) -> None:
    n = 20000
    drawn = draw_discrete(alpha, xmin, n, np.random.default_rng(0))
    assert drawn.min() == xmin
    values = np.arange(xmin, xmin + 30)
    expected = n * values**-alpha / special.zeta(alpha, xmin)
    observed = (drawn[:, None] == values).sum(axis=0)
    # bins with an expectation below 5 go into the rest
    kept = expected >= 5
    observed, expected = observed[kept], expected[kept]
    observed, expected = np.append(observed, n - observed.sum()), np.append(expected, n - expected.sum())
    assert stats.chisquare(observed, expected).pvalue > 1e-3
