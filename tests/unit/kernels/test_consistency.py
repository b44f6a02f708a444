"""The cut by brute force over all orders of ties; the same answer by both routes and in every order of neurons."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.kernels.consistency import perturbed_scores, recovery
from sparsegraph.kernels.spectral import structural_consistency
from sparsegraph.kernels.two_colouring import two_sides


@given(st.lists(st.tuples(st.integers(-1, 2), st.booleans()), min_size=1, max_size=6), st.integers(0, 2))
def test_the_share_is_the_mean_over_all_orders_of_ties(pairs: list[tuple[int, bool]], n_zero: int) -> None:
    if not any(gone for _, gone in pairs):
        return
    scores, removed = np.array([score for score, _ in pairs], float), np.array([gone for _, gone in pairs])
    n = int(removed.sum())
    every = list(zip([*scores, *[0.0] * n_zero], [*removed, *[False] * n_zero], strict=True))
    shares = []
    for order in itertools.permutations(every):
        chosen = sorted(order, key=lambda pair: pair[0])[len(every) - n :]  # stable and ascending, the last n
        shares.append(sum(gone for _, gone in chosen) / n)
    found = recovery(scores, removed, n_zero=n_zero)
    assert math.isclose(found.share, sum(shares) / len(shares), rel_tol=1e-12)
    cut = sorted(score for score, _ in every)[len(every) - n]
    n_level = sum(score == cut for score, _ in every)
    n_open = n - sum(score > cut for score, _ in every)
    assert found.n_tied == (n_level if n_open < n_level else 0)


def test_rounding_makes_no_order_among_ties() -> None:
    scores = 0.5 + 1e-15 * np.array([3.0, 1.0, 2.0, 0.0])
    assert recovery(scores, np.array([True, False, False, False])) == (0.25, 4)


def network(seed: int, *, bipartite: bool) -> tuple[np.ndarray, np.ndarray]:
    """A random network with equal neurons and leaves, and the same without a tenth of its links."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((60, 60)) < 0.08, 1)
    upper[:, 50:] = upper[:, [40]]  # twins
    if bipartite:
        upper[:30, :30] = upper[30:, 30:] = False
    upper = np.triu(upper, 1)
    places = np.flatnonzero(upper)
    left = upper.copy()
    left.flat[rng.choice(places, round(0.1 * places.size), replace=False)] = False
    return (upper + upper.T).astype(int), (left + left.T).astype(int)


@pytest.mark.parametrize("seed", range(8))
def test_both_routes_give_one_answer(seed: int) -> None:
    adjacency, training = network(seed, bipartite=True)
    left = sparse.csr_array(training.astype(float))
    removed = sparse.csr_array((adjacency - training).astype(float))
    sides = two_sides(sparse.csr_array(adjacency))
    assert sides is not None
    n_candidates = 60 * 59 // 2 - training.sum() // 2
    half = perturbed_scores(left, removed, sides).recovery(n_candidates)
    full = perturbed_scores(left, removed, None).recovery(n_candidates)
    assert half == pytest.approx(full, abs=1e-12)
    assert structural_consistency(adjacency, training) == half.share


@pytest.mark.parametrize("bipartite", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_names_of_the_neurons_do_not_matter(seed: int, *, bipartite: bool) -> None:
    adjacency, training = network(seed, bipartite=bipartite)
    expected = structural_consistency(adjacency, training)
    for again in range(3):
        order = np.random.default_rng(again).permutation(60)
        found = structural_consistency(adjacency[np.ix_(order, order)], training[np.ix_(order, order)])
        assert found == pytest.approx(expected, abs=1e-12)


def test_sparse_and_dense_matrices_are_the_same() -> None:
    adjacency, training = network(0, bipartite=False)
    expected = structural_consistency(adjacency, training)
    assert structural_consistency(sparse.csr_array(adjacency), sparse.coo_array(training)) == expected
    assert structural_consistency(adjacency.astype(np.uint8), training.astype(bool)) == expected


def test_matrices_that_are_no_networks_are_refused() -> None:
    adjacency, training = network(0, bipartite=False)
    with pytest.raises(DataError, match=r"adjacency has the shape \(60, 59\)"):
        structural_consistency(adjacency[:, :59], training)
    with pytest.raises(DataError, match="training must be symmetric"):
        structural_consistency(adjacency, np.triu(training))
    with pytest.raises(DataError, match="adjacency must be symmetric"):
        structural_consistency(2 * adjacency, training)
    with pytest.raises(DataError, match="adjacency must be symmetric"):
        structural_consistency(adjacency + np.eye(60, dtype=int), training)
    for other in (adjacency, training[:59, :59], 1 - training - np.eye(60, dtype=int)):
        with pytest.raises(DataError, match="at least one link taken out"):
            structural_consistency(adjacency, other)
