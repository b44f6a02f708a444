"""Four-cycles, triangles, three-paths and overlaps against networkx and against enumeration."""

from __future__ import annotations

import itertools

import graphs
import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite
from strategies import layered_graphs

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_networkx, undirected
from sparsegraph.kernels import four_cycles
from sparsegraph.kernels.four_cycles import n_four_cycles, n_three_paths, n_triangles, n_two_paths, overlaps


@st.composite
def any_graphs(draw: st.DrawFn) -> LayeredGraph:
    """Graphs with triangles and all: one neuron a layer."""
    n = draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return graphs.one_neuron_per_layer((rng.random((n, n)) < draw(st.sampled_from([0.2, 0.5, 0.9]))).astype(float))


def adjacency(graph: LayeredGraph) -> tuple[np.ndarray, np.ndarray]:
    found = undirected(graph)
    return found.indptr, found.neighbours


def peer(graph: LayeredGraph) -> networkx.Graph:
    return to_networkx(graph).to_undirected()


def enumerated(graph: LayeredGraph) -> tuple[int, int]:
    """Four-cycles and three-paths by looking at every four neurons in every order."""
    linked = networkx.to_numpy_array(peer(graph)) != 0
    closed = opened = 0
    for a, b, c, d in itertools.permutations(range(len(linked)), 4):
        if linked[a, b] and linked[b, c] and linked[c, d]:
            opened += 1
            closed += linked[d, a]
    return closed // 8, opened // 2  # eight ways to walk round a cycle, two along a path


@given(any_graphs())
def test_counts_of_any_graph(graph: LayeredGraph) -> None:
    cycles, paths = enumerated(graph)
    assert n_four_cycles(*adjacency(graph)) == cycles
    assert n_three_paths(*adjacency(graph)) == paths
    assert n_triangles(*adjacency(graph)) == sum(networkx.triangles(peer(graph)).values()) // 3


@given(layered_graphs())
def test_counts_of_layered_graphs(graph: LayeredGraph) -> None:
    """networkx's coefficient is 4 cycles / three-paths, 0 without paths."""
    paths = n_three_paths(*adjacency(graph))
    expected = bipartite.robins_alexander_clustering(peer(graph)) if graph.n_neurons > 3 else 0.0
    assert (4 * n_four_cycles(*adjacency(graph)) / paths if paths else 0) == pytest.approx(expected, abs=1e-15)
    assert n_triangles(*adjacency(graph)) == 0


@given(layered_graphs())
def test_overlaps_are_those_of_networkx(graph: LayeredGraph) -> None:
    found = overlaps(*adjacency(graph))
    for mode, sums in (("dot", found.jaccard), ("min", found.least), ("max", found.most)):
        expected = bipartite.latapy_clustering(peer(graph), mode=mode)
        mean = sums / np.maximum(found.n_second, 1)
        np.testing.assert_allclose(mean, [expected[neuron] for neuron in range(graph.n_neurons)], atol=1e-12)


def test_overlaps_of_a_graph_with_triangles() -> None:
    """A triangle 0 1 2 with a tail 3 at 2: 0 and 1 share 2, and each has {2, other} against {2}... by hand.

    N(0) = 1 2, N(1) = 0 2, N(2) = 0 1 3, N(3) = 2.
    u = 0: with 1 shares 2 of 0 1 2 -> 1/3; with 2 shares 1 of 0 1 2 3 -> 1/4; with 3 shares 2 of 1 2 -> 1/2.
    """
    links = np.zeros((4, 4))
    links[[0, 0, 1, 2], [1, 2, 2, 3]] = 1.0
    found = overlaps(*adjacency(graphs.one_neuron_per_layer(links)))
    assert found.n_second[0] == 3
    assert found.jaccard[0] == pytest.approx(1 / 3 + 1 / 4 + 1 / 2)


def test_two_paths_are_steps() -> None:
    assert n_two_paths(np.array([0, 1, 3])) == 6


def test_without_links_and_with_isolated_neurons_at_the_end() -> None:
    for graph in (graphs.empty(3, 2), graphs.two_paths()):
        assert n_four_cycles(*adjacency(graph)) == 0
    assert n_three_paths(*adjacency(graphs.two_paths())) == enumerated(graphs.two_paths())[1]


def test_a_complete_block() -> None:
    assert n_four_cycles(*adjacency(graphs.complete(6, 9))) == 15 * 36


@pytest.mark.parametrize("few", [1, 10**9])
def test_parts_do_not_matter(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one part and in several: equal to that of the matrix product."""
    monkeypatch.setattr(four_cycles, "FEW_STEPS", few)
    graph = graphs.erdos_renyi((300, 200), 0.1)
    present = (graph.blocks[0].weights.toarray() != 0).astype(np.int64)
    common = present @ present.T
    np.fill_diagonal(common, 0)
    assert n_four_cycles(*adjacency(graph)) == (common * (common - 1) // 2).sum() // 2
    degrees = present.sum(axis=1)
    union = degrees[:, None] + degrees[None, :] - common
    np.testing.assert_allclose(overlaps(*adjacency(graph)).jaccard[:300], (common / union).sum(axis=1))
