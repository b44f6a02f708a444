"""Four-cycles and overlaps of neighbourhoods, counted along paths of two links."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numba
import numpy as np

T = TypeVar("T")

FEW_STEPS = 2_000_000
"""Below so many steps one thread does the work: it takes some milliseconds."""


class Overlaps(NamedTuple):
    """What the common neighbours of each neuron u with all others add up to; arrays of shape (n_neurons,).

    With c(u, v) common neighbours of u and v: ``n_second`` (int64) is the number of v with c > 0; ``jaccard``,
    ``least`` and ``most`` (float64) are the sums over v of c divided by the size of the union, of the smaller and of
    the larger neighbourhood.
    """

    n_second: np.ndarray
    jaccard: np.ndarray
    least: np.ndarray
    most: np.ndarray


def n_two_paths(degrees: np.ndarray) -> int:
    """Pairs of links that share a neuron, in both orders: ``sum k (k - 1)``, the steps of :func:`overlaps`."""
    return int((degrees.astype(np.int64) * (degrees - 1)).sum())


def n_three_paths(indptr: np.ndarray, neighbours: np.ndarray) -> int:
    """Paths of three links over four different neurons: ``sum over links of (k_i - 1)(k_j - 1) - 3 triangles``."""
    others = np.diff(indptr) - 1
    beyond = np.add.reduceat(np.append(others[neighbours], 0), indptr[:-1]) * (others >= 0)  # empty rows give 0
    return int((others * beyond).sum()) // 2 - 3 * n_triangles(indptr, neighbours)


def n_triangles(indptr: np.ndarray, neighbours: np.ndarray) -> int:
    """Number of triangles; 0 in every bipartite graph.  Steps as for :func:`n_four_cycles`."""
    order = np.argsort(np.diff(indptr), kind="stable")
    return int(_triangles(*_by_rank(indptr, neighbours, order)))


def n_four_cycles(indptr: np.ndarray, neighbours: np.ndarray) -> int:
    """Number of four-cycles, each counted once.

    Neurons are ranked by degree.  A four-cycle u - a - v - b is found at its neuron u of highest rank, by the second
    and each later way that leads from u over lower neurons to v.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency of a simple graph; it need not be bipartite.

    Notes
    -----
    At most ``sum over links of min(k_i, k_j)`` steps, times two: hubs cost little.

    References
    ----------
    K. Wang, X. Lin, L. Qin, W. Zhang, Y. Zhang, Vertex priority based butterfly counting for large-scale bipartite
    networks, Proceedings of the VLDB Endowment 12 (2019) 1139.

    Examples
    --------
    >>> square = np.array([0, 2, 4, 6, 8]), np.array([2, 3, 2, 3, 0, 1, 0, 1], np.int32)
    >>> n_four_cycles(*square)
    1
    """
    order = np.argsort(np.diff(indptr), kind="stable")
    ranked = _by_rank(indptr, neighbours, order)
    return sum(map(int, _in_parts(lambda part, n_parts: _closed_ways(*ranked, part, n_parts), indptr)))


def overlaps(indptr: np.ndarray, neighbours: np.ndarray) -> Overlaps:
    """Common neighbours of every two neurons at distance two, summed up for each neuron.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency of a simple graph; it need not be bipartite.

    Returns
    -------
    Overlaps

    Notes
    -----
    One step per path of two links, ``sum over neurons of k (k - 1)``.
    """
    n_neurons = indptr.size - 1
    n_second, shares = np.zeros(n_neurons, np.int64), np.zeros((3, n_neurons))
    _in_parts(lambda part, n_parts: _overlaps(indptr, neighbours, (part, n_parts), (n_second, shares)), indptr)
    return Overlaps(n_second, *shares)


def _in_parts(work: Callable[[int, int], T], indptr: np.ndarray) -> list[T]:
    """``work(part, n_parts)`` of all parts side by side; part p takes neurons p, p + n_parts, ..., so all are alike."""
    n_parts = 1 if n_two_paths(np.diff(indptr)) < FEW_STEPS else numba.get_num_threads()
    with ThreadPoolExecutor(max_workers=n_parts) as pool:
        return list(pool.map(lambda part: work(part, n_parts), range(n_parts)))


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _by_rank(indptr: np.ndarray, neighbours: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same graph with the neuron ``order[r]`` renamed to r, and the neighbours in every row rising."""
    n_neurons = order.size
    rank = np.empty(n_neurons, np.int32)
    starts = np.zeros(n_neurons + 2, np.int64)
    for place in range(n_neurons):
        rank[order[place]] = place
        starts[place + 2] = starts[place + 1] + indptr[order[place] + 1] - indptr[order[place]]
    ranked = np.empty(neighbours.size, np.uint32)
    for place in range(n_neurons):
        for entry in range(indptr[order[place]], indptr[order[place] + 1]):
            row = rank[neighbours[entry]] + 1
            ranked[starts[row]] = place
            starts[row] += 1
    return starts[: n_neurons + 1], ranked


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _closed_ways(indptr: np.ndarray, neighbours: np.ndarray, part: int, n_parts: int) -> np.int64:
    n_neurons = indptr.size - 1
    total = np.int64(0)
    ways = np.zeros(n_neurons, np.uint32)
    for neuron in range(part, n_neurons, n_parts):
        total += _closed_at(indptr, neighbours, neuron, ways)
    return total


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _closed_at(indptr: np.ndarray, neighbours: np.ndarray, neuron: int, ways: np.ndarray) -> np.int64:
    """Four-cycles whose highest neuron is this one; ``ways`` is all zeros before and after."""
    closed = np.uint64(0)
    for entry in range(indptr[neuron], indptr[neuron + 1]):
        middle = neighbours[entry]
        if middle > neuron:
            break
        for step in range(indptr[middle], indptr[middle + 1]):
            other = neighbours[step]
            if other >= neuron:
                break
            closed += ways[other]
            ways[other] += np.uint32(1)
    for entry in range(indptr[neuron], indptr[neuron + 1]):
        middle = neighbours[entry]
        if middle > neuron:
            break
        for step in range(indptr[middle], indptr[middle + 1]):
            other = neighbours[step]
            if other >= neuron:
                break
            ways[other] = 0
    return np.int64(closed)


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _triangles(indptr: np.ndarray, neighbours: np.ndarray) -> int:
    n_neurons = indptr.size - 1
    marked = np.full(n_neurons, n_neurons, np.uint32)
    total = 0
    for neuron in range(n_neurons):
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            middle = neighbours[entry]
            if middle > neuron:
                break
            for step in range(indptr[middle], indptr[middle + 1]):
                if neighbours[step] >= middle:
                    break
                total += marked[neighbours[step]] == neuron
            marked[middle] = neuron
    return total


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _overlaps(
    indptr: np.ndarray, neighbours: np.ndarray, which: tuple[int, int], sums: tuple[np.ndarray, np.ndarray]
) -> None:
    part, n_parts = which
    n_neurons = indptr.size - 1
    inverse = 1.0 / np.maximum(indptr[1:] - indptr[:-1], 1)
    common = np.zeros(n_neurons, np.int32)
    met = np.empty(n_neurons + 1, np.int32)
    for neuron in range(part, n_neurons, n_parts):
        _around(indptr, neighbours, neuron, (common, met, inverse, *sums))


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _around(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    neuron: int,
    state: tuple[np.ndarray, ...],
) -> None:
    """Sums of one neuron; ``common`` is all zeros before and after."""
    common, met, inverse, n_second, shares = state
    n_met = 0
    for entry in range(indptr[neuron], indptr[neuron + 1]):
        middle = np.uint32(neighbours[entry])  # unsigned: no test for an index from the end
        for step in range(indptr[middle], indptr[middle + 1]):
            other = np.uint32(neighbours[step])
            met[n_met] = other
            n_met += common[other] == 0
            common[other] += 1
    degree = indptr[neuron + 1] - indptr[neuron]
    own = inverse[neuron]
    common[neuron] = 0
    n_others = 0
    jaccard, least, most = 0.0, 0.0, 0.0
    for place in range(n_met):
        other = np.uint32(met[place])
        shared = np.int64(common[other])
        common[other] = 0
        reach = indptr[other + 1] - indptr[other]
        if shared > 0:
            n_others += 1
        jaccard += shared / (degree + reach - shared)
        least += shared * max(own, inverse[other])
        most += shared * min(own, inverse[other])
    n_second[neuron] = n_others
    shares[0, neuron], shares[1, neuron], shares[2, neuron] = jaccard, least, most
