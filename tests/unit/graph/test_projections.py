"""Link lists, adjacency, igraph and networkx agree."""

from __future__ import annotations

import numpy as np
from graphs import two_paths
from hypothesis import given
from strategies import layered_graphs

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import layer_index, links, to_igraph, to_networkx, undirected
from sparsegraph.kernels.adjacency import symmetric_csr


def test_links_of_the_small_net() -> None:
    source, target, weight = links(two_paths())
    assert list(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)) == [
        (0, 4, 0.5),
        (0, 7, 0.25),
        (1, 5, -1.0),
        (2, 5, 2.0),
        (4, 8, 1.5),
        (5, 9, -0.5),
        (6, 9, 3.0),
    ]


@given(layered_graphs())
def test_igraph_and_networkx_hold_the_same_links(graph: LayeredGraph) -> None:
    ours = {(int(u), int(v)): float(w) for u, v, w in zip(*links(graph), strict=True)}
    as_igraph, as_networkx = to_igraph(graph), to_networkx(graph)
    assert {(e.source, e.target): e["weight"] for e in as_igraph.es} == ours
    assert {(u, v): w for u, v, w in as_networkx.edges(data="weight")} == ours
    assert as_igraph.vs["name"] == [as_networkx.nodes[v]["name"] for v in range(graph.n_neurons)]
    assert as_igraph.vs["layer"] == [graph.layers[i].name for i in layer_index(graph)]


@given(layered_graphs())
def test_undirected_rows_hold_both_ends(graph: LayeredGraph) -> None:
    indptr, neighbours, weight = undirected(graph)
    dense = np.zeros((graph.n_neurons, graph.n_neurons))
    for u, v, w in zip(*links(graph), strict=True):
        dense[u, v] = dense[v, u] = abs(w)
    for row in range(graph.n_neurons):
        mine = neighbours[indptr[row] : indptr[row + 1]]
        assert sorted(mine.tolist()) == np.flatnonzero(dense[row]).tolist()
        np.testing.assert_array_equal(dense[row, mine], weight[indptr[row] : indptr[row + 1]])


@given(layered_graphs())
def test_rows_made_block_by_block_are_those_of_the_link_list(graph: LayeredGraph) -> None:
    source, target, weight = links(graph)
    for ours, listed in zip(
        undirected(graph), symmetric_csr(graph.n_neurons, source, target, np.abs(weight)), strict=True
    ):
        np.testing.assert_array_equal(ours, listed)
        assert ours.dtype == listed.dtype
