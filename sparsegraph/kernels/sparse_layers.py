"""Links of a sparse layer by both of their ends, and the two sums that training takes over them."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from sparsegraph.kernels.vector_rows import WIDTH, add_scaled, dot, load, spread, store


class LinkIndex(NamedTuple):
    """Links by source, and the same links by target; all arrays of uint32.

    ``out_ptr[s] : out_ptr[s + 1]`` are the links of source s, and ``target_of[link]`` are their other ends.
    ``in_ptr[t] : in_ptr[t + 1]`` are the entries of target t in ``source_of`` and ``link_of``.
    """

    out_ptr: np.ndarray
    target_of: np.ndarray
    in_ptr: np.ndarray
    source_of: np.ndarray
    link_of: np.ndarray


class Parameters(NamedTuple):
    """Weights, one a link in the order of the sources, and their gradient; anything may follow them. float32."""

    values: np.ndarray
    gradient: np.ndarray


@numba.njit(cache=True, nogil=True)
def index_links(source: np.ndarray, target: np.ndarray, n_sources: int, n_targets: int) -> LinkIndex:
    """Index links that are sorted by their sources.

    Parameters
    ----------
    source, target : ndarray of int64, shape (n_links,)
        Ends of each link.

    Notes
    -----
    A counting sort, O(links + neurons). Counts are kept two places ahead, so that the scatter, which advances the
    entry one ahead, leaves the finished starts behind.
    """
    out_ptr = np.zeros(n_sources + 1, np.uint32)
    in_ptr = np.zeros(n_targets + 2, np.uint32)
    for link in range(source.size):
        out_ptr[source[link] + 1] += np.uint32(1)
        in_ptr[target[link] + 2] += np.uint32(1)
    for neuron in range(n_sources):
        out_ptr[neuron + 1] += out_ptr[neuron]
    for neuron in range(2, n_targets + 2):
        in_ptr[neuron] += in_ptr[neuron - 1]
    source_of = np.empty(source.size, np.uint32)
    link_of = np.empty(source.size, np.uint32)
    for link in range(source.size):
        entry = in_ptr[target[link] + 1]
        source_of[entry] = source[link]
        link_of[entry] = link
        in_ptr[target[link] + 1] += np.uint32(1)
    return LinkIndex(out_ptr, target.astype(np.uint32), in_ptr[: n_targets + 1], source_of, link_of)


@numba.njit(cache=True, nogil=True)
def incoming(index: LinkIndex, values: np.ndarray, bias: float, rows: np.ndarray, target: int) -> np.ndarray:
    """``bias + sum of weight[s, target] * rows[s]`` over the sources s of a target: a row of samples."""
    total = spread(bias)
    for entry in range(np.uint64(index.in_ptr[target]), np.uint64(index.in_ptr[target + 1])):
        total = add_scaled(total, values[index.link_of[entry]], load(rows, index.source_of[entry], 0))
    return total


@numba.njit(cache=True, nogil=True)
def outgoing(
    index: LinkIndex, parameters: Parameters, activity: np.ndarray, signals: np.ndarray, source: int
) -> np.ndarray:
    """``sum of weight[source, t] * signals[t]`` over the targets t of a source whose activity is a row of samples.

    The gradient of each of these weights grows by the product of activity and signal.
    """
    total = spread(0.0)
    for link in range(np.uint64(index.out_ptr[source]), np.uint64(index.out_ptr[source + 1])):
        signal = load(signals, index.target_of[link], 0)
        total = add_scaled(total, parameters.values[link], signal)
        parameters.gradient[link] += dot(activity, signal)
    return total


@numba.njit(cache=True, nogil=True)
def add_gradient(
    index: LinkIndex, gradient: np.ndarray, activity: np.ndarray, signals: np.ndarray, source: int
) -> None:
    """What `outgoing` does to the gradient, where the sum itself is not needed: at the inputs."""
    for link in range(np.uint64(index.out_ptr[source]), np.uint64(index.out_ptr[source + 1])):
        gradient[link] += dot(activity, load(signals, index.target_of[link], 0))


@numba.njit(cache=True, nogil=True)
def layer_outputs(index: LinkIndex, values: np.ndarray, biases: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Outputs of one layer, feature by feature.

    Parameters
    ----------
    index : LinkIndex
    values : ndarray of float32, shape (n_links,)
    biases : ndarray of float32, shape (n_targets,)
    inputs : ndarray of float32, shape (n_sources, n_columns)
        A column a sample; the number of columns is a multiple of `WIDTH`.

    Returns
    -------
    outputs : ndarray of float32, shape (n_targets, n_columns)
    """
    outputs = np.empty((biases.size, inputs.shape[1]), np.float32)
    tile = np.empty((inputs.shape[0], WIDTH), np.float32)
    for column in range(0, inputs.shape[1], WIDTH):
        _copy_tile(inputs, column, tile)
        for target in range(biases.size):
            store(outputs, target, column, incoming(index, values, biases[target], tile, target))
    return outputs


class LayerGradients(NamedTuple):
    """Gradients with respect to weights (in the order of the links), biases and inputs (feature by feature)."""

    weights: np.ndarray
    biases: np.ndarray
    inputs: np.ndarray


@numba.njit(cache=True, nogil=True)
def layer_gradients(index: LinkIndex, values: np.ndarray, inputs: np.ndarray, signals: np.ndarray) -> LayerGradients:
    """Gradients of one layer.

    Parameters
    ----------
    index : LinkIndex
    values : ndarray of float32, shape (n_links,)
    inputs : ndarray of float32, shape (n_sources, n_columns)
    signals : ndarray of float32, shape (n_targets, n_columns)
        Gradient with respect to the outputs; 0 in columns that hold no sample.
    """
    parameters = Parameters(values, np.zeros_like(values))
    down, tile = np.empty_like(inputs), np.empty((signals.shape[0], WIDTH), np.float32)
    for column in range(0, inputs.shape[1], WIDTH):
        _copy_tile(signals, column, tile)
        for source in range(inputs.shape[0]):
            activity = load(inputs, source, column)
            store(down, source, column, outgoing(index, parameters, activity, tile, source))
    return LayerGradients(parameters.gradient, _row_sums(signals), down)


@numba.njit(cache=True, nogil=True)
def first_layer_gradients(index: LinkIndex, inputs: np.ndarray, signals: np.ndarray) -> LayerGradients:
    """The same without that of the inputs, which comes back empty."""
    gradient, tile = np.zeros(index.target_of.size, np.float32), np.empty((signals.shape[0], WIDTH), np.float32)
    for column in range(0, inputs.shape[1], WIDTH):
        _copy_tile(signals, column, tile)
        for source in range(inputs.shape[0]):
            add_gradient(index, gradient, load(inputs, source, column), tile, source)
    return LayerGradients(gradient, _row_sums(signals), np.empty((0, 0), np.float32))


@numba.njit(cache=True, nogil=True)
def _copy_tile(rows: np.ndarray, column: int, tile: np.ndarray) -> None:
    """Rows that are gathered at random must lie densely: far apart, they fall into few places of the cache."""
    for row in range(rows.shape[0]):
        store(tile, row, 0, load(rows, row, column))


@numba.njit(cache=True, nogil=True)
def _row_sums(rows: np.ndarray) -> np.ndarray:
    sums = np.zeros(rows.shape[0], np.float32)
    for row in range(rows.shape[0]):
        for column in range(0, rows.shape[1], WIDTH):
            sums[row] += dot(load(rows, row, column), spread(1.0))
    return sums
