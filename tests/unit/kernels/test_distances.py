"""Breadth-first search on bits against networkx."""

from __future__ import annotations

import graphs
import networkx
import numpy as np
import pytest
from hypothesis import given
from strategies import layered_graphs

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_networkx, undirected
from sparsegraph.kernels import distances
from sparsegraph.kernels.distances import component_labels, distance_counts


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
    monkeypatch.setattr(distances, "STATE_BYTES", 1)  # one word a sweep: four sweeps
    found = distance_counts(adjacency.indptr, adjacency.neighbours, np.arange(200))
    assert found.shape == (4, 200)
    assert found.sum(axis=0).tolist() == [200, *(2 * (200 - d) for d in range(1, 200))]


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_threads_do_not_matter(n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "STATE_BYTES", 1)  # one word a sweep: six sweeps
    graph = graphs.erdos_renyi((120, 150, 100), 0.04)
    adjacency = undirected(graph)
    sources = np.random.default_rng(1).permutation(graph.n_neurons)
    found = distance_counts(adjacency.indptr, adjacency.neighbours, sources, n_threads=n_threads)
    assert found.sum(axis=0).tolist() == networkx_counts(graph).tolist()
    expected = distance_counts(adjacency.indptr, adjacency.neighbours, sources[:64], n_threads=1)
    assert found[0, : expected.shape[1]].tolist() == expected[0].tolist()


@given(layered_graphs())
def test_components_are_those_of_networkx(graph: LayeredGraph) -> None:
    label = component_labels(*undirected(graph)[:2])
    expected = {frozenset(part) for part in networkx.connected_components(to_networkx(graph).to_undirected())}
    assert {frozenset(np.flatnonzero(label == one).tolist()) for one in set(label.tolist())} == expected
