"""Breadth-first search on bits against networkx."""

from __future__ import annotations

import graphs
import networkx
import numpy as np
import pytest
from hypothesis import given
from strategies import layered_graphs

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import links, to_networkx, undirected
from sparsegraph.kernels import distances
from sparsegraph.kernels.distances import component_labels, distance_counts, sides_of


def networkx_counts(graph: LayeredGraph) -> np.ndarray:
    lengths = dict(networkx.all_pairs_shortest_path_length(to_networkx(graph).to_undirected()))
    return np.bincount([length for row in lengths.values() for length in row.values()])


@given(layered_graphs())
def test_counts_are_those_of_networkx(graph: LayeredGraph) -> None:
    adjacency = undirected(graph)
    found = distance_counts(adjacency.indptr, adjacency.neighbours, np.arange(graph.n_neurons))
    assert found.sum(axis=0).tolist() == networkx_counts(graph).tolist()


def test_counts_of_several_sweeps_and_of_a_long_path(monkeypatch: pytest.MonkeyPatch) -> None:
    path = graphs.complete(*[1] * 200)
    adjacency = undirected(path)
    monkeypatch.setattr(distances, "SOURCES_A_SWEEP", 64)  # four sweeps
    found = distance_counts(adjacency.indptr, adjacency.neighbours, np.arange(200))
    assert found.shape == (4, 200)
    assert found.sum(axis=0).tolist() == [200, *(2 * (200 - d) for d in range(1, 200))]


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_threads_do_not_matter(n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "SOURCES_A_SWEEP", 64)  # six sweeps
    graph = graphs.erdos_renyi((120, 150, 100), 0.04)
    adjacency = undirected(graph)
    sources = np.random.default_rng(1).permutation(graph.n_neurons)
    found = distance_counts(adjacency.indptr, adjacency.neighbours, sources, n_threads=n_threads)
    assert found.sum(axis=0).tolist() == networkx_counts(graph).tolist()
    expected = distance_counts(adjacency.indptr, adjacency.neighbours, sources[:64], n_threads=1)
    assert found[0, : expected.shape[1]].tolist() == expected[0].tolist()


@pytest.mark.parametrize("density", [0.02, 0.2])
def test_graphs_with_two_sides_and_without(density: float) -> None:
    """Any graph, against plain breadth-first search; several sweeps of mixed sides in the first place."""
    rng = np.random.default_rng(5)
    for linked in (rng.random((40, 40)) < density, np.kron([[0, 1], [0, 0]], rng.random((20, 20)) < density)):
        graph = graphs.one_neuron_per_layer(np.triu(linked, 1).astype(float))
        adjacency = undirected(graph)
        for sources in (None, rng.permutation(40)):
            found = distance_counts(adjacency.indptr, adjacency.neighbours, sources)
            assert found.sum(axis=0).tolist() == networkx_counts(graph).tolist()


@given(layered_graphs())
def test_sides_are_linked_only_to_each_other(graph: LayeredGraph) -> None:
    adjacency = undirected(graph)
    members, starts = sides_of(adjacency.indptr, adjacency.neighbours)
    assert sorted(members.tolist()) == list(range(graph.n_neurons))
    side = np.zeros(graph.n_neurons, int)
    side[members[starts[1] :]] = 1
    joined = links(graph)
    assert (side[joined.source] != side[joined.target]).all()


def test_a_triangle_has_one_side() -> None:
    adjacency = undirected(graphs.one_neuron_per_layer(np.triu(np.ones((3, 3)), 1)))
    assert sides_of(adjacency.indptr, adjacency.neighbours).starts.tolist() == [0, 3]


def test_more_sources_than_one_sweep_holds() -> None:
    graph = graphs.erdos_renyi((600, 700), 0.004, seed=7)
    adjacency = undirected(graph)
    found = distance_counts(adjacency.indptr, adjacency.neighbours)
    assert found.shape[0] == -(-1300 // 64)
    assert found.sum(axis=0).tolist() == networkx_counts(graph).tolist()
    mixed = distance_counts(adjacency.indptr, adjacency.neighbours, np.random.default_rng(0).permutation(1300))
    assert mixed.sum(axis=0).tolist() == found.sum(axis=0).tolist()


@given(layered_graphs())
def test_components_are_those_of_networkx(graph: LayeredGraph) -> None:
    label = component_labels(*undirected(graph)[:2])
    expected = {frozenset(part) for part in networkx.connected_components(to_networkx(graph).to_undirected())}
    assert {frozenset(np.flatnonzero(label == one).tolist()) for one in set(label.tolist())} == expected
