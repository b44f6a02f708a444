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


def test_a_readout_that_lacks_next_to_nothing_is_kept_and_the_words_say_so() -> None:
    weights = np.ones((100, 10))
    weights[3, 4] = 0.0
    graph = LayeredGraph.from_matrices([np.eye(100), weights])
    for policy in ("auto", decide_readout(graph, "auto")):
        choice = choose_readout(graph, policy)
        assert len(choice.graph.layers) == 3
        few = "only 1 of 1,000 weights of hidden1-output absent: exclude leaves it out"
        assert choice.convention == f"readout included (no dense last block; {few})"
    assert choose_readout(graph, "include").convention == "readout included (as asked)"


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


@pytest.mark.parametrize(("policy", "told"), [("exlude", "auto, include, exclude"), (("nope",), "the graph has input")])
def test_what_is_no_policy_is_refused(policy: tuple[str, ...], told: str) -> None:
    for ask in (choose_readout, decide_readout):
        with pytest.raises(DataError, match=told):
            ask(DENSE_READOUT, policy)


def test_a_layer_is_not_left_out_because_its_name_is_part_of_a_rule() -> None:
    blocks = tuple(Block(i, i + 1, sparse.csr_array(np.eye(2))) for i in range(2))
    graph = LayeredGraph(tuple(Layer(name, 2) for name in ("x", "y", "a")), blocks)
    assert len(choose_readout(graph, "auto").graph.layers) == 3


def test_one_dense_block_is_told_as_what_it_is() -> None:
    graph = LayeredGraph.from_matrices([np.ones((4, 5))])
    assert choose_readout(graph).convention == "readout included (no last block from a hidden layer alone)"
