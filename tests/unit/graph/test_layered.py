"""LayeredGraph: its invariants, its errors and what it derives."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from graphs import two_paths
from hypothesis import given
from scipy import sparse
from strategies import layered_graphs

from sparsegraph.errors import GraphError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph, settled


def test_a_chain_knows_its_layers() -> None:
    graph = two_paths()
    assert [layer.name for layer in graph.layers] == ["input", "hidden1", "output"]
    assert graph.offsets.tolist() == [0, 4, 8, 10]
    assert (graph.n_neurons, graph.n_links) == (10, 7)
    assert (graph.input_layers, graph.hidden_layers, graph.output_layers) == ((0,), (1,), (2,))


def test_a_stored_zero_is_a_link() -> None:
    stored = sparse.csr_array((np.array([0.0, 2.0]), (np.array([0, 1]), np.array([0, 1]))), shape=(2, 2))
    assert LayeredGraph.from_matrices([stored]).n_links == 2
    assert LayeredGraph.from_matrices([stored.toarray()]).n_links == 1


def test_buffers_are_copies_and_read_only() -> None:
    mine = sparse.csr_array(np.eye(2))
    graph = LayeredGraph.from_matrices([mine])
    mine.data[:] = 7
    assert graph.blocks[0].weights.data.tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        graph.blocks[0].weights.data[0] = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.layers = ()


def test_settled_buffers_are_shared_and_others_are_not() -> None:
    mine = settled(sparse.csr_array(np.eye(3)))
    block = Block(0, 1, mine)
    again = dataclasses.replace(block, source=3, target=4)
    for name in ("data", "indices", "indptr"):
        assert np.shares_memory(getattr(block.weights, name), getattr(mine, name))
        assert np.shares_memory(getattr(again.weights, name), getattr(block.weights, name))
    mine.data = np.zeros(3)  # the container is its owner's, the memory is not
    assert block.weights.data.tolist() == [1, 1, 1]


def test_a_read_only_view_of_memory_that_others_write_is_copied() -> None:
    written = np.ones(3)
    view = written[:]
    view.flags.writeable = False
    shown = sparse.csr_array(np.eye(3))
    shown.data = view
    for other in (shown.indices, shown.indptr):
        other.flags.writeable = False
    block = Block(0, 1, shown)
    written[:] = 5
    assert block.weights.data.tolist() == [1, 1, 1]


def test_settled_but_unsorted_columns_are_sorted_in_a_copy() -> None:
    unsorted = settled(sparse.csr_array((np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2])), shape=(1, 2)))
    assert Block(0, 1, unsorted).weights.data.tolist() == [2, 1]
    assert unsorted.data.tolist() == [1, 2]


def test_unsorted_columns_are_sorted() -> None:
    unsorted = sparse.csr_array((np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2])), shape=(1, 2))
    assert LayeredGraph.from_matrices([unsorted]).blocks[0].weights.indices.tolist() == [0, 1]


def test_skip_links_are_allowed_and_sorted() -> None:
    layers = (Layer("a", 1), Layer("b", 1), Layer("c", 1))
    one = sparse.csr_array(np.ones((1, 1)))
    graph = LayeredGraph(layers, (Block(1, 2, one), Block(0, 2, one), Block(0, 1, one)))
    assert [(b.source, b.target) for b in graph.blocks] == [(0, 1), (0, 2), (1, 2)]


ONE = sparse.csr_array(np.ones((1, 1)))
PAIR = (Layer("a", 1), Layer("b", 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LayeredGraph.from_matrices([]), "no matrices"),
        (lambda: LayeredGraph.from_matrices([np.ones((2, 3)), np.ones((2, 3))]), "do not chain"),
        (lambda: LayeredGraph.from_matrices([np.ones(3)]), "no matrix"),
        (lambda: LayeredGraph((Layer("a", 1),), ()), "at least 2 layers"),
        (lambda: LayeredGraph((Layer("a", 1), Layer("a", 1)), ()), "unique"),
        (lambda: LayeredGraph(PAIR, (Block(1, 0, ONE),)), "forward"),
        (lambda: LayeredGraph(PAIR, (Block(0, 0, ONE),)), "forward"),
        (lambda: LayeredGraph(PAIR, (Block(0, 1, ONE), Block(0, 1, ONE))), "same pair"),
        (lambda: LayeredGraph(PAIR, (Block(0, 1, sparse.csr_array((2, 2))),)), "shape"),
        (lambda: LayeredGraph((Layer("a", 1), Layer("b", 2)), (), ((0, 1),)), "equally large"),
        (lambda: Layer("a", 0), "at least 1"),
        (lambda: Layer("a", 5, shape=(2, 3)), "shape"),
        (lambda: LayeredGraph.from_matrices([np.array([[np.nan]])]), "finite"),
        (lambda: Block(0, 1, ONE, multiplicity=np.array([1, 2])), "multiplicities"),
        (lambda: Block(0, 1, ONE, groups=0), "groups"),
        (lambda: Block(0, 1, sparse.csr_array(np.ones((2, 2))), groups=2), "pairs in a group"),
        (lambda: Block(0, 1, sparse.csr_array((3, 2)), groups=2), "3 x 2; 2 groups need multiples"),
        (lambda: Block(0, 1, sparse.csr_array(([1.0], ([0], [1])), shape=(2, 2)), groups=2), "between its 2 groups"),
        (
            lambda: Block(0, 1, sparse.csr_array((np.ones(2), np.array([0, 0]), np.array([0, 2])), shape=(1, 1))),
            "twice",
        ),
    ],
)
def test_what_does_not_fit_is_refused(make: object, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        make()


@given(layered_graphs())
def test_links_are_the_non_zeros(graph: LayeredGraph) -> None:
    assert graph.n_links == sum(np.count_nonzero(block.weights.toarray()) for block in graph.blocks)


def test_a_grouped_convolution_counts_the_links_within_its_groups() -> None:
    # 4 channels in 4 groups (depthwise), 3 x 3 kernels with 9, 4, 0 and 1 weights kept
    links = sparse.csr_array((np.ones(3), (np.array([0, 1, 3]), np.array([0, 1, 3]))), shape=(4, 4))
    block = Block(0, 1, links, multiplicity=np.array([9, 4, 1]), weights_per_link=9, groups=4)
    assert (block.n_links, block.n_links_possible, block.density) == (3, 4, 0.75)
    assert (block.n_weights, block.n_weights_possible) == (14, 36)
