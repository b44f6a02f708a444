"""Clustering and small-worldness worked out by hand, and what is left undefined."""

from __future__ import annotations

import graphs
import networkx
import numpy as np
import pytest
from networkx.algorithms import bipartite
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import to_networkx
from sparsegraph.measures.path_length import path_length
from sparsegraph.measures.small_world import SmallWorld, small_world
from sparsegraph.result import Undefined


def found(graph: LayeredGraph, **options: object) -> SmallWorld:
    return small_world(graph, rng=np.random.default_rng(0), **options)  # type: ignore[arg-type]


def test_two_squares_in_a_row() -> None:
    """Complete blocks 2-2-2: a square in each block, and more through both.

    In the whole graph the middle pair has four common neighbours: 6 cycles from it; those with an outer pair of one
    block are among them.  The graph is complete between the middle and the four others: 4 x 6 / three-paths = 1.
    """
    result = found(graphs.complete(2, 2, 2), readout="include")
    assert [part.n_four_cycles for part in result.per_block] == [1, 1]
    assert result.whole.n_four_cycles == 6
    assert result.whole.robins_alexander == 1.0
    assert result.blocks_together == 1.0
    assert result.whole.latapy == 1.0
    assert (result.transitivity, result.bipartite) == (0.0, True)


def test_whole_graph_and_blocks_are_those_of_networkx() -> None:
    graph = graphs.erdos_renyi((20, 30, 25), 0.2)
    result = found(graph)
    whole = to_networkx(graph).to_undirected()
    assert result.whole.robins_alexander == pytest.approx(bipartite.robins_alexander_clustering(whole))
    latapy = bipartite.latapy_clustering(whole)
    assert all(graph_degree > 0 for _, graph_degree in whole.degree)  # else networkx counts zeros where we have none
    assert result.whole.latapy == pytest.approx(np.mean(list(latapy.values())))
    first = whole.subgraph(range(50))
    assert result.per_block[0].robins_alexander == pytest.approx(bipartite.robins_alexander_clustering(first))


def test_blocks_together_weigh_by_their_paths() -> None:
    result = found(graphs.erdos_renyi((20, 30, 25), 0.2))
    cycles, paths = ([getattr(p, name) for p in result.per_block] for name in ("n_four_cycles", "n_three_paths"))
    assert result.blocks_together == pytest.approx(4 * sum(cycles) / sum(paths))


def test_sigma_and_omega_are_made_of_the_parts_shown() -> None:
    graph = graphs.erdos_renyi((60, 80, 60), 0.1)
    result = found(graph, n_null=4)
    reference = result.reference
    clustering, length = result.whole.robins_alexander, result.path_length
    assert length == path_length(graph, rng=np.random.default_rng(0)).mean
    assert result.sigma == pytest.approx((clustering / reference.clustering) / (length / reference.path_length))
    assert result.omega == pytest.approx(reference.path_length / length - clustering / reference.lattice_clustering)
    assert reference.clustering_std > 0.0
    assert (result.n_null, result.null) == (4, "twins with the same degrees in every block")
    assert found(graph, null="er").null == "twins with the same number of links in every block"


def test_lines_of_random_and_scale_free_graphs() -> None:
    result = found(graphs.complete(10, 20), n_null=0)
    assert result.random_line == pytest.approx(np.log(30) / np.log(400 / 30))
    assert result.ultra_small_line == pytest.approx(np.log(np.log(30)))


def test_the_dense_readout_is_left_out_unless_asked_for() -> None:
    graph = graphs.golden_net()
    left_out, included = found(graph, n_null=0), found(graph, n_null=0, readout="include")
    assert "left out" in left_out.readout
    assert [len(result.per_block) for result in (left_out, included)] == [2, 3]
    assert included.whole.n_four_cycles > left_out.whole.n_four_cycles


def test_skip_links_can_close_triangles() -> None:
    """Input 1, hidden 0 and 1 and output 0: triangles 1-0-0 and 1-1-0, as networkx counts them."""
    result = found(graphs.with_skip(), readout="include")
    assert not result.bipartite
    whole = to_networkx(graphs.with_skip()).to_undirected()
    assert result.transitivity == pytest.approx(networkx.transitivity(whole))


def test_a_skip_over_two_layers_keeps_two_sides() -> None:
    layers = tuple(Layer(f"layer{i}", 2) for i in range(4))
    both = sparse.csr_array(np.ones((2, 2)))
    blocks = tuple(Block(i, i + 1, both, name=str(i)) for i in range(3))
    assert found(LayeredGraph(layers, (*blocks, Block(0, 3, both, name="skip"))), readout="include").bipartite
    assert not found(LayeredGraph(layers, (*blocks, Block(1, 3, both, name="skip"))), readout="include").bipartite


def test_without_twins_and_without_cycles() -> None:
    alone = found(graphs.erdos_renyi((20, 30), 0.2), n_null=0)
    assert isinstance(alone.sigma, Undefined)
    assert "n_null=0" in alone.sigma.reason
    assert isinstance(alone.reference.lattice_clustering, float)
    tree = found(graphs.two_paths())
    assert tree.whole.robins_alexander == 0.0
    assert isinstance(tree.omega, Undefined)  # so few links make a lattice without four-cycles
    nothing = found(graphs.empty(3, 2))
    assert isinstance(nothing.whole.robins_alexander, Undefined)
    assert isinstance(nothing.path_length, Undefined)


def test_one_twin_has_no_spread() -> None:
    result = found(graphs.erdos_renyi((20, 30), 0.2), n_null=1)
    assert isinstance(result.reference.clustering_std, Undefined)
    assert isinstance(result.sigma, float)


def test_bounds_leave_out_the_twins_first_and_then_everything() -> None:
    graph = graphs.erdos_renyi((60, 80), 0.1)
    degrees = np.concatenate([np.diff(graph.blocks[0].weights.indptr), np.bincount(graph.blocks[0].weights.indices)])
    steps = int((degrees * (degrees - 1)).sum())
    few = found(graph, most_steps=steps)
    assert isinstance(few.whole.robins_alexander, float)
    assert isinstance(few.sigma, Undefined)
    assert "most_steps" in few.sigma.reason
    none = found(graph, most_steps=steps - 1)
    assert isinstance(none.whole.robins_alexander, Undefined)
    assert isinstance(none.per_block[0].latapy, Undefined)
    assert none.bipartite
    assert none.sigma == Undefined(f"{steps:,} paths of two links are more than most_steps={steps - 1:,}")


def test_twins_and_lattice_of_a_grouped_convolution_keep_its_groups() -> None:
    """Random links inside 8 groups, joined by a random block: nothing but the groups makes neighbourhoods overlap."""
    rng = np.random.default_rng(0)
    inside = sparse.csr_array(sparse.block_diag([rng.random((12, 12)) < 0.4 for _ in range(8)]).astype(float))
    conv = Block(0, 1, inside, name="conv", groups=8)
    linear = Block(1, 2, graphs.erdos_renyi((96, 96), 0.05).blocks[0].weights, name="fc")
    layers = (Layer("a", 96, "channel"), Layer("b", 96, "channel"), Layer("c", 96))
    result = found(LayeredGraph(layers, (conv, linear)))
    assert result.sigma == pytest.approx(1.0, abs=0.1)
    alone = found(LayeredGraph(layers, (Block(0, 1, inside, name="conv"), linear)))
    assert alone.sigma > 2.0  # without the groups they are structure
    assert result.reference.lattice_clustering > alone.reference.lattice_clustering


def test_separate_cliques_are_no_small_world() -> None:
    """Ten complete blocks of 6 x 6: in each 12 neurons all is joined, 11 / 119 of the pairs; twins are one part."""
    graph = LayeredGraph.from_matrices([np.kron(np.eye(10), np.ones((6, 6)))])
    result = found(graph, readout="include")
    assert result.joined_share == pytest.approx(11 / 119)
    assert result.reference.joined_share > 0.9
    assert isinstance(result.sigma, Undefined)
    assert "9.24 % of the pairs" in result.sigma.reason
    assert result.omega == result.sigma


def test_lonely_neurons_that_the_twins_have_too_leave_sigma() -> None:
    matrix = np.zeros((90, 90))
    matrix[:60, :60] = graphs.erdos_renyi((60, 60), 0.2).blocks[0].weights.toarray()
    result = found(LayeredGraph.from_matrices([matrix]))
    assert result.joined_share == pytest.approx(result.reference.joined_share) == pytest.approx(120 * 119 / 180 / 179)
    assert isinstance(result.sigma, float)
