"""Tiny nets with answers worked out by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph


def two_paths() -> LayeredGraph:
    """Seven links, of which percolation drops two.

    input      hidden     output
      0 ─────────  0 ─────────  0
      0 ─────────  3                  hidden 3 has no output
      1 ─────────  1 ─────────  1
      2 ─────────  1
      3            2 ─────────  1     hidden 2 has no input; input 3 has no link at all

    4 + 4 + 2 neurons; paths 0-0-0, 1-1-1, 2-1-1.
    """
    first = np.zeros((4, 4))
    first[[0, 1, 2, 0], [0, 1, 1, 3]] = [0.5, -1.0, 2.0, 0.25]
    second = np.zeros((4, 2))
    second[[0, 1, 2], [0, 1, 1]] = [1.5, -0.5, 3.0]
    return LayeredGraph.from_matrices([first, second])


def complete(*sizes: int) -> LayeredGraph:
    """Every link between consecutive layers."""
    return LayeredGraph.from_matrices([np.ones(shape) for shape in itertools.pairwise(sizes)])


def empty(*sizes: int) -> LayeredGraph:
    """No link at all."""
    return LayeredGraph.from_matrices([np.zeros(shape) for shape in itertools.pairwise(sizes)])


def erdos_renyi(sizes: tuple[int, ...], density: float, seed: int = 0) -> LayeredGraph:
    """Exactly round(density * n * m) links per block, uniformly at random, with normal weights."""
    rng = np.random.default_rng(seed)
    matrices = []
    for n_source, n_target in itertools.pairwise(sizes):
        n_links = round(density * n_source * n_target)
        matrix = np.zeros(n_source * n_target)
        matrix[rng.choice(matrix.size, n_links, replace=False)] = rng.normal(size=n_links)
        matrices.append(matrix.reshape(n_source, n_target))
    return LayeredGraph.from_matrices(matrices)


def with_skip() -> LayeredGraph:
    """A chain with a block that jumps over the hidden layer.

    input      hidden     output
      0 ─────────  0 ─────────  0
      1 ─────────  0
      1 ─────────  1 ─────────  0
      1 ──────────────────────  0     the skip link

    Paths 0-0-0, 1-0-0, 1-1-0 and 1-0 (direct): four, three of them through a hidden neuron.
    """
    layers = (Layer("input", 2), Layer("hidden", 2), Layer("output", 1))
    first = sparse.csr_array(np.array([[1.0, 0.0], [2.0, 4.0]]))
    second = sparse.csr_array(np.array([[1.0], [0.5]]))
    skip = sparse.csr_array(np.array([[0.0], [8.0]]))
    return LayeredGraph(
        layers, (Block(0, 1, first, name="a"), Block(1, 2, second, name="b"), Block(0, 2, skip, name="c"))
    )


def one_neuron_per_layer(adjacency: np.ndarray) -> LayeredGraph:
    """Any undirected graph as a layered one: each vertex a layer of its own, each edge a block from lower to higher."""
    n = adjacency.shape[0]
    rows, columns = np.nonzero(np.triu(adjacency, 1))
    blocks = [
        Block(int(i), int(j), sparse.csr_array(np.full((1, 1), float(adjacency[i, j]))), name=f"{i}-{j}")
        for i, j in zip(rows, columns, strict=True)
    ]
    return LayeredGraph(tuple(Layer(f"v{i}", 1) for i in range(n)), tuple(blocks))


def relabelled(graph: LayeredGraph, seed: int = 0) -> tuple[LayeredGraph, np.ndarray]:
    """The same graph with the neurons of each layer in another order, and for each new neuron its old global index."""
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(layer.size) for layer in graph.layers]
    blocks = []
    for block in graph.blocks:
        numbered = block.weights.copy()
        numbered.data = np.arange(1.0, block.n_links + 1)
        numbered = sparse.csr_array(numbered[orders[block.source]][:, orders[block.target]])
        numbered.sort_indices()
        entry = numbered.data.astype(np.int64) - 1
        numbered.data = block.weights.data[entry]
        multiplicity = None if block.multiplicity is None else block.multiplicity[entry]
        blocks.append(replace(block, weights=numbered, multiplicity=multiplicity))
    old = np.concatenate([offset + order for offset, order in zip(graph.offsets, orders, strict=False)])
    return LayeredGraph(graph.layers, tuple(blocks), graph.couplings), old


def golden_net() -> LayeredGraph:
    """A net with something of everything: hubs, dead neurons, a zero weight, a dense readout; 30-60-60-5."""
    rng = np.random.default_rng(2024)
    popularity = 1.0 / np.arange(1, 61)
    first = rng.random((30, 60)) < 6 * popularity / popularity.sum()
    second = rng.random((60, 60)) < 30 * np.outer(popularity, popularity)
    first[:, 55:] = second[55:] = False
    weights = [sparse.csr_array(mask * np.round(rng.normal(size=mask.shape), 3)) for mask in (first, second)]
    weights[1].data[0] = 0.0
    return LayeredGraph.from_matrices([*weights, np.round(rng.normal(size=(60, 5)), 3)])
