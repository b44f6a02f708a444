"""Percolation against hand-worked nets, brute force and the CHT code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from graphs import empty, two_paths
from hypothesis import given
from scipy import sparse
from strategies import layered_graphs

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.projections import to_networkx


def test_two_dangling_links_go() -> None:
    result = percolate(two_paths())
    assert result.removed == (1, 1)
    assert [a.tolist() for a in result.active] == [
        [True, True, True, False],
        [True, True, False, False],
        [True, True],
    ]


def test_an_empty_net_has_no_active_neuron() -> None:
    assert not any(active.any() for active in percolate(empty(3, 2, 1)).active)


@given(layered_graphs())
def test_survivors_are_exactly_the_links_on_a_path(graph: LayeredGraph) -> None:
    import networkx as nx

    net = to_networkx(graph)
    last = set(range(graph.offsets[-2], graph.offsets[-1]))
    first = set(range(graph.offsets[1]))
    down = first.union(*(nx.descendants(net, v) for v in first))
    up = last.union(*(nx.ancestors(net, v) for v in last))
    expected = {(u, v) for u, v in net.edges if u in down and v in up}
    assert set(to_networkx(percolate(graph).graph).edges) == expected


@given(layered_graphs())
def test_percolation_is_idempotent(graph: LayeredGraph) -> None:
    once = percolate(graph)
    twice = percolate(once.graph)
    assert sum(twice.removed) == 0
    assert all(np.array_equal(a, b) for a, b in zip(once.active, twice.active, strict=True))


def test_layers_without_blocks_lie_on_no_path() -> None:
    assert not any(active.any() for active in percolate(LayeredGraph((Layer("a", 2), Layer("b", 1)), ())).active)


def test_coupled_layers_need_each_other() -> None:
    #  x ── q0 ── y     q0 and k0 work together, q1 and k1 too;
    #  x ── q1 ── y     k0 has no input, so q0 stops working as well.
    #  x ── k1 ── y
    layers = (Layer("x", 1), Layer("q", 2), Layer("k", 2), Layer("y", 1))
    both = sparse.csr_array(np.ones((1, 2)))
    second = sparse.csr_array(np.array([[0.0, 1.0]]))
    out = sparse.csr_array(np.ones((2, 1)))
    blocks = (Block(0, 1, both), Block(0, 2, second), Block(1, 3, out), Block(2, 3, out))
    free = percolate(LayeredGraph(layers, blocks))
    coupled = percolate(LayeredGraph(layers, blocks, couplings=((1, 2),)))
    assert free.active[1].tolist() == [True, True]
    assert coupled.active[1].tolist() == coupled.active[2].tolist() == [False, True]
    assert coupled.graph.n_links == 4


def test_multiplicity_follows_its_links() -> None:
    first = Block(0, 1, sparse.csr_array(np.ones((2, 2))), multiplicity=np.array([1, 2, 3, 4]), weights_per_link=9)
    second = Block(1, 2, sparse.csr_array(np.array([[0.0], [1.0]])))
    graph = LayeredGraph((Layer("a", 2), Layer("b", 2), Layer("c", 1)), (first, second))
    kept = percolate(graph).graph.blocks[0].multiplicity
    assert kept is not None
    assert kept.tolist() == [2, 4]


def test_equal_to_the_cht_code(oracles: Path) -> None:
    # percolation.npz: remove_unactive_links_backward, then _forward, of the CHT repository; arrays are (out, in)
    stored = np.load(oracles / "percolation.npz")
    for case in ("small", "ultra"):
        graph = LayeredGraph.from_matrices([stored[f"{case}__in{i}"].T for i in range(3)])
        result = percolate(graph)
        for i, block in enumerate(result.graph.blocks):
            np.testing.assert_array_equal(block.weights.toarray().T != 0, stored[f"{case}__out{i}"] != 0)
