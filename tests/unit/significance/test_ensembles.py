"""What each null model keeps of a network."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from strategies import layered_graphs

from sparsegraph.errors import UnknownNameError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.significance.ensembles import NULL_MODELS

each_null = pytest.mark.parametrize("null", ["er", "degree", "bsw", "bsf", "weights"])


def drawn(graph: LayeredGraph, null: str, seed: int = 0) -> LayeredGraph:
    return NULL_MODELS[null](graph, rng=np.random.default_rng(seed))


def grouped() -> LayeredGraph:
    """A convolution in two groups, 4 -> 6 channels of 9 weights, 8 of its 12 links, then a linear layer."""
    inside = np.kron(np.eye(2), np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 4.0]]))
    conv = Block(
        0, 1, sparse.csr_array(inside), multiplicity=np.arange(1, 9), weights_per_link=9, groups=2, name="conv"
    )
    layers = (Layer("image", 4, "channel"), Layer("conv", 6, "channel"), Layer("classes", 3))
    return LayeredGraph(layers, (conv, Block(1, 2, sparse.csr_array(np.eye(6, 3)), name="fc")))


@each_null
@given(graph=layered_graphs(), seed=st.integers(0, 2**32 - 1))
def test_layers_shapes_counts_and_weights_are_kept(null: str, graph: LayeredGraph, seed: int) -> None:
    twin = drawn(graph, null, seed)
    assert twin.layers == graph.layers
    for block, kept in zip(twin.blocks, graph.blocks, strict=True):
        assert block.weights.shape == kept.weights.shape
        assert sorted(block.weights.data) == sorted(kept.weights.data)
        assert (block.source, block.target, block.name) == (kept.source, kept.target, kept.name)


@given(graph=layered_graphs(), seed=st.integers(0, 2**32 - 1))
def test_degrees_are_kept_by_the_null_model_of_degrees(graph: LayeredGraph, seed: int) -> None:
    for block, kept in zip(drawn(graph, "degree", seed).blocks, graph.blocks, strict=True):
        for axis in (0, 1):
            counts = [np.diff(sparse.csc_array(b.weights).indptr if axis else b.weights.indptr) for b in (block, kept)]
            assert counts[0].tolist() == counts[1].tolist()


@given(graph=layered_graphs(), seed=st.integers(0, 2**32 - 1))
def test_links_are_kept_where_only_weights_are_dealt(graph: LayeredGraph, seed: int) -> None:
    for block, kept in zip(drawn(graph, "weights", seed).blocks, graph.blocks, strict=True):
        assert block.weights.indices.tolist() == kept.weights.indices.tolist()
        assert block.weights.indptr.tolist() == kept.weights.indptr.tolist()


@each_null
def test_links_move_or_weights_do(null: str) -> None:
    graph = graphs.erdos_renyi((20, 30, 20), 0.2)
    for block, kept in zip(drawn(graph, null).blocks, graph.blocks, strict=True):
        assert (block.weights.toarray() != kept.weights.toarray()).any()
        assert (block.weights.indices.tolist() != kept.weights.indices.tolist()) == (null != "weights")


@each_null
def test_groups_multiplicities_and_what_belongs_to_a_kernel_are_kept(null: str) -> None:
    graph = grouped()
    for seed in range(20):
        conv = drawn(graph, null, seed).blocks[0]
        assert (conv.weights.toarray()[:2, 3:] == 0).all()
        assert (conv.weights.toarray()[2:, :3] == 0).all()
        assert sorted(conv.multiplicity.tolist()) == list(range(1, 9))
        assert (conv.groups, conv.weights_per_link) == (2, 9)


def test_a_weight_and_its_multiplicity_travel_together() -> None:
    kernels = sparse.csr_array(np.arange(1.0, 7.0).reshape(2, 3) * (np.arange(6).reshape(2, 3) % 2))
    conv = Block(0, 1, kernels, multiplicity=kernels.data.astype(np.int64), weights_per_link=9, name="conv")
    graph = LayeredGraph((Layer("a", 2, "channel"), Layer("b", 3, "channel")), (conv,))
    for seed in range(10):
        block = drawn(graph, "er", seed).blocks[0]
        assert block.weights.data.tolist() == block.multiplicity.tolist()


@each_null
def test_stored_zeros_are_links_and_skip_links_and_couplings_stay(null: str) -> None:
    first = sparse.csr_array(np.array([[1.0, 2.0], [0.0, 3.0]]))
    first.data[0] = 0.0
    layers = (Layer("a", 2), Layer("b", 2), Layer("c", 2))
    skip = Block(0, 2, sparse.csr_array(np.array([[0.0, 5.0], [0.0, 0.0]])), name="skip")
    graph = LayeredGraph(layers, (Block(0, 1, first, name="ab"), skip), couplings=((1, 2),))
    twin = drawn(graph, null)
    assert [block.n_links for block in twin.blocks] == [3, 1]
    assert sorted(twin.blocks[0].weights.data) == [0.0, 2.0, 3.0]
    assert twin.couplings == ((1, 2),)


def test_unknown_names_get_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="degree"):
        NULL_MODELS["degre"]
