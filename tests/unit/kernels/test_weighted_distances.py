"""Weighted distances against scipy, whatever search runs and whatever it drops on the way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import csgraph

from sparsegraph.kernels.spanning_tree import tree_distances
from sparsegraph.kernels.weighted_distances import WeightedLinks, weighted_distances


def random_links(n: int, n_links: int, lengths: np.ndarray, seed: int = 0) -> tuple[WeightedLinks, sparse.csr_array]:
    """A random net, its lengths drawn from a list, in both forms."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < 2 * n_links / n**2, 1)
    matrix = np.where(upper, rng.choice(lengths, (n, n)), 0.0)
    whole = sparse.csr_array(matrix + matrix.T)
    whole.sort_indices()
    return WeightedLinks(whole.indptr.astype(np.int64), whole.indices.astype(np.int32), whole.data), whole


@pytest.mark.parametrize(
    "lengths",
    [
        np.arange(1.0, 40.0),  # small integers: buckets
        np.array([1.0, 2.0, 1e6]),  # integers too large for buckets, most of them detours
        np.random.default_rng(1).random(50) + 0.1,  # real numbers: heap
        np.array([1.0]),  # nothing but ties
    ],
    ids=["whole", "far", "real", "equal"],
)
def test_distances_are_those_of_scipy(lengths: np.ndarray) -> None:
    links, matrix = random_links(300, 900, lengths)  # three rounds of sources; a few neurons without links
    wanted = csgraph.dijkstra(matrix, directed=False)
    found = weighted_distances(links, np.arange(300))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    assert np.isinf(found).any()
    some = np.array([7, 3, 250])
    np.testing.assert_allclose(weighted_distances(links, some), wanted[some], rtol=1e-12)


def test_the_number_of_threads_changes_nothing() -> None:
    links, _ = random_links(250, 700, np.random.default_rng(2).random(90) + 0.1)
    alone, together = (weighted_distances(links, np.arange(250), n_threads=n) for n in (1, 3))
    np.testing.assert_array_equal(alone, together)


def test_tree_distances_are_those_along_the_minimum_spanning_tree() -> None:
    links, matrix = random_links(
        80, 600, np.random.default_rng(3).random(4000) + 0.1
    )  # lengths all but surely distinct
    wanted = csgraph.dijkstra(csgraph.minimum_spanning_tree(matrix), directed=False)
    np.testing.assert_allclose(tree_distances(links, np.arange(80)), wanted, rtol=1e-12)
    np.testing.assert_allclose(tree_distances(links, np.array([5, 0])), wanted[[5, 0]], rtol=1e-12)
