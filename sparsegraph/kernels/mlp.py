"""Training of a sparse multilayer perceptron, many batches in one compiled call.

The whole net is one list of links: neurons are numbered layer after layer, links by their sources, so that forward
goes once up the neurons and backward once down, whatever the depth. Samples pass in tiles of `WIDTH`, and a batch is
as many tiles as it needs; unused columns hold zeros. One row a neuron serves both directions: on the way down a
neuron's signal replaces its activity, which is not needed any more.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from sparsegraph.kernels.descent import Moments, Rule, descend
from sparsegraph.kernels.sparse_layers import LinkIndex, Parameters, add_gradient, incoming, outgoing
from sparsegraph.kernels.vector_rows import WIDTH, dot, load, positive_part, spread, store, where_positive

NEGLIGIBLE = np.float32(1e-20)
"""Odds against the likeliest class below which a class counts as impossible.  No weight is moved by them in single
precision, but once a net knows its images by heart the signals that they send back are subnormal numbers, with which a
processor computes many times more slowly."""


class Net(NamedTuple):
    """Links between all neurons, inputs first and outputs last, and which neurons have a bias that is learned."""

    links: LinkIndex
    n_inputs: int
    n_outputs: int
    has_bias: np.ndarray


class Samples(NamedTuple):
    """Images (float32, a row each), labels, and the order in which they are used (int64 both)."""

    images: np.ndarray
    labels: np.ndarray
    order: np.ndarray


class Plan(NamedTuple):
    """Size of a batch, a learning rate for each (float32), the optimiser's rule, and the steps it has taken before."""

    batch_size: int
    learning_rates: np.ndarray
    rule: Rule
    steps_before: int


class Trail(NamedTuple):
    """Where activities and signals of all neurons are kept, side by side from a column on; or two empty matrices.

    Their product ``activities[sources] @ signals[targets].T`` is the gradient of all positions of a block.
    """

    activities: np.ndarray
    signals: np.ndarray
    first: int


@numba.njit(cache=True, nogil=True)
def train_batches(
    net: Net, parameters: Parameters, moments: Moments, samples: Samples, plan: Plan, rows: np.ndarray
) -> tuple[float, int]:
    """A forward pass, a backward pass and an optimiser step for each batch.

    Parameters
    ----------
    net : Net
    parameters : Parameters
        A weight for each link, then a bias for each neuron. The gradient must be 0 and is so again at the end.
    moments : Moments
    samples : Samples
    plan : Plan
    rows : ndarray of float32, shape (n_neurons, WIDTH)
        Scratch.

    Returns
    -------
    loss : float
        Sum over samples of the cross-entropy, before each step.
    n_correct : int
    """
    total, n_correct = 0.0, 0
    nothing = Trail(np.empty((0, 0), np.float32), np.empty((0, 0), np.float32), 0)
    for batch in range(plan.learning_rates.size):
        chosen = samples.order[batch * plan.batch_size : (batch + 1) * plan.batch_size]
        loss, right = add_batch_gradient(
            net, parameters, Samples(samples.images, samples.labels, chosen), rows, nothing
        )
        total += loss
        n_correct += right
        step = plan.steps_before + batch + 1
        descend(parameters.values, parameters.gradient, moments, plan.rule, plan.learning_rates[batch], step)
    return total, n_correct


@numba.njit(cache=True, nogil=True)
def add_batch_gradient(
    net: Net, parameters: Parameters, samples: Samples, rows: np.ndarray, trail: Trail
) -> tuple[float, int]:
    """Add the gradient of the mean loss of these samples; returns the sum of their losses and how many are right."""
    total, n_correct = 0.0, 0
    n_samples = samples.order.size
    for start in range(0, n_samples, WIDTH):
        chosen = samples.order[start : start + WIDTH]
        _fill_inputs(rows, samples.images, chosen)
        _forward(net, parameters.values, rows)
        _keep(rows, trail.activities, trail.first + start)
        loss, right = _judge(rows[rows.shape[0] - net.n_outputs :], samples.labels, chosen, n_samples)
        _backward(net, parameters, rows)
        _keep(rows, trail.signals, trail.first + start)
        total += loss
        n_correct += right
    return total, n_correct


@numba.njit(cache=True, nogil=True)
def evaluate_samples(net: Net, values: np.ndarray, samples: Samples, rows: np.ndarray) -> tuple[float, int]:
    """Sum of the losses of the samples, and how many are right."""
    total, n_correct = 0.0, 0
    for start in range(0, samples.order.size, WIDTH):
        chosen = samples.order[start : start + WIDTH]
        _fill_inputs(rows, samples.images, chosen)
        _forward(net, values, rows)
        loss, right = _judge(rows[rows.shape[0] - net.n_outputs :], samples.labels, chosen, samples.order.size)
        total += loss
        n_correct += right
    return total, n_correct


@numba.njit(cache=True, nogil=True)
def _keep(rows: np.ndarray, trail: np.ndarray, first: int) -> None:
    if trail.size > 0:
        for neuron in range(rows.shape[0]):
            store(trail, neuron, first, load(rows, neuron, 0))


@numba.njit(cache=True, nogil=True)
def _fill_inputs(rows: np.ndarray, images: np.ndarray, chosen: np.ndarray) -> None:
    """Turn sample-major images into feature-major rows; unused columns become 0.

    Four images at a time: few enough streams from memory for the machine to read ahead in each, and a quarter of the
    passes over the rows.
    """
    n_features, n_by_four = images.shape[1], chosen.size - chosen.size % 4
    for column in range(0, n_by_four, 4):
        first, second = images[chosen[column]], images[chosen[column + 1]]
        third, fourth = images[chosen[column + 2]], images[chosen[column + 3]]
        for feature in range(n_features):
            rows[feature, column] = first[feature]
            rows[feature, column + 1] = second[feature]
            rows[feature, column + 2] = third[feature]
            rows[feature, column + 3] = fourth[feature]
    for column in range(n_by_four, WIDTH):
        for feature in range(n_features):
            rows[feature, column] = images[chosen[column], feature] if column < chosen.size else 0.0


@numba.njit(cache=True, nogil=True)
def _forward(net: Net, values: np.ndarray, rows: np.ndarray) -> None:
    n_links, first_output = net.links.target_of.size, rows.shape[0] - net.n_outputs
    for neuron in range(net.n_inputs, first_output):
        store(rows, neuron, 0, positive_part(incoming(net.links, values, values[n_links + neuron], rows, neuron)))
    for neuron in range(first_output, rows.shape[0]):
        store(rows, neuron, 0, incoming(net.links, values, values[n_links + neuron], rows, neuron))


@numba.njit(cache=True, nogil=True)
def _backward(net: Net, parameters: Parameters, rows: np.ndarray) -> None:
    n_links = net.links.target_of.size
    for neuron in range(rows.shape[0] - net.n_outputs - 1, net.n_inputs - 1, -1):
        activity = load(rows, neuron, 0)
        signal = outgoing(net.links, parameters, activity, rows, neuron)
        store(rows, neuron, 0, where_positive(activity, signal))
    for neuron in range(net.n_inputs):
        add_gradient(net.links, parameters.gradient, load(rows, neuron, 0), rows, neuron)
    for neuron in range(net.n_inputs, rows.shape[0]):
        if net.has_bias[neuron]:
            parameters.gradient[n_links + neuron] += dot(load(rows, neuron, 0), spread(1.0))


@numba.njit(cache=True, nogil=True)
def _judge(outputs: np.ndarray, labels: np.ndarray, chosen: np.ndarray, n_samples: int) -> tuple[float, int]:
    """Cross-entropy of the softmax of the outputs; puts its gradient, over ``n_samples``, in their place."""
    total, n_correct = 0.0, 0
    for column in range(chosen.size):
        label, best = labels[chosen[column]], 0
        for output in range(1, outputs.shape[0]):
            if outputs[output, column] > outputs[best, column]:
                best = output
        n_correct += best == label
        largest, partition = outputs[best, column], np.float32(0)
        total -= outputs[label, column] - largest
        for output in range(outputs.shape[0]):
            share = np.exp(outputs[output, column] - largest)
            share = np.float32(0) if share < NEGLIGIBLE else share  # nan stays nan
            outputs[output, column] = share
            partition += share
        total += np.log(partition)
        for output in range(outputs.shape[0]):
            outputs[output, column] /= partition * np.float32(n_samples)
        outputs[label, column] -= np.float32(1) / np.float32(n_samples)
    outputs[:, chosen.size :] = 0
    return total, n_correct
