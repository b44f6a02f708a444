"""One optimiser step over all parameters; the sums are those of torch.optim."""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np


class Rule(NamedTuple):
    """SGD with momentum ``beta1``, or Adam with ``beta1`` and ``beta2``."""

    adam: bool
    nesterov: bool
    beta1: float
    beta2: float
    epsilon: float
    weight_decay: float


class Moments(NamedTuple):
    """Running means of the gradient (or its momentum) and of its square; empty where the rule has no use for one."""

    first: np.ndarray
    second: np.ndarray


@numba.njit(cache=True, nogil=True)
def descend(
    values: np.ndarray, gradient: np.ndarray, moments: Moments, rule: Rule, learning_rate: float, step: int
) -> None:
    """Change ``values`` against their gradient, and set the gradient to 0.

    Parameters
    ----------
    values, gradient : ndarray of float32
    moments : Moments
        Of the same length, or empty.
    rule : Rule
    learning_rate : float
    step : int
        Number of this step, from 1; Adam corrects its means by it.

    Notes
    -----
    Weight decay is added to the gradient of every parameter, biases included, as torch.optim does by default.
    """
    if rule.adam:
        _adam(values, gradient, moments, rule, learning_rate, step)
    elif rule.beta1 != 0:
        _momentum(values, gradient, moments.first, rule, learning_rate)
    else:
        rate, decay = np.float32(learning_rate), np.float32(rule.weight_decay)
        for i in range(values.size):
            values[i] -= rate * (gradient[i] + decay * values[i])
            gradient[i] = 0


@numba.njit(cache=True, nogil=True)
def _momentum(values: np.ndarray, gradient: np.ndarray, velocity: np.ndarray, rule: Rule, learning_rate: float) -> None:
    rate, decay, momentum = np.float32(learning_rate), np.float32(rule.weight_decay), np.float32(rule.beta1)
    ahead, own = (momentum, np.float32(1)) if rule.nesterov else (np.float32(1), np.float32(0))
    for i in range(values.size):
        slope = gradient[i] + decay * values[i]
        velocity[i] = momentum * velocity[i] + slope
        values[i] -= rate * (own * slope + ahead * velocity[i])
        gradient[i] = 0


@numba.njit(cache=True, nogil=True)
def _adam(
    values: np.ndarray, gradient: np.ndarray, moments: Moments, rule: Rule, learning_rate: float, step: int
) -> None:
    first, second = moments.first, moments.second
    keep, keep_square = np.float32(rule.beta1), np.float32(rule.beta2)
    new, new_square = np.float32(1 - rule.beta1), np.float32(1 - rule.beta2)
    decay, epsilon = np.float32(rule.weight_decay), np.float32(rule.epsilon)
    rate = np.float32(learning_rate / (1 - rule.beta1**step))
    correction = np.float32(1 / math.sqrt(1 - rule.beta2**step))
    for i in range(values.size):
        slope = gradient[i] + decay * values[i]
        first[i] = keep * first[i] + new * slope
        second[i] = keep_square * second[i] + new_square * slope * slope
        values[i] -= rate * first[i] / (np.sqrt(second[i]) * correction + epsilon)
        gradient[i] = 0
