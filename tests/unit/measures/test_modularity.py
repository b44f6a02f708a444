"""Modularity of given partitions by hand, and the heuristic against the true maximum of a small net."""

from __future__ import annotations

import random
from collections.abc import Iterator

import graphs
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import Links, links
from sparsegraph.measures.modularity import (
    BarberModularity,
    Stability,
    WeightedModularity,
    modularity,
    partition_modularity,
)
from sparsegraph.result import Undefined


def partitions(n: int) -> Iterator[list[int]]:
    """Every partition of n things, as labels."""

    def grow(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == n:
            yield labels
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    return grow([])


def unit(graph: LayeredGraph) -> Links:
    found = links(graph)
    return found._replace(weight=np.ones(found.source.size))


def test_layers_of_two_paths_by_hand() -> None:
    # no link inside a layer; degrees sum to 4, 7 and 3 of 14
    expected = -(4**2 + 7**2 + 3**2) / 14**2
    assert modularity(graphs.two_paths(), rng=np.random.default_rng(0)).layers == pytest.approx(expected)


def test_weighted_partition_by_hand() -> None:
    joined = Links(np.array([0, 1]), np.array([2, 3]), np.array([3.0, 1.0]))
    # communities {0, 2} and {1, 3}: all weight inside, shares 6/8 and 2/8 of the strength
    assert partition_modularity(joined, np.array([0, 1, 0, 1])) == pytest.approx(1 - 36 / 64 - 4 / 64)


def test_leiden_finds_the_maximum_of_a_small_net() -> None:
    graph = graphs.two_paths()  # ten neurons, one isolated
    joined = unit(graph)
    linked = [i for i in range(10) if i != 3]
    best = -1.0
    for labels in partitions(9):
        every = np.zeros(10, int)
        every[linked] = labels
        best = max(best, partition_modularity(joined, every))
    found = modularity(graph, rng=np.random.default_rng(0))
    assert found.modularity == pytest.approx(best)
    assert found.n_isolated == 1
    assert found.partition[3] == -1


def test_the_reported_partition_has_the_reported_modularity() -> None:
    graph = graphs.erdos_renyi((60, 60, 60), 0.05)
    found = modularity(graph, rng=np.random.default_rng(1))
    assert partition_modularity(unit(graph), found.partition) == pytest.approx(found.modularity, abs=1e-12)
    assert found.n_communities == len(set(found.partition.tolist()) - {-1})
    sizes = np.bincount(found.partition[found.partition >= 0])
    assert (np.diff(sizes) <= 0).all()
    assert found.mean <= found.modularity


def test_weights_make_communities_of_their_own() -> None:
    # every neuron joined to every other; weights fall into two halves
    matrix = np.full((6, 6), 0.01)
    matrix[:3, :3] = matrix[3:, 3:] = 1.0
    found = modularity(LayeredGraph.from_matrices([matrix]), rng=np.random.default_rng(0))
    assert isinstance(found.weighted, WeightedModularity)
    assert found.weighted.n_communities == 2
    assert found.weighted.modularity == pytest.approx(1 / 1.01 - 0.5)  # 18 of 18.18 inside, two equal halves


def test_without_links_and_without_weight() -> None:
    nothing = modularity(graphs.empty(2, 3), rng=np.random.default_rng(0))
    assert isinstance(nothing.modularity, Undefined)
    assert nothing.n_isolated == 5
    zeros = graphs.complete(2, 2).blocks[0].weights.copy()
    zeros.data = np.zeros(4)
    found = modularity(LayeredGraph.from_matrices([zeros]), rng=np.random.default_rng(0))
    assert isinstance(found.weighted, Undefined)
    assert found.modularity == pytest.approx(0.0)  # a complete block has no communities


def test_pythons_own_random_stream_is_left_alone() -> None:
    import igraph

    random.seed(5)
    before = random.getstate()
    modularity(graphs.erdos_renyi((30, 30), 0.1), rng=np.random.default_rng(0))
    assert random.getstate() == before
    igraph.Graph.Erdos_Renyi(n=10, p=0.5)
    assert random.getstate() != before  # igraph draws from Python's generator again, as by default


def test_links_of_weight_zero_make_no_weighted_communities() -> None:
    # two complete 3 x 3 pairs of layers, and three more pairs joined by links that were just regrown at weight 0
    blocks = np.kron(np.eye(2), np.ones((3, 3)))
    mask = sparse.block_diag([sparse.csr_array(blocks), np.ones((3, 3))], format="csr")
    mask.data[-9:] = 0.0
    found = modularity(LayeredGraph.from_matrices([mask]), rng=np.random.default_rng(0))
    assert found.n_communities == 3
    assert isinstance(found.weighted, WeightedModularity)
    assert found.weighted.n_communities == 2


def test_barber_and_layers_of_two_separate_groups_by_hand() -> None:
    # two complete groups of 3 + 3 neurons, 18 links: half of the links lie in each group
    found = modularity(LayeredGraph.from_matrices([np.kron(np.eye(2), np.ones((3, 3)))]), rng=np.random.default_rng(0))
    assert isinstance(found.bipartite, BarberModularity)
    assert found.bipartite.modularity == found.bipartite.of_partition == pytest.approx(1 - 2 * (9 / 18) ** 2)
    assert found.bipartite.n_communities == 2
    assert found.stability == Stability(1.0, 1.0)
    assert found.nmi_layers == pytest.approx(0.0, abs=1e-12)  # each group takes half of each layer
    assert [part.sizes for part in found.per_layer] == [(3, 3), (3, 3)]
    assert [(part.layer, part.n_linked, part.n_communities) for part in found.per_layer] == [
        ("input", 6, 2),
        ("output", 6, 2),
    ]


def test_barber_is_never_below_that_of_the_partition_found() -> None:
    for seed in range(4):
        graph = graphs.erdos_renyi((40, 50, 40), 0.05, seed=seed)
        found = modularity(graph, rng=np.random.default_rng(seed), n_runs=2)
        assert isinstance(found.bipartite, BarberModularity)
        assert found.bipartite.modularity >= max(found.bipartite.of_partition, found.bipartite.mean) - 1e-12
        assert isinstance(found.stability, Stability)
        assert 0.0 < found.stability.nmi < 1.0
        total = np.sum([part.n_linked for part in found.per_layer])
        assert total + found.n_isolated == 130
        sizes = np.sum([part.sizes for part in found.per_layer], axis=0)
        assert sizes.tolist() == np.bincount(found.partition[found.partition >= 0])[: sizes.size].tolist()


def test_skip_links_decide_about_the_two_sides() -> None:
    assert isinstance(modularity(graphs.with_skip(), rng=np.random.default_rng(0)).bipartite, Undefined)
    # a skip link over two layers keeps even and odd layers apart
    layers = tuple(Layer(name, 2) for name in "abcd")
    ones = sparse.csr_array(np.ones((2, 2)))
    blocks = (Block(0, 1, ones), Block(1, 2, ones), Block(2, 3, ones), Block(0, 3, ones))
    found = modularity(LayeredGraph(layers, blocks), rng=np.random.default_rng(0))
    assert isinstance(found.bipartite, BarberModularity)
    # two layers on one side by layers that no chain joins: a - c and b - d
    crossing = LayeredGraph(layers, (Block(0, 2, ones), Block(1, 3, ones)))
    apart = modularity(crossing, rng=np.random.default_rng(0))
    assert isinstance(apart.bipartite, BarberModularity)
    assert apart.bipartite.modularity == pytest.approx(0.5)


def test_one_run_has_no_stability() -> None:
    found = modularity(graphs.complete(3, 3), rng=np.random.default_rng(0), n_runs=1)
    assert found.stability == Undefined("one run")
    nothing = modularity(graphs.empty(2, 3), rng=np.random.default_rng(0))
    assert nothing.stability == nothing.bipartite == nothing.nmi_layers == Undefined("no links")
    assert [part.sizes for part in nothing.per_layer] == [(), ()]


def test_too_many_links_are_not_searched() -> None:
    graph = graphs.erdos_renyi((40, 50), 0.1)
    found = modularity(graph, rng=np.random.default_rng(0), most_links=graph.n_links - 1)
    assert found.modularity == found.bipartite == Undefined("200 links are more than most_links=199")
    assert (found.per_layer, set(found.partition.tolist())) == ((), {-1})
    assert modularity(graph, rng=np.random.default_rng(0), most_links=graph.n_links).partition.max() > 0
