"""Laws that hold for every layered graph."""

from __future__ import annotations

import itertools

import graphs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from strategies import layered_graphs

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import Links, links
from sparsegraph.measures.activity import activity
from sparsegraph.measures.assortativity import assortativity
from sparsegraph.measures.credit_paths import credit_paths
from sparsegraph.measures.degree import degree
from sparsegraph.measures.kshell import kshell
from sparsegraph.measures.modularity import partition_modularity
from sparsegraph.measures.path_length import path_length
from sparsegraph.measures.rank import Ranks, rank
from sparsegraph.measures.rich_club import rich_club
from sparsegraph.measures.separation import separation
from sparsegraph.measures.small_world import small_world
from sparsegraph.measures.sparsity import sparsity
from sparsegraph.result import Undefined


@st.composite
def acyclic_graphs(draw: st.DrawFn) -> LayeredGraph:
    """Layers with blocks between any two of them, forwards."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    layers = tuple(Layer(f"layer{i}", size) for i, size in enumerate(sizes))
    blocks = []
    for source, target in itertools.combinations(range(len(sizes)), 2):
        if target == source + 1 or draw(st.booleans()):
            dense = (rng.random((sizes[source], sizes[target])) < 0.6) * rng.normal(size=(sizes[source], sizes[target]))
            blocks.append(Block(source, target, sparse.csr_array(dense), name=f"{source}-{target}"))
    return LayeredGraph(layers, tuple(blocks))


def enumerated(graph: LayeredGraph) -> list[tuple[list[int], float]]:
    """Every input-output path as its neurons and the product of its absolute weights."""
    onward: dict[int, list[tuple[int, float]]] = {}
    for left, right, weight in zip(*(part.tolist() for part in links(graph)), strict=True):
        onward.setdefault(left, []).append((right, abs(weight)))
    inputs, outputs = (
        {n for i in ends for n in range(graph.offsets[i], graph.offsets[i + 1])}
        for ends in (graph.input_layers, graph.output_layers)
    )
    done, growing = [], [([neuron], 1.0) for neuron in inputs]
    while growing:
        path, product = growing.pop()
        for other, weight in onward.get(path[-1], []):
            longer = ([*path, other], product * weight)
            (done if other in outputs else growing).append(longer)
    return done


@given(st.one_of(layered_graphs(max_layers=4, max_size=5), acyclic_graphs()), st.sampled_from([0.04, 0.3, 0.7]))
def test_paths_are_those_of_brute_force(graph: LayeredGraph, hub_share: float) -> None:
    found = credit_paths(graph, readout="include", hub_share=hub_share)
    paths = enumerated(graph)
    assert found.total == len(paths)
    if not paths:
        return
    assert found.weighted.log10_total == pytest.approx(np.log10(sum(product for _, product in paths)))
    if graph.hidden_layers:
        share = found.membership
        every = [float(np.prod(share[path[1:-1]])) if len(path) > 2 else 0.0 for path, _ in paths]
        some = [1.0 - float(np.prod(1.0 - share[path[1:-1]])) for path, _ in paths]
        assert found.hub_ratio_all == pytest.approx(np.mean(every), abs=1e-12)
        assert found.hub_ratio_any == pytest.approx(np.mean(some), abs=1e-12)
        heavy = np.array([product for _, product in paths])
        assert found.weighted.hub_ratio_all == pytest.approx(heavy @ every / heavy.sum(), abs=1e-12)
        assert found.hub_ratio_all <= found.hub_ratio_any <= 1.0
        assert share.sum() == pytest.approx(found.n_hubs)


@given(st.one_of(layered_graphs(), acyclic_graphs()))
def test_degrees_add_up(graph: LayeredGraph) -> None:
    found = degree(graph)
    assert found.in_degree.sum() == found.out_degree.sum() == graph.n_links == sparsity(graph).n_links
    weight = sum(float(np.abs(block.weights.data).sum()) for block in graph.blocks)
    assert found.in_strength.sum() == pytest.approx(weight)
    assert found.out_strength.sum() == pytest.approx(weight)


@given(st.one_of(layered_graphs(), acyclic_graphs()))
def test_shells_stay_below_degrees(graph: LayeredGraph) -> None:
    shells, degrees = kshell(graph), degree(graph)
    assert (shells.shell <= degrees.total_degree).all()
    assert isinstance(shells.strength_shell, np.ndarray)
    assert (shells.strength_shell <= degrees.total_strength * (1 + 1e-12) + 1e-15).all()
    assert shells.n_core + shells.n_crust + shells.n_isolated == graph.n_neurons
    assert sum(shells.counts) == graph.n_neurons
    assert sum(part.n_in_core for part in shells.per_layer) == shells.n_core


@given(st.one_of(layered_graphs(), acyclic_graphs()))
def test_ranks_are_ordered(graph: LayeredGraph) -> None:
    found = rank(graph, readout="include")

    def check(part: Ranks, least: float) -> None:
        assert least <= part.stable_rank * (1 + 1e-12)
        assert part.stable_rank <= part.effective_rank * (1 + 1e-9)
        assert part.effective_rank <= part.rank * (1 + 1e-9)

    for part, block in zip(found.per_block, graph.blocks, strict=True):
        check(part, 1.0 if block.n_links else 0.0)
        assert part.rank <= min(block.weights.shape)
    check(found.sum, 1.0 if graph.n_links else 0.0)
    check(found.whole, 1.0 if graph.n_links else 0.0)


@given(layered_graphs(), st.integers(0, 2**32 - 1))
def test_modularity_of_any_partition_lies_within_its_bounds_and_ignores_names(graph: LayeredGraph, seed: int) -> None:
    found = links(graph)
    if found.source.size == 0:
        return
    joined = Links(found.source, found.target, np.ones(found.source.size))
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, graph.n_neurons)
    value = partition_modularity(joined, labels)
    assert -0.5 <= value <= 1.0
    order = rng.permutation(graph.n_neurons)
    renamed = Links(order[joined.source], order[joined.target], joined.weight)
    moved = np.empty_like(labels)
    moved[order] = labels
    assert partition_modularity(renamed, moved) == pytest.approx(value, abs=1e-12)


@given(layered_graphs())
def test_activity_is_consistent(graph: LayeredGraph) -> None:
    found = activity(graph, readout="include")
    assert sum(part.n_active for part in found.per_layer) == found.active.sum()
    for part in found.per_layer:
        assert part.n_active <= part.n_neurons - part.n_isolated
        assert part.n_dormant["10"] <= part.n_dormant["110"]
    assert (credit_paths(graph, readout="include").total > 0) == bool(found.active.any())


@given(layered_graphs())
def test_distances_are_consistent(graph: LayeredGraph) -> None:
    found = path_length(graph, rng=np.random.default_rng(0))
    n = graph.n_neurons
    assert sum(found.counts) <= n * (n - 1)
    assert (sum(found.counts) == n * (n - 1)) == (found.lcc_share == 1.0)
    assert 0.0 <= found.efficiency <= 1.0
    if found.counts:
        assert 1.0 <= found.mean <= found.diameter
        assert found.counts[0] == 2 * graph.n_links


@given(layered_graphs(), st.integers(0, 1000))
def test_arrays_follow_the_neurons_when_they_are_relabelled(graph: LayeredGraph, seed: int) -> None:
    other, old = graphs.relabelled(graph, seed)
    assert kshell(other).shell.tolist() == kshell(graph).shell[old].tolist()
    assert kshell(other).strength_shell.tolist() == kshell(graph).strength_shell[old].tolist()
    assert degree(other).total_degree.tolist() == degree(graph).total_degree[old].tolist()
    assert activity(other, readout="include").active.tolist() == activity(graph, readout="include").active[old].tolist()
    np.testing.assert_array_equal(
        credit_paths(other, readout="include").membership, credit_paths(graph, readout="include").membership[old]
    )


@given(st.one_of(layered_graphs(), acyclic_graphs()))
def test_clustering_lies_between_none_and_all(graph: LayeredGraph) -> None:
    found = small_world(graph, rng=np.random.default_rng(0), readout="include", n_null=0)
    for part in (found.whole, *found.per_block):
        values = [part.robins_alexander, part.latapy_max, part.latapy, part.latapy_min, found.transitivity]
        assert all(0.0 <= value <= 1.0 + 1e-12 for value in values if isinstance(value, float))
        if isinstance(part.latapy, float):
            assert part.latapy <= part.latapy_max + 1e-12 <= part.latapy_min + 2e-12  # union >= larger >= smaller
    assert found.whole.n_four_cycles >= sum(part.n_four_cycles for part in found.per_block)
    if found.bipartite:
        assert found.transitivity in (0.0, Undefined("no path of two links"))


@given(st.one_of(layered_graphs(), acyclic_graphs()))
def test_correlations_of_degrees_do_not_depend_on_the_direction(graph: LayeredGraph) -> None:
    """Turning every link round swaps sources and targets."""
    n_layers = len(graph.layers)
    turned = LayeredGraph(
        graph.layers[::-1],
        tuple(
            Block(n_layers - 1 - b.target, n_layers - 1 - b.source, sparse.csr_array(b.weights.T), name=b.name)
            for b in graph.blocks
        ),
    )
    one, other = (assortativity(some, readout="include") for some in (graph, turned))
    for name in ("whole", "within_blocks"):
        first, second = getattr(one, name).r, getattr(other, name).r
        assert isinstance(first, Undefined) == isinstance(second, Undefined)
        if isinstance(first, float):
            assert first == pytest.approx(second, abs=1e-9)
            assert -1.0 <= first <= 1.0


@given(layered_graphs(), st.sampled_from([0.1, 0.5, 1.0]))
def test_rich_clubs_shrink_and_twins_keep_their_possible_links(graph: LayeredGraph, rich: float) -> None:
    found = rich_club(graph, rng=np.random.default_rng(0), readout="include", rich=rich, n_null=2)
    assert list(found.n_neurons) == sorted(found.n_neurons, reverse=True)
    assert all(0.0 < value <= 1.0 for value in found.coefficients)
    if graph.n_links:
        assert found.normalised[0] == 1.0
    assert found.top.n_links <= min(found.top.n_possible, graph.n_links)


@given(st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=40), st.sampled_from([1e-3, 7.0]))
def test_the_gap_knows_neither_sign_nor_scale(values: list[float], scale: float) -> None:
    drawn = np.array(values)
    found = separation(drawn)
    if isinstance(found.gap, Undefined):
        assert not drawn.any()
        return
    assert 0.0 <= found.gap <= 1.0
    if isinstance(found.gap_depth, Undefined):
        assert np.unique(np.abs(drawn[drawn != 0])).size == 1
    else:
        assert found.gap_depth <= 1.0
    assert separation(-drawn).gap == pytest.approx(found.gap)
    if np.abs(drawn[drawn != 0]).min() > 1e-100:
        assert separation(drawn * scale).gap == pytest.approx(found.gap)
