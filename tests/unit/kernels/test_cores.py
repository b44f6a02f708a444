"""Core numbers against networkx and against the definition."""

from __future__ import annotations

import graphs
import networkx
import numpy as np
import pytest
from hypothesis import given
from strategies import layered_graphs

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_networkx, undirected
from sparsegraph.kernels.adjacency import symmetric_csr
from sparsegraph.kernels.cores import core_numbers, strength_core_numbers


def by_definition(graph: LayeredGraph) -> np.ndarray:
    """Strength core numbers: for each strength s met, drop what falls below s until nothing does."""
    matrix = np.zeros((graph.n_neurons, graph.n_neurons))
    for left, right, data in to_networkx(graph).edges(data=True):
        matrix[left, right] = matrix[right, left] = abs(data["weight"])
    core = np.zeros(graph.n_neurons)
    inside = np.ones(graph.n_neurons, bool)
    while inside.any():
        level = matrix[:, inside].sum(axis=1)[inside].min()
        while inside.any():
            falling = inside & (matrix[:, inside].sum(axis=1) <= level + 1e-9)
            if not falling.any():
                break
            core[falling] = level
            inside &= ~falling
    return core


@given(layered_graphs())
def test_core_numbers_are_those_of_networkx(graph: LayeredGraph) -> None:
    adjacency = undirected(graph)
    expected = networkx.core_number(to_networkx(graph).to_undirected())
    assert core_numbers(adjacency.indptr, adjacency.neighbours).tolist() == [expected[i] for i in range(len(expected))]


@pytest.mark.parametrize("seed", range(3))
def test_core_numbers_with_hubs_are_those_of_networkx(seed: int) -> None:
    peer = networkx.barabasi_albert_graph(400, 4, seed=seed)
    peer.add_edges_from((0, other) for other in range(1, 300))
    source, target = np.array(peer.edges, dtype=np.int32).T
    found = core_numbers(*symmetric_csr(400, source.copy(), target.copy(), np.empty(0))[:2])
    expected = networkx.core_number(peer)
    assert found.tolist() == [expected[i] for i in range(400)]


@given(layered_graphs(max_layers=4, max_size=6))
def test_strength_cores_follow_the_definition(graph: LayeredGraph) -> None:
    found = strength_core_numbers(*undirected(graph))
    np.testing.assert_allclose(found, by_definition(graph), atol=1e-8)


def test_strength_cores_with_unit_weights_are_the_core_numbers() -> None:
    adjacency = undirected(graphs.erdos_renyi((60, 80, 70), 0.08))
    ones = np.ones(adjacency.neighbours.size)
    found = strength_core_numbers(adjacency.indptr, adjacency.neighbours, ones)
    assert found.tolist() == core_numbers(adjacency.indptr, adjacency.neighbours).tolist()


@pytest.mark.parametrize("factor", [1e-300, 1e290])
def test_strength_cores_scale_with_the_weights(factor: float) -> None:
    adjacency = undirected(graphs.erdos_renyi((20, 30, 20), 0.2))
    assert adjacency.weight is not None
    plain = strength_core_numbers(*adjacency)
    scaled = strength_core_numbers(adjacency.indptr, adjacency.neighbours, adjacency.weight * factor)
    np.testing.assert_allclose(scaled, plain * factor, rtol=1e-12)


def test_strength_cores_of_nothing_are_zero() -> None:
    assert not strength_core_numbers(*undirected(graphs.empty(3, 2))).any()
