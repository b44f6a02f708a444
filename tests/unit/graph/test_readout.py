"""The readout policy, in and out."""

from __future__ import annotations

import numpy as np
import pytest
from graphs import complete, two_paths
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.readout import choose_readout, decide_readout

DENSE_READOUT = LayeredGraph.from_matrices([np.eye(4), np.ones((4, 2))])


def test_auto_leaves_out_a_dense_last_block() -> None:
    choice = choose_readout(DENSE_READOUT)
    assert len(choice.graph.layers) == 2
    assert choice.convention == "readout left out (dense last block hidden1-output)"


def test_auto_keeps_a_sparse_last_block() -> None:
    choice = choose_readout(two_paths())
    assert choice.graph.n_links == 7
    assert choice.convention == "readout included (no dense last block)"


def test_a_readout_whose_kernels_are_pruned_is_not_dense() -> None:
    full = sparse.csr_array(np.ones((2, 1)))
    layers = (Layer("a", 1), Layer("b", 2, "channel"), Layer("c", 1))
    first = Block(0, 1, sparse.csr_array(np.ones((1, 2))))
    for kept, n_layers in [([9, 9], 2), ([9, 4], 3)]:
        last = Block(1, 2, full, multiplicity=np.array(kept), weights_per_link=9)
        assert len(choose_readout(LayeredGraph(layers, (first, last))).graph.layers) == n_layers


def test_the_decision_survives_percolation() -> None:
    # hidden 1 has no input, so percolation takes its readout links away and the block is no longer dense
    graph = LayeredGraph.from_matrices([np.array([[1.0, 0.0]]), np.ones((2, 3))])
    percolated = percolate(graph).graph
    assert len(choose_readout(percolated).graph.layers) == 3
    decided = decide_readout(graph, "auto")
    assert decided == ("output",)
    assert len(choose_readout(percolated, decided).graph.layers) == 2
    sparse_readout = two_paths()
    assert decide_readout(sparse_readout, "auto") == ()
    assert choose_readout(sparse_readout, ()).convention == "readout included (no dense last block)"


def test_a_policy_can_be_forced() -> None:
    assert len(choose_readout(DENSE_READOUT, "include").graph.layers) == 3
    assert len(choose_readout(two_paths(), "exclude").graph.layers) == 2


def test_a_single_block_is_never_left_out() -> None:
    assert len(choose_readout(complete(3, 2), "exclude").graph.layers) == 2
    assert len(choose_readout(complete(3, 2), "auto").graph.layers) == 2


def test_a_word_that_is_no_rule_is_refused() -> None:
    for decide in (choose_readout, decide_readout):
        with pytest.raises(DataError, match="readout is 'exlude'; it must be auto, include, exclude or a tuple"):
            decide(DENSE_READOUT, "exlude")  # type: ignore[operator]


def test_a_layer_whose_name_is_part_of_the_rules_is_not_named_by_it() -> None:
    """A sparse block into the layer "t", whose letter is in "auto"."""
    last = Block(1, 2, sparse.csr_array(np.eye(2)))
    graph = LayeredGraph(
        (Layer("a", 1), Layer("b", 2), Layer("t", 2)), (Block(0, 1, sparse.csr_array([[1.0, 1.0]])), last)
    )
    assert choose_readout(graph, "auto").convention == "readout included (no dense last block)"
    assert len(choose_readout(graph, ("t",)).graph.layers) == 2
