"""The embedding's door: what it refuses, radii by hand, landmarks."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.kernels import hyperbolic as door
from sparsegraph.kernels.angles import directions
from sparsegraph.kernels.hyperbolic import coalescent_embedding, embed, radii
from sparsegraph.kernels.pre_weighting import link_lengths
from sparsegraph.kernels.weighted_distances import WeightedLinks


def matrix_of(graph: nx.Graph) -> sparse.csr_array:
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=sorted(graph), dtype=float))


def weighted(graph: nx.Graph) -> WeightedLinks:
    matrix = matrix_of(graph)
    matrix.sort_indices()
    indptr, neighbours = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    return WeightedLinks(indptr, neighbours, link_lengths(indptr, neighbours, "RA1"))


@pytest.mark.parametrize(
    ("adjacency", "message"),
    [
        (np.ones((3, 4)), "square"),
        (np.array([[0.0, 1.0], [1.0, 0.0]]), "at least 4"),
        (np.triu(np.ones((5, 5)), 1), "symmetric"),
        (np.eye(5), "self-links"),
        (-matrix_of(nx.path_graph(5)), "negative"),
        (matrix_of(nx.disjoint_union(nx.path_graph(3), nx.path_graph(3))), "2 components"),
        (matrix_of(nx.complete_graph(5)), "complete"),
        (matrix_of(nx.cycle_graph(6)), "2 distinct values"),
    ],
)
def test_what_cannot_be_embedded_is_refused(adjacency: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        coalescent_embedding(adjacency)


@pytest.mark.parametrize("option", ["weighting", "reduction", "adjustment"])
def test_unknown_options_are_refused_by_name(option: str) -> None:
    with pytest.raises(DataError, match=option):
        coalescent_embedding(matrix_of(nx.karate_club_graph()), **{option: "nonsense"})


def test_radii_by_hand() -> None:
    """gamma 3: b = 1/2, r_i = ln i + ln n; the second and third of equal degree in the order of their names."""
    np.testing.assert_allclose(radii(np.array([1, 5, 2, 2]), 3.0), np.log([4 * 4, 1 * 4, 2 * 4, 3 * 4]))
    # gamma 1.5: b = 2, r_i = 4 ln i - 2 ln n, below 0 for the first two of 4
    np.testing.assert_allclose(radii(np.array([4, 3, 2, 1]), 1.5), [0, 0, 4 * np.log(3) - 2 * np.log(4), 2 * np.log(4)])
    with pytest.raises(DataError, match="gamma"):
        radii(np.array([1, 2]), 1.0)


def test_a_given_gamma_needs_no_fit() -> None:
    _, r = coalescent_embedding(matrix_of(nx.grid_2d_graph(3, 4)), gamma=3.0)
    np.testing.assert_allclose(np.sort(r), np.log(np.arange(1, 13)) + np.log(12))


def test_all_neurons_as_landmarks_are_the_exact_embedding() -> None:
    links = weighted(nx.powerlaw_cluster_graph(300, 3, 0.5, seed=1))
    for reduction in ("ISO", "ncISO", "MCE", "ncMCE"):
        exact = embed(links, reduction=reduction, n_landmarks=None)
        through_all = embed(links, reduction=reduction, n_landmarks=300)
        assert (exact.n_landmarks, through_all.n_landmarks) == (0, 300)
        scale = np.abs(exact.coordinates.points).max()
        np.testing.assert_allclose(through_all.coordinates.points, exact.coordinates.points, atol=1e-7 * scale)


def test_500_landmarks_find_nearly_the_exact_angles() -> None:
    rng = np.random.default_rng(0)
    places = np.sort(rng.uniform(0, 2 * np.pi, 1500))
    near = np.abs(np.angle(np.exp(1j * (places[:, None] - places)))) < 0.06
    links = weighted(nx.from_numpy_array(near & ~np.eye(1500, dtype=bool)))
    exact = directions(embed(links, reduction="ISO", n_landmarks=None).coordinates.points).theta
    fewer = directions(embed(links, reduction="ISO", n_landmarks=500).coordinates.points).theta
    assert likeness(exact, fewer) > 0.998
    assert likeness(exact, places) > 0.98


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """1 if angles agree up to rotation and reflection, near 0 for random ones."""
    return float(max(np.abs(np.exp(1j * (one - sign * other)).mean()) for sign in (1, -1)))


def test_large_networks_go_through_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = matrix_of(nx.powerlaw_cluster_graph(200, 3, 0.5, seed=1))
    monkeypatch.setattr(door, "N_LANDMARKS", 60)
    exact, _ = coalescent_embedding(matrix, adjustment="original")
    fewer, _ = coalescent_embedding(matrix, adjustment="original", largest_exact=199)
    assert 0.5 < likeness(exact, fewer) < 1.0


def test_vanishing_heat_kernels_are_refused() -> None:
    graph = nx.path_graph(40)
    lengths = np.ones(78)
    matrix = matrix_of(graph)
    matrix.data = lengths
    matrix[0, 1] = matrix[1, 0] = 5000.0  # 39 times the mean of 129
    with pytest.raises(DataError, match="ISO"):
        coalescent_embedding(matrix, weighting="original", reduction="LE", gamma=2.0)


@pytest.mark.parametrize(("bridge", "resolved"), [(3.0, True), (100.0, False)])
def test_a_heat_kernel_that_falls_apart_has_no_gap(bridge: float, resolved: bool) -> None:
    """Two clusters held together by one long link, whose kernel vanishes: two eigenvalues are 0, all mixtures solve."""
    clusters = nx.disjoint_union(nx.gnp_random_graph(30, 0.4, seed=1), nx.gnp_random_graph(30, 0.4, seed=2))
    clusters.add_edge(0, 30)
    matrix = matrix_of(clusters).tolil()
    matrix[0, 30] = matrix[30, 0] = bridge
    matrix = sparse.csr_array(matrix)
    matrix.sort_indices()
    links = WeightedLinks(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
    found = embed(links, reduction="LE", n_landmarks=None).coordinates
    assert (found.gap > 0.01) == resolved
    assert (found.gap == 0.0) == (not resolved)
