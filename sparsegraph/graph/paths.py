"""Sums over all input-output paths of a layered graph."""

from __future__ import annotations

import numpy as np

from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.kernels.paths import (
    Scaled,
    add_path_counts,
    limb_sum,
    n_limbs,
    path_sums,
    rescaled,
    scaled_sum,
    weighted_path_sums,
)


def count_paths(graph: LayeredGraph) -> int:
    """Exact number of directed paths from an input layer to an output layer; a path has at least one link.

    Paths are counted backwards from the output layers, in integers wide enough for a bound known beforehand: the
    largest out-degree of each block times the bound of its target.  O(links) times the number of 32-bit limbs.
    """
    onward: dict[int, np.ndarray] = {}
    bounds = [0] * len(graph.layers)
    for index in reversed(range(len(graph.layers))):
        leaving = [block for block in _leaving(graph, index) if block.n_links]
        last = index in graph.output_layers
        bounds[index] = int(last) + sum(
            int(np.diff(block.weights.indptr).max()) * bounds[block.target] for block in leaving
        )
        counts = np.zeros((graph.layers[index].size, n_limbs(bounds[index])), np.uint64)
        counts[:, 0] = last
        for block in leaving:
            add_path_counts(block.weights.indptr, block.weights.indices, onward[block.target], counts)
        onward[index] = counts
    return sum(limb_sum(onward[index]) for index in _entrances(graph))


def sum_over_paths(graph: LayeredGraph, gate: np.ndarray, *, weighted: bool) -> Scaled:
    """Sum over all input-output paths of the product of the gates of their intermediate neurons.

    Parameters
    ----------
    graph : LayeredGraph
    gate : ndarray of float64, shape (n_neurons,)
        Factor of each neuron, from 0 to 1; those of input and output neurons are not used.
    weighted : bool
        Whether each path also counts the product of its links' absolute weights.

    Returns
    -------
    Scaled
        Array of one value with its power of two, so that nothing overflows.  O(links).
    """
    onward: dict[int, Scaled] = {}
    for index in reversed(range(len(graph.layers))):
        parts = [_through(block, onward[block.target], weighted=weighted) for block in _leaving(graph, index)]
        arriving = scaled_sum(parts) if parts else Scaled(np.ones(graph.layers[index].size), 0)
        if index in graph.hidden_layers:
            gates = gate[graph.offsets[index] : graph.offsets[index + 1]]
            arriving = rescaled(arriving.values * gates, arriving.exponent)
        onward[index] = arriving
    totals = [rescaled(onward[i].values.sum(keepdims=True), onward[i].exponent) for i in _entrances(graph)]
    return scaled_sum(totals) if totals else rescaled(np.zeros(1))


def _through(block: Block, onward: Scaled, *, weighted: bool) -> Scaled:
    indptr, indices = block.weights.indptr, block.weights.indices
    if weighted:
        return weighted_path_sums(indptr, indices, block.weights.data, onward)
    return rescaled(path_sums(indptr, indices, onward.values), onward.exponent)


def _leaving(graph: LayeredGraph, index: int) -> list[Block]:
    return [block for block in graph.blocks if block.source == index]


def _entrances(graph: LayeredGraph) -> list[int]:
    """Input layers that a block leaves: a path has at least one link."""
    return [index for index in graph.input_layers if index not in graph.output_layers]
