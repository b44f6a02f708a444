"""Sparse evolutionary training of a multilayer perceptron, on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from sparsegraph.data.digits import Split
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.rng import rng_for
from sparsegraph.topology.initialise import erdos_renyi
from sparsegraph.topology.regrowth import uniform
from sparsegraph.topology.removal import choose_removed
from sparsegraph.training.sparse_linear import SparseLinear


@dataclass(frozen=True)
class SetRecipe:
    """Sparse evolutionary training (SET): magnitude removal and uniform regrowth after each epoch.

    Parameters
    ----------
    sizes : tuple of int
        Neurons of each layer; the last block is a dense readout.
    density : float
        Share of the links present in every block but the readout, in (0, 1].
    zeta : float
        Share of the links of a block removed and regrown in one update.
    """

    sizes: tuple[int, ...]
    density: float
    epochs: int
    zeta: float = 0.3
    batch_size: int = 32
    learning_rate: float = 0.05
    momentum: float = 0.9


@dataclass(frozen=True)
class EpochRecord:
    """What is known after an epoch: its number (from 1), training loss and test accuracy in [0, 1]."""

    epoch: int
    loss: float
    test_accuracy: float


def train(
    recipe: SetRecipe, data: tuple[Split, Split], *, seed: int, on_epoch: Callable[[EpochRecord], None]
) -> LayeredGraph:
    """Train by SET and return the network as a layered graph.

    Parameters
    ----------
    recipe : SetRecipe
    data : (Split, Split)
        Training and test part.
    seed : int
    on_epoch : callable
        Called with the record of each finished epoch.

    Notes
    -----
    Runs on one thread: layers this small gain nothing from a second one, and sums keep their order, so that the same
    seed gives the same net everywhere.
    """
    with _one_thread():
        return _train(recipe, data, rng_for(seed, "train"), on_epoch)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _train(
    recipe: SetRecipe,
    data: tuple[Split, Split],
    rng: np.random.Generator,
    on_epoch: Callable[[EpochRecord], None],
) -> LayeredGraph:
    layers = _initial_layers(recipe, rng)
    model = torch.nn.Sequential(*(module for layer in layers for module in (layer, torch.nn.ReLU())))[:-1]
    optimiser = torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)
    images, labels = torch.from_numpy(data[0].images), torch.from_numpy(data[0].labels)
    for epoch in range(1, recipe.epochs + 1):
        losses = []
        for batch in torch.from_numpy(rng.permutation(len(labels))).split(recipe.batch_size):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        on_epoch(EpochRecord(epoch, float(np.mean(losses)), _accuracy(model, data[1])))
        if epoch < recipe.epochs:
            for layer in layers[:-1]:
                _evolve(layer, optimiser, recipe.zeta, rng)
    return _to_graph(layers)


def _initial_layers(recipe: SetRecipe, rng: np.random.Generator) -> list[SparseLinear]:
    """Uniform random links with He weights on the realised fan-in (SWI); the readout is dense."""
    layers = []
    for i, shape in enumerate(zip(recipe.sizes[:-1], recipe.sizes[1:], strict=True)):
        density = 1.0 if i == len(recipe.sizes) - 2 else recipe.density
        positions = erdos_renyi([shape], [round(density * shape[0] * shape[1])], rng=rng)[0].positions.copy()
        spread = np.sqrt(2 / (density * shape[0]))
        layer = SparseLinear(*shape, Mask(shape, positions))
        layer.rewire(layer.mask, rng.normal(0, spread, positions.size).astype(np.float32))
        torch.nn.init.zeros_(layer.get_parameter("bias"))
        layers.append(layer)
    return layers


@torch.no_grad()
def _evolve(layer: SparseLinear, optimiser: torch.optim.SGD, zeta: float, rng: np.random.Generator) -> None:
    """Remove the weakest links, add as many anywhere else; new links start at weight 0 and momentum 0."""
    shape = (layer.in_features, layer.out_features)
    positions, weights = layer.positions.numpy(), layer.weight.detach().numpy()
    n_moved = int(zeta * positions.size)
    removed = choose_removed(np.abs(weights), n_moved, rng=rng)
    kept = np.delete(positions, removed)
    joined = np.concatenate([kept, uniform(Mask(shape, kept), n_moved, rng=rng)])
    order = np.argsort(joined)
    momentum = optimiser.state[layer.weight]["momentum_buffer"]
    moved = [np.append(np.delete(old, removed), np.zeros(n_moved, old.dtype)) for old in (weights, momentum.numpy())]
    layer.rewire(Mask(shape, joined[order]), moved[0][order])
    momentum.copy_(torch.from_numpy(moved[1][order]))


@torch.no_grad()
def _accuracy(model: torch.nn.Module, split: Split) -> float:
    predicted = model(torch.from_numpy(split.images)).argmax(1).numpy()
    return float((predicted == split.labels).mean())


def _to_graph(layers: list[SparseLinear]) -> LayeredGraph:
    names = ["input", *(f"hidden{i}" for i in range(1, len(layers))), "output"]
    sizes = [layers[0].in_features, *(layer.out_features for layer in layers)]
    blocks = []
    for i, layer in enumerate(layers):
        matrix = layer.mask.to_csr(layer.weight.detach().numpy())
        blocks.append(Block(i, i + 1, matrix, name=f"fc{i + 1}.weight"))
    return LayeredGraph(tuple(Layer(n, s) for n, s in zip(names, sizes, strict=True)), tuple(blocks))
