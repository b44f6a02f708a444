from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, special

from sparsegraph.errors import DataError
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, draw_discrete, fit_discrete


def brute_force(data: np.ndarray, xmin: int) -> tuple[float, float]:
    """Exponent and distance of a tail by a bounded search and a sum over every integer; for alpha within 1.01 to 60."""
    tail = data[data >= xmin]

    def cost(alpha: float) -> float:
        return alpha * np.log(tail / xmin).mean() + math.log(special.zeta(alpha, xmin)) + alpha * math.log(xmin)

    alpha = optimize.minimize_scalar(cost, bounds=(1.01, 60), method="bounded", options={"xatol": 1e-10}).x
    integers = np.arange(xmin, tail.max() + 1)
    fitted = 1 - special.zeta(alpha, integers + 1) / special.zeta(alpha, xmin)
    empirical = (tail[:, None] <= integers).mean(axis=0)
    return alpha, np.abs(fitted - empirical).max()


SAMPLES = {
    "dense": draw_discrete(3.0, 1, 400, np.random.default_rng(0)),
    "gaps": np.minimum(draw_discrete(1.8, 2, 60, np.random.default_rng(1)), 3000),
    "poisson": np.random.default_rng(2).poisson(9, 300),
    "even": 2 * np.random.default_rng(3).geometric(0.2, 200),
    "two": np.array([4] * 30 + [90]),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_scan_equals_brute_force_over_every_xmin_and_every_integer(name: str) -> None:
    data = SAMPLES[name][SAMPLES[name] > 0]
    candidates = np.unique(data)[:-1]
    tails = [brute_force(data, int(xmin)) for xmin in candidates]
    best = int(np.argmin([distance for _, distance in tails]))
    fit = fit_discrete(SAMPLES[name])
    assert fit.xmin == candidates[best]
    assert fit.alpha == pytest.approx(tails[best][0], abs=1e-6)
    assert fit.ks_distance == pytest.approx(tails[best][1], abs=1e-7)
    assert (fit.n, fit.n_tail) == (data.size, (data >= fit.xmin).sum())


@pytest.mark.parametrize("xmin", [1, 3, 7, 50])
def test_a_fixed_xmin_need_not_occur_in_the_data(xmin: int) -> None:
    data = np.array([2, 2, 3, 5, 5, 8, 13, 60, 61, 200])
    alpha, distance = brute_force(data, xmin)
    fit = fit_discrete(data, xmin=xmin)
    assert (fit.xmin, fit.fixed_xmin) == (xmin, True)
    assert fit.alpha == pytest.approx(alpha, abs=1e-6)
    assert fit.ks_distance == pytest.approx(distance, abs=1e-7)


def test_the_distance_looks_inside_gaps() -> None:
    # 9 times 1 and once 1000: at 1 the empirical function is 0.9, just before 1000 still, while the fit has grown
    data = np.array([1] * 9 + [1000])
    fit = fit_discrete(data)
    first = 1 / special.zeta(fit.alpha, 1)
    before_last = 1 - special.zeta(fit.alpha, 1000) / special.zeta(fit.alpha, 1)
    assert fit.ks_distance == pytest.approx(max(abs(0.9 - first), abs(0.9 - before_last)), abs=1e-9)
    assert abs(0.9 - first) > abs(0.9 - before_last), "the largest distance is at the start of the gap"


@pytest.mark.parametrize(("q", "n"), [(1, 10**6), (10, 10**5), (110, 10**4), (2000, 10**6)])
def test_very_steep_tails_have_their_exact_exponent(q: int, n: int) -> None:
    # with n times q and once q + 1: E[ln(X / q)] = ln(1 + 1/q) / (n + 1), where other values hardly count
    fit = fit_discrete(np.repeat([q, q + 1], [n, 1]))
    share = 1 / (n + 1)
    approximate = math.log((1 - share) / share) / math.log1p(1 / q)
    assert fit.alpha == pytest.approx(approximate, rel=1e-3)
    log_ratio = np.log1p(np.arange(400) / q)
    terms = np.exp(-fit.alpha * log_ratio)
    assert (terms @ log_ratio) / terms.sum() == pytest.approx(math.log1p(1 / q) * share, rel=1e-8)
    assert 0 < fit.sigma < math.inf


def test_tails_with_alpha_near_1() -> None:
    data = draw_discrete(1.02, 1, 4000, np.random.default_rng(0))
    fit = fit_discrete(data[data < 2**62], xmin=1)
    assert 1.0 < fit.alpha < 1.1
    huge = fit_discrete(np.array([1, 2**61, 2**62]), xmin=1)
    assert 1.0 < huge.alpha < 1.1
    assert 0.0 <= huge.ks_distance <= 1.0


def test_sigma_is_the_curvature_of_the_likelihood() -> None:
    data = SAMPLES["dense"]
    fit = fit_discrete(data, xmin=2)
    step = 1e-3
    tail = data[data >= 2]

    def log_likelihood(alpha: float) -> float:
        return -alpha * np.log(tail).sum() - tail.size * math.log(special.zeta(alpha, 2))

    around = [log_likelihood(fit.alpha + shift) for shift in (-step, 0, step)]
    assert fit.log_likelihood == pytest.approx(around[1], abs=1e-8)
    assert fit.sigma == pytest.approx((-(around[0] - 2 * around[1] + around[2]) / step**2) ** -0.5, rel=1e-4)


def test_a_grid_gives_its_likeliest_exponent() -> None:
    data = SAMPLES["dense"]
    fit = fit_discrete(data, xmin=1, alpha_grid=CLAUSET_GRID)
    likelihoods = -CLAUSET_GRID * np.log(data).sum() - data.size * np.log(special.zeta(CLAUSET_GRID, 1))
    assert fit.alpha == CLAUSET_GRID[likelihoods.argmax()]
    assert fit.on_grid
    assert not fit.capped


@pytest.mark.parametrize(("grid", "alpha"), [([1.5, 2.0], 2.0), ([4.0, 5.0], 4.0), ([2.2], 2.2)])
def test_a_grid_beside_the_optimum_gives_its_nearest_end(grid: list[float], alpha: float) -> None:
    fit = fit_discrete(SAMPLES["dense"], xmin=1, alpha_grid=grid)
    assert fit.alpha == alpha
    assert fit.capped == (alpha == grid[-1])


def test_the_finite_size_correction() -> None:
    plain, corrected = (fit_discrete(SAMPLES["gaps"], finite_size=flag) for flag in (False, True))
    n = plain.n_tail
    assert corrected.alpha == pytest.approx(plain.alpha * (n - 1) / n + 1 / n, rel=1e-14)
    assert (corrected.xmin, corrected.ks_distance) == (plain.xmin, plain.ks_distance)
    assert corrected.log_likelihood < plain.log_likelihood


@pytest.mark.parametrize(
    ("data", "xmin", "message"),
    [
        ([], None, "no positive data"),
        ([0, 0], None, "no positive data"),
        ([7, 7, 7], None, "all 3 positive data equal 7"),
        ([0, 5], None, "all 1 positive data equal 5"),
        ([1, 2, 9], 9, "all 1 data from xmin 9 on equal 9"),
        ([1, 2, 9], 10, "xmin is 10 but the largest value is 9"),
        ([1, 2, 9], 0, "xmin is 0"),
        ([], 3, "no positive data"),
        ([1, -2], None, "down to -2"),
        ([1.5, 2], None, "no integers"),
    ],
)
def test_what_has_no_fit_is_refused_with_the_reason(data: list[int], xmin: int | None, message: str) -> None:
    with pytest.raises(DataError, match=message):
        fit_discrete(data, xmin=xmin)


@pytest.mark.parametrize("grid", [[], [1.0, 2.0], [2.0, 1.5], [[1.5, 2.0]], [np.nan]])
def test_grids_must_ascend_above_1(grid: list) -> None:
    with pytest.raises(DataError, match="ascending"):
        fit_discrete([1, 2, 3], alpha_grid=grid)


@pytest.mark.parametrize(("alpha", "xmin"), [(1.0, 1), (0.5, 1), (math.nan, 1), (math.inf, 1), (2.0, 0)])
def test_laws_that_do_not_exist_are_not_drawn_from(alpha: float, xmin: int) -> None:
    with pytest.raises(DataError, match="no power law"):
        draw_discrete(alpha, xmin, 3, np.random.default_rng(0))


def test_draws_are_integers_even_where_the_law_has_no_mean() -> None:
    drawn = draw_discrete(1.05, 1, 2000, np.random.default_rng(0))
    assert drawn.dtype == np.int64
    # P(X > 2^62) is about (2^62)^-0.05 / 0.05 / zeta(1.05) = 0.11
    assert 0.08 < (drawn == 2**62).mean() < 0.14
