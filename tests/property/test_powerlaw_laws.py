"""Laws of the power-law fit that hold for any data."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sparsegraph.kernels.histogram import histogram_of
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import compare_tails

degrees = st.lists(st.integers(0, 60) | st.integers(0, 10**6), min_size=2, max_size=40).filter(
    lambda data: len({value for value in data if value > 0}) >= 2
)


@given(degrees, st.randoms(use_true_random=False))
def test_neither_order_nor_zeros_matter(data: list[int], random: object) -> None:
    shuffled = [*data, 0, 0]
    random.shuffle(shuffled)
    assert fit_discrete(shuffled) == fit_discrete(data)


@given(degrees)
def test_a_histogram_is_its_data(data: list[int]) -> None:
    values, counts = histogram_of(data)
    assert sorted(value for value in data if value) == np.repeat(values, counts.astype(int)).tolist()


@given(degrees)
def test_a_fit_stays_in_its_ranges(data: list[int]) -> None:
    fit = fit_discrete(data)
    assert 1.0 < fit.alpha < np.inf
    assert 0.0 < fit.sigma < np.inf
    assert 0.0 <= fit.ks_distance <= 1.0
    assert 2 <= fit.n_tail <= fit.n
    assert fit.xmin in data
    assert fit.xmin < max(data)
    assert fit.log_likelihood <= 1e-9


@given(degrees)
def test_the_selected_tail_is_the_nearest_of_all_fixed_ones(data: list[int]) -> None:
    selected = fit_discrete(data)
    candidates = sorted({value for value in data if 0 < value < max(data)})
    distances = [fit_discrete(data, xmin=xmin).ks_distance for xmin in candidates]
    assert abs(selected.ks_distance - min(distances)) < 1e-9
    assert abs(distances[candidates.index(selected.xmin)] - selected.ks_distance) < 1e-9


@given(degrees, st.integers(2, 5))
def test_copies_of_the_data_change_only_the_standard_error(data: list[int], n_copies: int) -> None:
    once, often = fit_discrete(data), fit_discrete(data * n_copies)
    assume(once.xmin == often.xmin)  # exact ties between tails may fall either way
    assert np.isclose(often.alpha, once.alpha, rtol=1e-9)
    assert np.isclose(often.sigma * np.sqrt(n_copies), once.sigma, rtol=1e-6)
    assert np.isclose(often.ks_distance, once.ks_distance, atol=1e-9)


@given(degrees, st.integers(1, 60))
def test_no_exponent_is_likelier_than_the_fitted_one(data: list[int], xmin: int) -> None:
    assume(len({value for value in data if value >= xmin}) >= 2)
    free = fit_discrete(data, xmin=xmin)
    grid = fit_discrete(data, xmin=xmin, alpha_grid=CLAUSET_GRID)
    assert free.log_likelihood >= grid.log_likelihood - 1e-9 * abs(grid.log_likelihood)
    if 1.01 < free.alpha < 10:
        assert abs(free.alpha - grid.alpha) < 0.01


@settings(max_examples=40)
@given(degrees, st.sampled_from(["csn", "survival"]), st.integers(0, 2**32))
def test_p_is_a_share_and_repeatable(data: list[int], rule: str, seed: int) -> None:
    fit = fit_discrete(data)
    first, again = (
        bootstrap_p_value(data, fit, replicas=20, rng=np.random.default_rng(seed), rule=rule) for _ in range(2)
    )
    assert first == again
    assert 0.0 <= first <= 1.0
    assert round(first * 20) == first * 20


@settings(max_examples=40, deadline=None)
@given(degrees)
def test_any_tail_can_be_compared(data: list[int]) -> None:
    for test in compare_tails(data, fit_discrete(data)).values():
        assert np.isfinite([test.log_likelihood_ratio, test.normalised, *test.parameters.values()]).all()
        assert 0.0 <= test.p_value <= 1.0
        assert not (test.nested and test.log_likelihood_ratio > 0)
