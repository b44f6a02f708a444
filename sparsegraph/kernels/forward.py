"""The way forward through a sparse multilayer perceptron, for many copies of it that differ in links and weights.

Samples lie in tiles, feature by feature, made once and shared by all copies and threads. What cannot reach an output
and what never changes is taken out of a copy before the samples pass through it.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from sparsegraph.kernels.vector_rows import WIDTH, add_scaled, load, positive_part, spread, store


class Circuit(NamedTuple):
    """Links of a net by their targets, which are all neurons behind the inputs, layer after layer.

    ``in_ptr[t] : in_ptr[t + 1]`` are the entries of target t in ``source_of`` and ``weights``. Sources of the first
    ``n_first`` targets are inputs; those of the others are targets themselves. uint32, float32 and float32 for biases.
    """

    in_ptr: np.ndarray
    source_of: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    n_first: int
    n_outputs: int


@numba.njit(cache=True, nogil=True)
def tiles_of(images: np.ndarray) -> np.ndarray:
    """Sample-major images as feature-major tiles, float32 of shape (n_tiles, n_features, WIDTH), padded with zeros."""
    n_tiles = -(-images.shape[0] // WIDTH)
    tiles = np.zeros((n_tiles, images.shape[1], WIDTH), np.float32)
    for sample in range(images.shape[0]):
        tile, column = tiles[sample // WIDTH], sample % WIDTH
        for feature in range(images.shape[1]):
            tile[feature, column] = images[sample, feature]
    return tiles


@numba.njit(cache=True, nogil=True)
def reduced(circuit: Circuit, kept: np.ndarray, weights: np.ndarray) -> Circuit:
    """The circuit with some of its links and other weights, without what makes no difference to its outputs.

    Parameters
    ----------
    circuit : Circuit
    kept : ndarray of bool, shape (n_links,)
        By the entries of the circuit.
    weights : ndarray of float32, shape (n_links,)
        Likewise; of links that are not kept they do not matter.

    Notes
    -----
    O(links). Links into neurons that no output needs are left out; neurons without a varying source are constants,
    which go into the biases behind them. The order of a sum may change by that, and so its last bit.
    """
    n_targets = circuit.biases.size
    needed = np.zeros(n_targets, np.bool_)
    needed[n_targets - circuit.n_outputs :] = True
    for target in range(n_targets - 1, circuit.n_first - 1, -1):
        if needed[target]:
            for entry in range(circuit.in_ptr[target], circuit.in_ptr[target + 1]):
                needed[circuit.source_of[entry]] |= kept[entry]
    in_ptr, biases = np.zeros_like(circuit.in_ptr), circuit.biases.copy()
    source_of, values = np.empty_like(circuit.source_of), np.empty_like(circuit.weights)
    n_links = 0
    for target in range(n_targets):
        first, last = circuit.in_ptr[target], circuit.in_ptr[target + 1] if needed[target] else circuit.in_ptr[target]
        for entry in range(first, last):
            source = circuit.source_of[entry]
            if not kept[entry]:
                continue
            if target < circuit.n_first or in_ptr[source + 1] > in_ptr[source]:
                source_of[n_links], values[n_links] = source, weights[entry]
                n_links += 1
            else:
                biases[target] += weights[entry] * max(biases[source], np.float32(0))
        in_ptr[target + 1] = n_links
    return Circuit(in_ptr, source_of[:n_links], values[:n_links], biases, circuit.n_first, circuit.n_outputs)


@numba.njit(cache=True, nogil=True)
def count_correct(circuit: Circuit, tiles: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> int:
    """How many samples have their largest output at their label; the first of equal ones counts as the largest.

    Parameters
    ----------
    circuit : Circuit
        `reduced`, since neurons without links are not visited.
    tiles : ndarray of float32, shape (n_tiles, n_inputs, WIDTH)
    labels : ndarray of int64, shape (n_samples,)
    rows : ndarray of float32, shape (n_targets, WIDTH)
        Scratch.
    """
    n_correct = 0
    outputs = rows[rows.shape[0] - circuit.n_outputs :]
    for tile in range(tiles.shape[0]):
        _forward(circuit, tiles[tile], rows)
        start = tile * WIDTH
        for column in range(min(WIDTH, labels.size - start)):
            best = 0
            for output in range(1, circuit.n_outputs):
                if outputs[output, column] > outputs[best, column]:
                    best = output
            n_correct += best == labels[start + column]
    return n_correct


@numba.njit(cache=True, nogil=True)
def absolute_sums(circuit: Circuit, tiles: np.ndarray, n_samples: int, rows: np.ndarray) -> np.ndarray:
    """Sum of |activation| over the samples, float64 of shape (n_targets,); that of outputs before any softmax."""
    sums = np.zeros(rows.shape[0])
    for target in range(rows.shape[0]):
        store(rows, target, 0, positive_part(spread(circuit.biases[target])))
    for tile in range(tiles.shape[0]):
        _forward(circuit, tiles[tile], rows)
        for target in range(rows.shape[0]):
            for column in range(min(WIDTH, n_samples - tile * WIDTH)):
                sums[target] += abs(rows[target, column])
    return sums


@numba.njit(cache=True, nogil=True)
def _forward(circuit: Circuit, inputs: np.ndarray, rows: np.ndarray) -> None:
    """Fill the rows; those of hidden neurons behind the first layer that have no link are left as they are."""
    first_output = rows.shape[0] - circuit.n_outputs
    for target in range(circuit.n_first):
        total = _incoming(circuit, inputs, target)
        store(rows, target, 0, positive_part(total) if target < first_output else total)
    for target in range(circuit.n_first, first_output):
        if circuit.in_ptr[target] < circuit.in_ptr[target + 1]:
            store(rows, target, 0, positive_part(_incoming(circuit, rows, target)))
    for target in range(max(circuit.n_first, first_output), rows.shape[0]):
        store(rows, target, 0, _incoming(circuit, rows, target))


@numba.njit(cache=True, nogil=True)
def _incoming(circuit: Circuit, rows: np.ndarray, target: int) -> np.ndarray:
    total = spread(circuit.biases[target])
    for entry in range(np.uint64(circuit.in_ptr[target]), np.uint64(circuit.in_ptr[target + 1])):
        total = add_scaled(total, circuit.weights[entry], load(rows, circuit.source_of[entry], 0))
    return total
