"""The soft sampler: exact counts, its law, and what it refuses."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.topology.sampling import sample_without_replacement

scores_and_count = st.lists(st.sampled_from([0.0, 1e-300, 0.1, 1.0, 7.0, 1e300]), min_size=1, max_size=30).flatmap(
    lambda scores: st.tuples(st.just(np.array(scores)), st.integers(0, int(np.count_nonzero(scores))))
)


@given(scores_and_count, st.sampled_from([0.0, 0.5, 1.0, 3.0, 1e6]), st.integers(0, 99))
def test_the_count_is_exact_and_zeros_are_never_drawn(case: tuple[np.ndarray, int], exponent: float, seed: int) -> None:
    scores, k = case
    drawn = sample_without_replacement(scores, k, exponent=exponent, rng=np.random.default_rng(seed))
    assert drawn.dtype == np.int64
    assert drawn.size == k
    assert (np.diff(drawn) > 0).all()
    assert exponent == 0 or (scores[drawn] > 0).all()
    again = sample_without_replacement(scores, k, exponent=exponent, rng=np.random.default_rng(seed))
    assert np.array_equal(drawn, again)


def probability_of_set(weights: np.ndarray, chosen: tuple[int, ...]) -> float:
    """By definition: the sum over all orders of drawing the set, each draw proportional among what is left."""
    total = 0.0
    for order in itertools.permutations(chosen):
        left, chance = weights.sum(), 1.0
        for item in order:
            chance *= weights[item] / left
            left -= weights[item]
        total += chance
    return total


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_sets_are_drawn_with_the_probability_of_successive_draws(exponent: float) -> None:
    scores = np.array([0.5, 1.0, 2.0, 4.0, 1.0])
    rng = np.random.default_rng(11)
    n_draws = 20_000
    sets = list(itertools.combinations(range(5), 2))
    counts = dict.fromkeys(sets, 0)
    for _ in range(n_draws):
        drawn = sample_without_replacement(scores, 2, exponent=exponent, rng=rng)
        counts[tuple(drawn.tolist())] += 1
    expected = [n_draws * probability_of_set(scores**exponent, pair) for pair in sets]
    assert stats.chisquare([counts[pair] for pair in sets], expected).pvalue > 1e-4


@pytest.mark.parametrize(
    "scores",
    [np.arange(17.0), np.array([1e9, *np.arange(1.0, 17.0)])],
    ids=["few repeats", "so many repeats that the second way ends the draw"],
)
def test_few_of_many_are_drawn_with_the_probability_of_successive_draws(scores: np.ndarray) -> None:
    rng = np.random.default_rng(12)
    n_draws = 10_000
    sets = list(itertools.combinations(np.flatnonzero(scores).tolist(), 2))
    expected = np.array([n_draws * probability_of_set(scores, pair) for pair in sets])
    assert expected.sum() == pytest.approx(n_draws)
    counts = dict.fromkeys(sets, 0)
    for _ in range(n_draws):
        counts[tuple(sample_without_replacement(scores, 2, rng=rng).tolist())] += 1
    observed = np.array(list(counts.values()))
    often = expected > 5
    assert observed[~often].sum() <= 5 + 2 * expected[~often].sum() + 5 * np.sqrt(expected[~often].sum())
    total = observed[often].sum()
    assert stats.chisquare(observed[often], expected[often] * total / expected[often].sum()).pvalue > 1e-4


def test_a_large_exponent_is_the_rigid_choice() -> None:
    scores = np.array([1.0, 1.01, 1.02, 1.03, 0.0])
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert sample_without_replacement(scores, 2, exponent=1e5, rng=rng).tolist() == [2, 3]


def test_exponent_zero_draws_zeros_too() -> None:
    scores = np.array([0.0, 5.0, 0.0])
    assert sample_without_replacement(scores, 3, exponent=0.0, rng=np.random.default_rng(0)).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("scores", "k", "exponent"),
    [
        ([0.0, 1.0], 2, 1.0),
        ([1.0, 1.0], 3, 0.0),
        ([1.0], -1, 1.0),
        ([1.0, -1.0], 1, 1.0),
        ([1.0, np.nan], 1, 1.0),
        ([1.0, np.inf], 1, 1.0),
        ([1.0, 2.0], 1, -1.0),
        ([1.0, 2.0], 1, np.inf),
    ],
)
def test_what_cannot_be_drawn_is_refused(scores: list[float], k: int, exponent: float) -> None:
    with pytest.raises(ValueError, match=r"asked for|must be finite"):
        sample_without_replacement(np.array(scores), k, exponent=exponent, rng=np.random.default_rng(0))
