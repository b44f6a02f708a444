"""Structural consistency of whole nets: counts by hand, complete nets, random expectation, what has none."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import undirected
from sparsegraph.kernels.spectral import structural_consistency as of_given_removal
from sparsegraph.measures.structural_consistency import Consistency, structural_consistency
from sparsegraph.result import Undefined


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_one_repeat_is_the_kernel_of_the_same_removal() -> None:
    graph = graphs.erdos_renyi((20, 30, 20), 0.15, seed=3)
    found = structural_consistency(graph, rng=rng(5), n_repeats=1)
    # 90 + 90 links, 18 of them out; links numbered block by block
    gone = rng(5).choice(180, 18, replace=False)
    upper = np.zeros((70, 70))
    for block, offset in zip(graph.blocks, (0, 20), strict=True):
        entries = sparse.coo_array(block.weights)
        upper[entries.coords[0] + offset, entries.coords[1] + offset + (20 if offset == 0 else 30)] = 1
    places = np.flatnonzero(upper)
    assert places.size == found.n_links == 180
    left = upper.copy()
    left.flat[places[gone]] = 0
    linked = (upper + upper.T).any(axis=0)
    adjacency, training = ((part + part.T)[np.ix_(linked, linked)] for part in (upper, left))
    assert isinstance(found.all_pairs, Consistency)
    assert found.all_pairs.mean == of_given_removal(adjacency, training)
    assert found.all_pairs.std == 0.0
    assert found.n_isolated == 70 - linked.sum()


def test_candidates_by_hand() -> None:
    # seven links, nine neurons with links: 4 of the 4 + 4 + 2 - 1; one link is taken out
    found = structural_consistency(graphs.two_paths(), rng=rng(), n_repeats=3)
    assert (found.n_links, found.n_removed, found.n_isolated) == (7, 1, 1)
    assert isinstance(found.all_pairs, Consistency)
    assert isinstance(found.adjacent_layers, Consistency)
    assert found.all_pairs.n_candidates == 9 * 8 // 2 - 6
    assert found.adjacent_layers.n_candidates == 3 * 4 + 4 * 2 - 6
    assert found.all_pairs.random == pytest.approx(1 / 30)
    assert found.adjacent_layers.random == pytest.approx(1 / 14)


def test_half_a_link_is_one() -> None:
    assert structural_consistency(graphs.complete(5, 1), rng=rng()).n_removed == 1  # 0.5
    assert structural_consistency(graphs.complete(5, 5), rng=rng()).n_removed == 3  # 2.5
    assert isinstance(structural_consistency(graphs.complete(4, 1), rng=rng()).all_pairs, Undefined)


def test_links_of_a_complete_block_are_all_found_again() -> None:
    # the leading vectors of a complete block rank its pairs above those inside a layer, whose score is 0
    found = structural_consistency(graphs.complete(12, 15), rng=rng())
    assert isinstance(found.all_pairs, Consistency)
    assert (found.all_pairs.mean, found.all_pairs.std) == (1.0, 0.0)


def test_separate_groups_are_foretold_and_random_links_hardly() -> None:
    groups = LayeredGraph.from_matrices([np.kron(np.eye(3), np.ones((10, 12)))])
    known = structural_consistency(groups, rng=rng()).all_pairs
    assert isinstance(known, Consistency)
    assert known.mean == 1.0
    # Links drawn independently tell nothing about each other; but the change is made of the removed links themselves,
    # and a trace of them comes through: more than the 0.041 of chance, where foretelling alone could give no more.
    chance = structural_consistency(graphs.erdos_renyi((60, 70, 60), 0.3), rng=rng()).adjacent_layers
    assert isinstance(chance, Consistency)
    assert chance.random == pytest.approx(252 / 6132)
    assert chance.random + 5 * 0.004 < chance.mean < 0.15  # 0.004: standard error of 2520 draws by chance


def test_links_that_nothing_can_foretell_come_through_the_null_spaces() -> None:
    # a matching: without a link its two ends lie in the null spaces, and the change there is the link itself
    matching = structural_consistency(LayeredGraph.from_matrices([np.eye(30)]), rng=rng()).all_pairs
    assert isinstance(matching, Consistency)
    assert matching.mean == 1.0


def test_a_skip_link_that_closes_an_odd_cycle_needs_the_whole_matrix() -> None:
    rng_ = rng(1)
    layers = (Layer("a", 15), Layer("b", 20), Layer("c", 15))
    blocks = [
        Block(i, j, sparse.csr_array((rng_.random((layers[i].size, layers[j].size)) < 0.2).astype(float)))
        for i, j in ((0, 1), (1, 2), (0, 2))
    ]
    chain = structural_consistency(LayeredGraph(layers, tuple(blocks[:2])), rng=rng())
    skipping = structural_consistency(LayeredGraph(layers, tuple(blocks)), rng=rng())
    assert (chain.bipartite, skipping.bipartite) == (True, False)
    assert chain.method != skipping.method
    # with all layers joined, the candidates are all pairs but those of one layer
    assert isinstance(skipping.all_pairs, Consistency)
    assert isinstance(skipping.adjacent_layers, Consistency)
    assert skipping.n_isolated == 0
    inside = 15 * 14 // 2 + 20 * 19 // 2 + 15 * 14 // 2
    assert skipping.all_pairs.n_candidates - skipping.adjacent_layers.n_candidates == inside


def test_pairs_of_adjacent_layers_in_different_components_are_candidates() -> None:
    """Two stars, turned against each other: input 0 with hidden 0 to 4, inputs 1 to 5 with hidden 5."""
    block = np.zeros((6, 6))
    block[0, :5] = block[1:, 5] = 1
    found = structural_consistency(LayeredGraph.from_matrices([block]), rng=rng()).adjacent_layers
    assert isinstance(found, Consistency)
    assert found.n_candidates == 36 - 10 + 1


def test_what_has_no_consistency() -> None:
    for graph, options, reason in (
        (graphs.empty(3, 4), {}, "no links"),
        (graphs.complete(2, 2), {}, "share=0.1 of 4 links is none"),
        (graphs.complete(2, 2), {"share": 0.9}, "share=0.9 of 4 links is all of them"),
        (graphs.complete(20, 30), {"largest": 20}, "a 20 x 30 matrix is more work than largest=20 allows"),
    ):
        found = structural_consistency(graph, rng=rng(), **options)
        assert found.all_pairs == found.adjacent_layers == Undefined(reason)
    fits = structural_consistency(graphs.complete(20, 30), rng=rng(), largest=23)  # 20 * 20 * 30 = 12000 < 23^3
    assert isinstance(fits.all_pairs, Consistency)


def test_weights_do_not_count() -> None:
    graph = graphs.erdos_renyi((20, 30, 20), 0.15)
    ones = LayeredGraph.from_matrices([(block.weights.toarray() != 0) * 1.0 for block in graph.blocks])
    assert undirected(ones).neighbours.tolist() == undirected(graph).neighbours.tolist()
    assert structural_consistency(graph, rng=rng()) == structural_consistency(ones, rng=rng())


@pytest.mark.parametrize("with_skip", [False, True], ids=["two sides", "no two sides"])
def test_candidates_of_a_grouped_convolution_lie_inside_its_groups(with_skip: bool) -> None:
    """Two groups of 4 x 4 and 4 x 4; source 3 and target 7 have no link.  A skip block leaves no two sides."""
    first = np.kron(np.eye(2), np.ones((4, 4)) - np.eye(4))
    first[3], first[:, 7] = 0.0, 0.0
    layers = (Layer("a", 8, "channel"), Layer("b", 8, "channel"), Layer("c", 2))
    blocks = [Block(0, 1, sparse.csr_array(first), name="conv", groups=2)]
    n_links, n_possible = 9 + 9, 3 * 4 + 4 * 3
    if with_skip:
        blocks += [
            Block(1, 2, sparse.csr_array(np.ones((8, 2))), name="fc"),
            Block(0, 2, sparse.csr_array(np.ones((8, 2))), name="skip"),
        ]
        n_links, n_possible = n_links + 32, 4 * 4 + 4 * 4 + 32  # every neuron has links then
    found = structural_consistency(LayeredGraph(layers, tuple(blocks)), rng=rng())
    assert found.bipartite != with_skip
    assert found.n_links == n_links
    assert isinstance(found.adjacent_layers, Consistency)
    assert found.adjacent_layers.n_candidates == n_possible - n_links + found.n_removed
