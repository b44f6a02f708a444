"""Exponent, distance and start of a power-law tail: the compiled part of the fit.

Histograms come as ``values`` (distinct, ascending) and ``counts``, both float64 of shape (n_distinct,); ``q`` is xmin
and ``h`` the scaled zeta function of :mod:`sparsegraph.kernels.zeta`.  A ``grid`` of size 0 leaves alpha free.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from sparsegraph.kernels.zeta import log_moments, survival, zeta_scaled

CERTAIN = 1e-9
"""By how much a distance must exceed a bound to exceed it however it is computed: a thousand times the rounding."""


@numba.njit(cache=True, error_model="numpy")
def solve_alpha(mean_log: float, q: float) -> tuple[float, float]:
    """Exponent with E[ln(X / q)] = mean_log > 0, and the scaled zeta function there.

    Newton's method on phi = ln(1 + 1 / (q m)), m = E[ln(X / q)]: alpha - 1 is about q phi, whether the tail is heavy
    or so steep that q + 1 is rare, so that two or three evaluations are enough.
    """
    target = math.log1p(1.0 / (q * mean_log))
    low, high = 1.0, math.inf
    alpha = 1.0 + q * target
    for _ in range(100):
        h, mean, variance = log_moments(alpha, q)
        if mean > mean_log:
            low = alpha
        else:
            high = alpha
        step = (target - math.log1p(1.0 / (q * mean))) * mean * (q * mean + 1.0) / variance
        if abs(step) <= 1e-5 * (alpha - 1.0):
            # the error left is of second order in the step, that of the Taylor series of ln h of third
            return alpha + step, h * math.exp(step * (0.5 * step * variance - mean))
        alpha += step
        if not low < alpha < high:
            alpha = 0.5 * (low + high) if high < math.inf else 2.0 * low
    return alpha, zeta_scaled(alpha, q)


@numba.njit(cache=True, error_model="numpy")
def best_alpha(mean_log: float, q: float, grid: np.ndarray) -> tuple[float, float]:
    """Maximum-likelihood exponent, free or on a grid, and the scaled zeta function there."""
    alpha, h = solve_alpha(mean_log, q)
    if grid.size == 0:
        return alpha, h
    right = min(int(np.searchsorted(grid, alpha)), grid.size - 1)
    left = max(right - 1, 0)
    h_left, h_right = zeta_scaled(grid[left], q), zeta_scaled(grid[right], q)
    if -math.log(h_left) - grid[left] * mean_log >= -math.log(h_right) - grid[right] * mean_log:
        return grid[left], h_left
    return grid[right], h_right


@numba.njit(cache=True, error_model="numpy")
def largest_distance(
    values: np.ndarray, counts: np.ndarray, n_tail: float, law: tuple[float, float, float], bound: float
) -> tuple[float, int]:
    """Kolmogorov-Smirnov distance of a tail of n_tail data from the law (q, alpha, h), and the index where it lies.

    Given up beyond ``bound``: the distance is then that of the first value that exceeds it.  Between two data the
    empirical distribution function is flat and the fitted one grows, so that only the integers at a value and just
    before one matter.
    """
    q, alpha, h = law
    fitted = seen = distance = 0.0
    farthest = 0
    expected = q
    for index in range(values.size):
        value = values[index]
        gap = value - expected
        if gap > 0.0:
            if gap <= 4.0:
                while expected < value:
                    fitted += math.exp(-alpha * math.log(expected / q)) / h
                    expected += 1.0
            else:
                fitted = 1.0 - survival(value, alpha, q, h)
            if abs(fitted - seen / n_tail) > distance:
                distance, farthest = abs(fitted - seen / n_tail), index
        fitted += math.exp(-alpha * math.log(value / q)) / h
        seen += counts[index]
        if abs(fitted - seen / n_tail) > distance:
            distance, farthest = abs(fitted - seen / n_tail), index
        if distance > bound:
            break
        expected = value + 1.0
    return distance, farthest


@numba.njit(cache=True, error_model="numpy")
def is_beyond_at(
    place: int, values: np.ndarray, n_tail_of: np.ndarray, start: int, law: tuple[float, float, float], bound: float
) -> bool:
    """Whether the tail from ``start`` on is certainly farther than bound from its law, seen at one of its values.

    Neighbouring tails tend to be farthest at the same value: looking there first spares most of them the full
    :func:`largest_distance`, which finds the same.  ``n_tail_of`` counts the data from each value on.
    """
    q, alpha, h = law
    value, n_tail = values[place], n_tail_of[start]
    after = n_tail_of[place + 1] if place + 1 < values.size else 0.0
    fitted = survival(value, alpha, q, h)
    if abs(fitted - n_tail_of[place] / n_tail) > bound + CERTAIN:
        return True
    return abs(fitted - math.exp(-alpha * math.log(value / q)) / h - after / n_tail) > bound + CERTAIN


@numba.njit(cache=True, error_model="numpy")
def tail_sums(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each value the number of data from it on, and their mean ln(x / value), summed without cancellation."""
    n_tail = np.empty(values.size)
    mean_log = np.empty(values.size)
    total = log_sum = 0.0
    for index in range(values.size - 1, -1, -1):
        if index < values.size - 1:
            log_sum += total * math.log1p((values[index + 1] - values[index]) / values[index])
        total += counts[index]
        n_tail[index] = total
        mean_log[index] = log_sum / total
    return n_tail, mean_log


@numba.njit(cache=True, error_model="numpy")
def fit_tail(values: np.ndarray, counts: np.ndarray, q: float, grid: np.ndarray) -> tuple[float, float]:
    """Exponent and distance of the tail that starts at the integer q, which may lie below the first value."""
    mean_log = 0.0
    for index in range(values.size):
        mean_log += counts[index] * math.log(values[index] / q)
    n_tail = counts.sum()
    alpha, h = best_alpha(mean_log / n_tail, q, grid)
    return alpha, largest_distance(values, counts, n_tail, (q, alpha, h), math.inf)[0]


@numba.njit(cache=True, error_model="numpy")
def select_tail(values: np.ndarray, counts: np.ndarray, grid: np.ndarray) -> tuple[float, int, float]:
    """Exponent, index of xmin and distance of the tail with the smallest distance."""
    n_tail, mean_log = tail_sums(values, counts)
    best_exponent, best_start, best_distance = math.nan, -1, math.inf
    farthest = 0
    for start in range(values.size - 1):
        q = values[start]
        alpha, h = best_alpha(mean_log[start], q, grid)
        law = (q, alpha, h)
        if farthest >= start and is_beyond_at(farthest, values, n_tail, start, law, best_distance):
            continue
        distance, place = largest_distance(values[start:], counts[start:], n_tail[start], law, best_distance)
        farthest = start + place
        if distance < best_distance:
            best_exponent, best_start, best_distance = alpha, start, distance
    return best_exponent, best_start, best_distance
