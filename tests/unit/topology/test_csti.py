"""Correlated starts on inputs whose correlations are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from sparsegraph.errors import DataError
from sparsegraph.topology.csti import absolute_correlations, csti, csti_soft


def features(n_samples: int = 4000) -> np.ndarray:
    """Feature 1 follows 0, feature 3 opposes 2 less closely, 4 is on its own and 5 is constant."""
    rng = np.random.default_rng(0)
    a, b, c, noise = rng.normal(size=(4, n_samples))
    return np.stack([a, a + 0.1 * noise, b, noise - b, c, np.full(n_samples, 0.3)], axis=1).astype(np.float32)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_correlations_are_those_of_numpy(dtype: type) -> None:
    given_features = features().astype(dtype)
    found = absolute_correlations(given_features)
    expected = np.abs(np.corrcoef(given_features[:, :5].astype(np.float64), rowvar=False))
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(found[:5, :5], expected, rtol=0, atol=1e-11)
    assert not found[5].any()
    assert not found[:, 5].any()


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 6)), elements=st.integers(-3, 3)))
def test_correlations_are_symmetric_and_at_most_one(values: np.ndarray) -> None:
    found = absolute_correlations(values)
    assert np.array_equal(found, found.T)
    assert ((found >= 0) & (found <= 1)).all()
    assert not np.diagonal(found).any()


@pytest.mark.parametrize("scale", [1e-250, 1e250])
def test_correlations_have_no_scale(scale: float) -> None:
    inputs = features(100).astype(np.float64)
    assert np.array_equal(absolute_correlations(inputs * scale)[:5, :5], absolute_correlations(inputs)[:5, :5])


def test_the_sign_does_not_count_and_neither_do_constant_inputs() -> None:
    (mask,) = csti([(6, 6)], [4], features=features(), rng=rng())
    assert sorted(zip(mask.source.tolist(), mask.target.tolist(), strict=True)) == [(0, 1), (1, 0), (2, 3), (3, 2)]


def test_every_block_has_the_same_links() -> None:
    # 5 links cut a pair in two, and the same half is kept everywhere.
    masks = csti([(6, 6)] * 3, [5, 5, 5], features=features(), rng=rng())
    assert all(np.array_equal(mask.positions, masks[0].positions) for mask in masks)


def test_twice_the_size_is_copies() -> None:
    first, second = csti([(6, 12), (12, 12)], [4, 8], features=features(), rng=rng())
    assert set(zip(first.source.tolist(), first.target.tolist(), strict=True)) == {(0, 1), (0, 7), (1, 0), (1, 6)}
    assert {(s % 6, t % 6) for s, t in zip(second.source, second.target, strict=True)} == {(0, 1), (1, 0)}


def test_ties_are_broken_by_the_seed() -> None:
    halves = set()
    for seed in range(20):
        (mask,) = csti([(6, 6)], [1], features=features(), rng=np.random.default_rng(seed))
        halves.add((int(mask.source[0]), int(mask.target[0])))
    assert halves == {(0, 1), (1, 0)}


def test_more_links_than_correlations() -> None:
    # 5 features vary: 20 ordered pairs.
    for rule in (csti, csti_soft):
        with pytest.raises(DataError, match=r"only 20 pairs .* choose another start"):
            rule([(6, 6)], [21], features=features(), rng=rng())
        (mask,) = rule([(6, 6)], [25], features=features(), rng=rng(), fill="uniform")
        assert mask.n_links == 25
        (varying,) = rule([(6, 6)], [20], features=features(), rng=rng())
        assert mask.contains(varying.positions).all()


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_soft_links_follow_the_correlations(exponent: float) -> None:
    """One link: drawn with probability |r|^exponent over the sum of the matrix."""
    inputs = features(50)
    weights = absolute_correlations(inputs).ravel() ** exponent
    draws = np.random.default_rng(3)
    counts = np.zeros(36)
    for _ in range(1500):
        (mask,) = csti_soft([(6, 6)], [1], features=inputs, rng=draws, exponent=exponent)
        counts[mask.positions] += 1
    assert not counts[weights == 0].any()
    likely = 1500 * weights / weights.sum() > 5  # those that a chi-square test can judge, and all others together
    observed = [*counts[likely], counts[~likely].sum()]
    expected = [*(1500 * weights / weights.sum())[likely], 1500 * weights[~likely].sum() / weights.sum()]
    assert stats.chisquare(observed, expected).pvalue > 1e-4


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(6, 7)], "layers of 6, 7 neurons: with 6 input features hidden layers of 6 or 12"),
        ([(5, 6)], "layers of 5, 6 neurons"),
        ([(12, 12)], "layers of 12, 12 neurons"),
        ([(6, 18)], "hidden layers of 6 or 12"),
        ([(6, 12), (6, 12)], "cannot be made"),
    ],
)
def test_other_sizes_are_refused(shapes: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        csti(shapes, [1] * len(shapes), features=features(), rng=rng())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(bad: float) -> None:
    spoilt = features(10)
    spoilt[3, 2] = bad
    with pytest.raises(DataError, match="not finite"):
        csti([(6, 6)], [2], features=spoilt, rng=rng())


def test_features_are_a_table() -> None:
    with pytest.raises(DataError, match="samples, features"):
        absolute_correlations(np.zeros(5))
    with pytest.raises(DataError, match="samples, features"):
        absolute_correlations(np.zeros((0, 5)))
