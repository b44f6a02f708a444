"""Degree correlations against networkx, igraph and scipy."""

from __future__ import annotations

import tracemalloc

import graphs
import networkx
import numpy as np
import pytest
from scipy import stats

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_igraph, to_networkx
from sparsegraph.measures.assortativity import assortativity
from sparsegraph.report.views.catalogue import sentences
from sparsegraph.result import Undefined


@pytest.mark.parametrize("sizes", [(30, 50, 40, 10), (60, 20)])
def test_the_whole_graph_is_that_of_networkx_and_igraph(sizes: tuple[int, ...]) -> None:
    graph = graphs.erdos_renyi(sizes, 0.15, seed=3)
    found = assortativity(graph, readout="include").whole.r
    assert found == pytest.approx(networkx.degree_pearson_correlation_coefficient(to_networkx(graph).to_undirected()))
    assert found == pytest.approx(to_igraph(graph).as_undirected(mode="each").assortativity_degree(directed=False))


def test_a_block_is_that_of_scipy_over_its_links() -> None:
    graph = graphs.golden_net()
    found = assortativity(graph, readout="include")
    block = graph.blocks[1].weights
    outgoing, incoming = np.diff(block.indptr), np.bincount(block.indices, minlength=60)
    source = np.repeat(np.arange(60), outgoing)
    assert found.per_block[1].inside.r == pytest.approx(
        stats.pearsonr(outgoing[source], incoming[block.indices]).statistic
    )
    total = np.array([to_networkx(graph).degree[neuron] for neuron in range(graph.n_neurons)])
    ends = total[30 + source], total[90 + block.indices]
    assert found.per_block[1].total.r == pytest.approx(stats.pearsonr(*ends).statistic)


def test_the_error_is_the_jackknife_over_links() -> None:
    """Newman 2003: the root of the summed squares of r without one link minus r, degrees as they were."""
    block = graphs.erdos_renyi((12, 15), 0.3, seed=1).blocks[0].weights
    source, target = np.repeat(np.arange(12), np.diff(block.indptr)), block.indices
    x, y = np.diff(block.indptr)[source].astype(float), np.bincount(target, minlength=15)[target].astype(float)
    found = assortativity(LayeredGraph.from_matrices([block]))
    r = stats.pearsonr(x, y).statistic
    without = [stats.pearsonr(np.delete(x, i), np.delete(y, i)).statistic for i in range(x.size)]
    assert found.per_block[0].inside.standard_error == pytest.approx(np.sqrt(((without - r) ** 2).sum()))
    both = np.concatenate([x, y]), np.concatenate([y, x])
    whole = stats.pearsonr(*both).statistic
    pairs = [[i, x.size + i] for i in range(x.size)]
    without = [stats.pearsonr(*(np.delete(side, pair) for side in both)).statistic for pair in pairs]
    assert found.whole.r == pytest.approx(whole)
    assert found.whole.standard_error == pytest.approx(np.sqrt(((without - whole) ** 2).sum()))


def test_layers_of_other_mean_degree_correlate_only_as_a_whole() -> None:
    """Random links between 400 neurons and 20: strongly disassortative as a whole, near 0 within the block."""
    found = assortativity(graphs.erdos_renyi((400, 20), 0.3))
    assert found.whole.r < -0.9
    assert abs(found.within_blocks.r) < 4 * found.within_blocks.standard_error
    assert found.within_blocks.r == pytest.approx(found.per_block[0].total.r)


def test_what_cannot_be_correlated() -> None:
    regular = assortativity(graphs.complete(3, 3, 3), readout="include")
    assert isinstance(regular.per_block[0].total.r, Undefined)
    assert isinstance(regular.within_blocks.r, Undefined)
    assert regular.whole.r == pytest.approx(-1.0)  # degree 3 with degree 6, always
    alike = assortativity(graphs.complete(3, 3))
    assert isinstance(alike.whole.r, Undefined)
    nothing = assortativity(graphs.empty(3, 3))
    assert nothing.whole.r.reason == "no links"  # type: ignore[union-attr]
    assert isinstance(nothing.within_blocks.standard_error, Undefined)


def test_one_link_that_makes_the_difference_has_no_error() -> None:
    """Links (0, 0) (1, 1) ... with degrees 1 and one neuron pair of degree 2 at a single link."""
    lone = np.zeros((4, 4))
    lone[[0, 0, 1, 2, 3], [0, 1, 0, 2, 3]] = 1.0
    found = assortativity(LayeredGraph.from_matrices([lone])).per_block[0].inside
    x, y = np.array([2, 2, 1, 1, 1]), np.array([2, 1, 2, 1, 1])
    assert found.r == pytest.approx(stats.pearsonr(x, y).statistic)
    two = np.zeros((2, 2))
    two[[0, 0, 1], [0, 1, 0]] = 1.0  # without link (0, 1) or (1, 0) one side is constant
    assert isinstance(assortativity(LayeredGraph.from_matrices([two])).per_block[0].inside.standard_error, Undefined)


def test_many_links_are_those_of_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graphs.golden_net()
    whole = assortativity(graph).to_dict()
    monkeypatch.setattr("sparsegraph.measures.assortativity.CHUNK", 7)
    parts = assortativity(graph).to_dict()
    for name in ("whole", "within_blocks"):
        assert parts[name] == pytest.approx(whole[name], rel=1e-9)


def test_memory_is_a_fraction_of_what_the_leaving_out_of_each_link_took() -> None:
    """It was 204 bytes a link; numpy reports its arrays to tracemalloc."""
    graph = graphs.erdos_renyi((1000, 1000), 0.5)
    tracemalloc.start()
    try:
        assortativity(graph)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 80 * graph.n_links


def test_too_many_links_have_no_correlation() -> None:
    graph = graphs.erdos_renyi((40, 50), 0.1)
    found = assortativity(graph, most_links=graph.n_links - 1)
    assert found.whole.r == Undefined("200 links are more than most_links=199")
    assert found.per_block[0].inside.standard_error == found.whole.r
    assert isinstance(assortativity(graph, most_links=graph.n_links).whole.r, float)


def test_the_sentence_does_not_take_the_ban_on_double_links_for_a_preference() -> None:
    """All nets with hubs' degrees have r < 0 in their block, the random ones too: no verdict by the error alone."""
    rng = np.random.default_rng(0)
    popular = 1.0 / np.arange(1, 61)
    graph = LayeredGraph.from_matrices([(rng.random((60, 60)) < 30 * np.outer(popular, popular)) * 1.0])
    found = assortativity(graph)
    assert found.within_blocks.r < -2 * found.within_blocks.standard_error
    (sentence,) = sentences({"assortativity": found})
    assert "±" in sentence
    assert "the null model degree tells" in sentence
    assert "disassortative" not in sentence
