"""Links and weights counted by hand."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.measures.sparsity import sparsity
from sparsegraph.result import Undefined


def test_two_paths() -> None:
    found = sparsity(graphs.two_paths())
    assert (found.n_links, found.n_links_possible, found.n_neurons) == (7, 24, 10)
    assert found.density == pytest.approx(7 / 24)
    assert found.sparsity == pytest.approx(17 / 24)
    assert (found.n_weights, found.weight_density) == (7, found.density)
    assert [(b.block, b.n_links, b.n_links_possible) for b in found.per_block] == [
        ("input-hidden1", 4, 16),
        ("hidden1-output", 3, 8),
    ]


def test_channels_count_the_weights_behind_their_links() -> None:
    kernels = sparse.csr_array(np.array([[1.5, 0.0], [2.0, 0.5]]))
    block = Block(0, 1, kernels, multiplicity=np.array([9, 4, 1]), weights_per_link=9, name="conv1")
    graph = LayeredGraph((Layer("image", 2, "channel"), Layer("conv1", 2, "channel")), (block,))
    found = sparsity(graph)
    assert (found.n_links, found.density) == (3, 0.75)
    assert (found.n_weights, found.n_weights_possible, found.weight_density) == (14, 36, 14 / 36)


def test_a_stored_zero_is_a_link() -> None:
    stored = sparse.csr_array((np.array([0.0, 2.0]), (np.array([0, 1]), np.array([0, 1]))), shape=(2, 2))
    found = sparsity(LayeredGraph.from_matrices([stored]))
    assert (found.n_links, found.n_zero_links) == (2, 1)


def test_without_blocks_density_is_undefined() -> None:
    found = sparsity(LayeredGraph((Layer("a", 2), Layer("b", 3)), ()))
    assert found.n_links == 0
    assert isinstance(found.density, Undefined)
