"""Nets that are run: against numpy, and by hand."""

from __future__ import annotations

from dataclasses import replace

import graphs
import numpy as np
import pytest

from sparsegraph.errors import DataError, GraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.kernels.forward import reduced
from sparsegraph.perturb.network import Network, Samples


def dense_activities(network: Network, images: np.ndarray) -> list[np.ndarray]:
    """Activities of all layers by plain matrix products in float64."""
    layers = [images.astype(np.float64)]
    for index, (block, own) in enumerate(zip(network.graph.blocks, network.biases, strict=True)):
        sums = layers[-1] @ block.weights.toarray().astype(np.float64) + (0 if own is None else own)
        layers.append(sums if index == len(network.biases) - 1 else np.maximum(sums, 0))
    return layers


def a_net(seed: int = 0, sizes: tuple[int, ...] = (30, 50, 40, 7), density: float = 0.1) -> Network:
    rng = np.random.default_rng(seed)
    graph = graphs.erdos_renyi(sizes, density, seed)
    return Network(graph, [rng.normal(size=size) if i % 2 else None for i, size in enumerate(sizes[1:])])


def switch() -> Network:
    """Two inputs, three hidden neurons, two classes.

    input 0 ──2── hidden 0 ──1── output 0
    input 1 ──1── hidden 1 ──3── output 1
                  hidden 2 (bias 5, no link enters) ──-1── output 0
    """
    first = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    second = np.array([[1.0, 0.0], [0.0, 3.0], [-1.0, 0.0]])
    return Network(LayeredGraph.from_matrices([first, second]), [np.array([0.0, 0.0, 5.0]), np.array([0.0, 1.0])])


def test_answers_worked_out_by_hand() -> None:
    # outputs of (4, 0): (8 - 5, 1); of (1, 0): (2 - 5, 1); of (0, 1): (-5, 4)
    images, labels = np.array([[4.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([0, 0, 1])
    assert switch().accuracy(images, labels) == 2 / 3
    means = switch().mean_activations(images)
    # |outputs|: 3, 3, 5 and 1, 1, 4
    expected = {"input": [5 / 3, 1 / 3], "hidden1": [10 / 3, 1 / 3, 5.0], "output": [11 / 3, 2.0]}
    assert {name: found.tolist() for name, found in means.items()} == {
        name: pytest.approx(values, rel=1e-12) for name, values in expected.items()
    }


@pytest.mark.parametrize("sizes", [(30, 50, 40, 7), (30, 7), (30, 1, 7)])
@pytest.mark.parametrize("n_samples", [1, 32, 100])
def test_sparse_pass_equals_dense_products(sizes: tuple[int, ...], n_samples: int) -> None:
    network, rng = a_net(sizes=sizes), np.random.default_rng(1)
    images = rng.normal(size=(n_samples, 30))
    layers = dense_activities(network, images)
    means = network.mean_activations(images)
    expected = [np.abs(layer).mean(axis=0) for layer in layers]
    if n_samples == 1:  # of a single sample every input is constant
        expected[0][:] = 0
    for found, wanted in zip(means.values(), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    best = layers[-1].argmax(axis=1)
    assert network.accuracy(images, best) == 1.0
    assert network.accuracy(images, (best + 1) % 7) == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_copies_with_fewer_links_are_judged_as_if_built_anew(seed: int) -> None:
    # few links, so that neurons lose their inputs, their outputs or both
    network, rng = a_net(seed, density=0.03), np.random.default_rng(seed)
    kept, weights = rng.random(network.weights.size) < 0.6, rng.normal(size=network.weights.size).astype(np.float32)
    matrices, start = [], 0
    for block in network.graph.blocks:
        own, own_weights = kept[start : start + block.n_links], weights[start : start + block.n_links]
        matrix = block.weights.copy()
        matrix.data = np.where(own, own_weights, 0)
        matrices.append(matrix.toarray())
        start += block.n_links
    anew = Network(LayeredGraph.from_matrices(matrices), network.biases)
    images = rng.normal(size=(200, 30))
    labels = dense_activities(anew, images)[-1].argmax(axis=1)
    assert network.accuracy_with(kept, weights, Samples.of(images, labels)) == 1.0
    assert anew.accuracy(images, labels) == 1.0


def test_what_makes_no_difference_is_taken_out() -> None:
    network = switch()
    circuit = network._circuit
    copy = reduced(circuit, np.ones(5, np.bool_), circuit.weights)
    assert np.diff(copy.in_ptr).tolist() == [1, 1, 0, 1, 1]  # hidden 2 is a constant
    assert copy.biases.tolist() == [0, 0, 5, -5, 1]


def test_a_constant_input_carries_nothing() -> None:
    images = np.array([[-0.42, 1.0], [-0.42, -1.0]])
    assert switch().mean_activations(images)["input"].tolist() == [0.0, 1.0]


def test_snapshots_are_taken_with_their_biases() -> None:
    mask = Mask(2 * (2,), np.array([0, 3]))
    block = BlockState("fc1", mask, np.ones(2, np.float32), np.array([0.0, 3.0], np.float32))
    snapshot = Snapshot(0, (block,))
    assert Network.from_snapshot(snapshot).accuracy(np.eye(2), np.array([1, 1])) == 1.0
    with pytest.raises(GraphError, match="topology snapshot"):
        Network.from_snapshot(Snapshot(0, (replace(block, weights=None),)))
    with pytest.raises(GraphError, match=r"bn1\.weight"):
        Network.from_snapshot(Snapshot(0, (block,), extra={"bn1.weight": np.ones(2)}))


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (graphs.with_skip(), "links skip layers"),
        (graphs.one_neuron_per_layer(np.diag(np.ones(3), 1) * [0, 1, 0, 1]), "several chains"),
    ],
)
def test_what_is_no_chain_is_refused_with_the_reason(graph: LayeredGraph, reason: str) -> None:
    with pytest.raises(GraphError, match=reason):
        Network(graph, [None] * len(graph.blocks))


def test_convolutions_and_coupled_layers_are_refused() -> None:
    graph = graphs.complete(2, 2, 2)
    channels = replace(graph, layers=tuple(replace(layer, kind="channel") for layer in graph.layers))
    with pytest.raises(GraphError, match="convolution"):
        Network(channels, [None, None])
    with pytest.raises(GraphError, match="coupled"):
        Network(replace(graph, couplings=((0, 1),)), [None, None])


def test_what_does_not_fit_is_refused() -> None:
    graph = graphs.complete(2, 3)
    with pytest.raises(DataError, match="1 blocks need as many"):
        Network(graph, [])
    with pytest.raises(DataError, match="3 finite biases"):
        Network(graph, [np.ones(2)])
    with pytest.raises(DataError, match="tanh"):
        Network(graph, [None], "tanh")
    network = Network(graph, [None])
    for images, labels in (
        (np.ones((2, 5)), [0, 1]),
        (np.ones((2, 2)), [0]),
        (np.ones((2, 2)), [0, -1]),
        (np.full((2, 2), np.nan), [0, 1]),
        (np.ones((0, 2)), []),
    ):
        with pytest.raises(DataError):
            network.accuracy(images, np.array(labels))
    with pytest.raises(DataError, match="do not fit"):
        network.mean_activations(np.ones((2, 5)))


def test_labels_that_the_net_cannot_give_are_refused() -> None:
    net = Network(LayeredGraph.from_matrices([np.eye(2)]), [None])
    with pytest.raises(DataError, match="2 outputs but a label is 2"):
        net.accuracy(np.eye(2), np.array([0, 2]))
