"""Greedy routes and congruence against the definition, on nets small enough to list every path."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels.navigation import SUMS, _follow, hyperbolic_distances, routes

Polar = tuple[np.ndarray, np.ndarray]


def distance(polar: Polar, i: int, j: int) -> float:
    """The hyperbolic law of cosines, as it stands in the papers."""
    (a, b), (r, s) = polar[0][[i, j]], polar[1][[i, j]]
    return float(np.arccosh(np.cosh(r) * np.cosh(s) - np.sinh(r) * np.sinh(s) * np.cos(a - b)))


def length(polar: Polar, path: list[int]) -> float:
    return sum(distance(polar, i, j) for i, j in itertools.pairwise(path))


def greedy(graph: nx.Graph, polar: Polar, source: int, target: int) -> list[int] | None:
    """The greedy route, or None where it turns back."""
    path = [source]
    while path[-1] != target:
        near = min(graph[path[-1]], key=lambda j: -1.0 if j == target else distance(polar, j, target))
        if near in path:
            return None
        path.append(near)
    return path


@pytest.mark.parametrize("seed", range(3))
def test_every_sum_is_that_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.connected_watts_strogatz_graph(24, 4, 0.3, seed=seed)
    polar = (rng.uniform(0, 2 * np.pi, 24), rng.uniform(0.1, 6.0, 24))
    matrix = sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=range(24)))
    found = routes(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), polar, np.arange(24))
    wanted = np.zeros((24, len(SUMS)))
    for source, target in itertools.permutations(range(24), 2):
        path, hops = greedy(graph, polar, source, target), nx.shortest_path_length(graph, source, target)
        away = distance(polar, source, target)
        if path is not None:
            links = len(path) - 1
            wanted[target, :4] += [1, links, links / hops, hops / links]
        if hops > 1:
            if path is not None:
                wanted[target, 4] += away / length(polar, path)
            every = [length(polar, p) for p in nx.all_shortest_paths(graph, source, target)]
            wanted[target, 5] += away / np.mean(every)
            wanted[target, 6] += 1
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    assert 0 < wanted[:, 0].sum() < 24 * 23  # some routes arrive, some fail


def test_a_path_by_hand() -> None:
    """0 - 1 - 2 on one ray at radii 1, 2, 4: every route arrives and runs along the geodesic."""
    polar = (np.zeros(3), np.array([1.0, 2.0, 4.0]))
    found = routes(np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1], np.int32), polar, np.arange(3))
    np.testing.assert_allclose(found.sum(axis=0), [6, 8, 6, 6, 2, 2, 2])
    np.testing.assert_allclose(hyperbolic_distances(polar, np.array([0, 0]), np.array([1, 2])), [1.0, 3.0])


def test_distances_of_near_and_far_points() -> None:
    # at large radii d = 2 r + 2 ln sin(angle / 2), up to exp(-2 r); a small step along a circle is sinh(r) long
    polar = (np.array([0.0, 1.0, 1e-7, 0.0]), np.array([30.0, 30.0, 3.0, 3.0]))
    far, near = hyperbolic_distances(polar, np.array([0, 2]), np.array([1, 3]))
    assert far == pytest.approx(60 + 2 * np.log(np.sin(0.5)), rel=1e-12)
    assert near == pytest.approx(np.sinh(3.0) * 1e-7, rel=1e-9)


def test_the_number_of_threads_changes_nothing() -> None:
    graph = nx.connected_watts_strogatz_graph(60, 4, 0.3, seed=1)
    matrix = sparse.csr_array(nx.to_scipy_sparse_array(graph))
    rng = np.random.default_rng(0)
    polar = (rng.uniform(0, 2 * np.pi, 60), rng.uniform(0.0, 8.0, 60))
    ends = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    alone, together = (routes(*ends, polar, np.arange(60), n_threads=n) for n in (1, 3))
    np.testing.assert_array_equal(alone, together)


def test_a_route_that_runs_in_a_circle_fails() -> None:
    """0 -> 1 -> 2 -> 0; 3 leads into it, 4 to the target 5, 6 to 4, and 7 and 8 turn back to each other."""
    onward = np.array([1, 2, 0, 1, 5, 4, 4, 8, 7], np.int32)
    links, total = np.empty(9, np.int32), np.zeros(9)
    _follow((onward, np.full(9, 0.5)), (links, total), np.empty(9, np.int32), 5)
    assert links.tolist() == [-1, -1, -1, -1, 1, 0, 2, -1, -1]
    assert total[[4, 6]].tolist() == [0.5, 1.0]
