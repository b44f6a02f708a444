"""Core numbers of an undirected graph: k-core by degree, s-core by strength."""

from __future__ import annotations

import numba
import numpy as np

STRENGTH_BITS = 62
"""Strengths are summed as integers of at most this many bits, so that the order of summation cannot matter."""


@numba.njit(cache=True)
def core_numbers(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Core number of each neuron: the largest k such that it belongs to the k-core.

    Peels level by level: all neurons of remaining degree at most k leave together with those they pull below, then
    k moves on to the least degree left.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency, each link in the rows of both its ends.

    Returns
    -------
    ndarray of int32, shape (n_neurons,)

    Notes
    -----
    O(n_neurons + n_links) for every graph: a neuron is looked at once per level it survives, which is at most its
    core number, and core numbers are at most degrees.  Unlike the bucket algorithm of Batagelj and Zaversnik it
    keeps no sorted order, which saves half of the scattered writes.

    References
    ----------
    S. B. Seidman, Network structure and minimum degree, Social Networks 5 (1983) 269.
    """
    n_neurons = indptr.size - 1
    degree = np.empty(n_neurons, np.int32)
    for neuron in range(n_neurons):
        degree[neuron] = indptr[neuron + 1] - indptr[neuron]
    core = np.zeros(n_neurons, np.int32)
    remaining = np.arange(n_neurons).astype(np.int32)
    n_remaining = n_neurons
    queue = np.empty(n_neurons, np.int32)
    level = np.int32(0)
    while n_remaining > 0:
        n_queued, n_kept = 0, 0
        least = np.int32(np.iinfo(np.int32).max)
        for place in range(n_remaining):
            neuron = remaining[place]
            if degree[neuron] > level:
                remaining[n_kept] = neuron
                n_kept += 1
                least = min(least, degree[neuron])
            elif degree[neuron] >= 0:  # below zero: it left while an earlier level was emptied
                queue[n_queued] = neuron
                n_queued += 1
        n_remaining = n_kept
        if n_queued == 0:
            level = least
            continue
        _empty_level(indptr, neighbours, degree, core, (queue, n_queued, level))
        level += np.int32(1)
    return core


@numba.njit(cache=True)
def _empty_level(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    degree: np.ndarray,
    core: np.ndarray,
    work: tuple[np.ndarray, int, np.int32],
) -> None:
    """Remove the queued neurons and all that fall to the level with them; a removed neuron's degree becomes -1."""
    queue, n_queued, level = work
    for place in range(n_queued):
        degree[queue[place]] = -1
    place = 0
    while place < n_queued:
        neuron = queue[place]
        place += 1
        core[neuron] = level
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            left = degree[other] - 1
            if left >= level:
                degree[other] = left
                if left == level:
                    degree[other] = -1
                    queue[n_queued] = other
                    n_queued += 1


def strength_core_numbers(indptr: np.ndarray, neighbours: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Strength core number of each neuron: the largest s such that it belongs to the s-core.

    The s-core is the largest set of neurons each of which has strength (sum of weights) at least s inside the set.
    The neuron of least remaining strength is removed again and again; its core number is the largest such strength
    met so far.

    Parameters
    ----------
    indptr, neighbours
        Undirected adjacency, as for :func:`core_numbers`.
    weight : ndarray of float64, shape (2 n_links,)
        Non-negative weight of each entry.

    Returns
    -------
    ndarray of float64, shape (n_neurons,)

    Notes
    -----
    O(n_links log n_neurons).  Exact: weights are first rounded to multiples of about 2^-62 of the largest strength
    and then handled as integers, so that the answer depends neither on the order of the links nor on cancellation.
    With all weights 1 it is the core number.

    References
    ----------
    M. Eidsaa, E. Almaas, s-core network decomposition: a generalization of k-core analysis to weighted networks,
    Physical Review E 88 (2013) 062819.
    """
    largest = float(weight.max(initial=0.0))
    if largest == 0.0:
        return np.zeros(indptr.size - 1)
    most_links = int(np.diff(indptr).max())
    shift = STRENGTH_BITS - most_links.bit_length() - int(np.frexp(largest)[1])
    half = shift // 2  # in two steps, neither of which leaves the range of a float
    scales = (float(np.ldexp(1.0, half)), float(np.ldexp(1.0, shift - half)))
    return np.ldexp(_integer_cores(indptr, neighbours, weight, scales).astype(np.float64), -shift)


@numba.njit(cache=True)
def _whole(weight: float, scales: tuple[float, float]) -> np.int64:
    """The weight times two powers of two, rounded to a whole number: twice computed is cheaper than kept."""
    return np.int64(np.rint(weight * scales[0] * scales[1]))


@numba.njit(cache=True)
def _integer_cores(
    indptr: np.ndarray, neighbours: np.ndarray, weight: np.ndarray, scales: tuple[float, float]
) -> np.ndarray:
    n_neurons = indptr.size - 1
    strength = np.zeros(n_neurons, np.int64)
    for neuron in range(n_neurons):
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            strength[neuron] += _whole(weight[entry], scales)
    heap = np.argsort(strength)  # a sorted array is a heap
    place = np.empty(n_neurons, np.int64)
    for index in range(n_neurons):
        place[heap[index]] = index
    core = np.zeros(n_neurons, np.int64)
    reached = np.int64(0)
    for n_left in range(n_neurons - 1, -1, -1):
        neuron = heap[0]
        reached = max(reached, strength[neuron])
        core[neuron] = reached
        place[neuron] = -1
        if n_left > 0:
            _sift_down(heap, place, strength, n_left, heap[n_left])
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            if place[other] >= 0:
                strength[other] -= _whole(weight[entry], scales)
                _sift_up(heap, place, strength, other)
    return core


@numba.njit(cache=True)
def _sift_down(heap: np.ndarray, place: np.ndarray, key: np.ndarray, size: int, item: int) -> None:
    """Put ``item`` at the root of a heap of ``size`` items and let it sink."""
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[item]:
            break
        heap[hole] = heap[child]
        place[heap[hole]] = hole
        hole = child
    heap[hole] = item
    place[item] = hole


@numba.njit(cache=True)
def _sift_up(heap: np.ndarray, place: np.ndarray, key: np.ndarray, item: int) -> None:
    """Let ``item``, whose key has become smaller, rise."""
    hole = place[item]
    while hole > 0:
        parent = (hole - 1) // 2
        if key[heap[parent]] <= key[item]:
            break
        heap[hole] = heap[parent]
        place[heap[hole]] = hole
        hole = parent
    heap[hole] = item
    place[item] = hole
