"""Betweenness of links: how many shortest paths run over each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

PARTS = 16
"""Sums over sources are made in so many parts and added in order, so that the result does not depend on threads."""


def link_betweenness(indptr: np.ndarray, neighbours: np.ndarray, *, n_threads: int | None = None) -> np.ndarray:
    """Number of shortest paths over each link, counted in links; pairs with several shortest paths share them out.

    ``b(l) = sum over ordered pairs s, t of n_st(l) / n_st`` with n_st the shortest paths from s to t and n_st(l) those
    over l in this direction.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency, each link in the rows of both its ends.
    n_threads : int, optional

    Returns
    -------
    ndarray of float64, shape (2 n_links,)
        The same in both entries of a link, up to rounding; at least 1.

    Notes
    -----
    O(n_neurons n_links).

    References
    ----------
    U. Brandes, A faster algorithm for betweenness centrality, Journal of Mathematical Sociology 25 (2001) 163.
    """
    parts = np.array_split(np.arange(indptr.size - 1), PARTS)
    with ThreadPoolExecutor(max_workers=n_threads or numba.get_num_threads()) as pool:
        summed = list(pool.map(lambda part: _from_sources(indptr, neighbours, part), parts))
    forward = np.sum(summed, axis=0)
    return 0.5 * (forward + forward[_opposite(indptr, neighbours)])


@numba.njit(cache=True, nogil=True)
def _from_sources(indptr: np.ndarray, neighbours: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """Betweenness from some sources, in the entries that lead away from them."""
    n_neurons = indptr.size - 1
    between = np.zeros(neighbours.size)
    order = np.empty(n_neurons, np.int32)
    distance = np.empty(n_neurons, np.int32)
    n_paths, onward = np.empty(n_neurons), np.empty(n_neurons)
    for source in sources:
        distance[:] = -1
        n_paths[:] = 0.0
        onward[:] = 0.0
        order[0], distance[source], n_paths[source] = source, 0, 1.0
        n_reached, place = 1, 0
        while place < n_reached:
            neuron = order[place]
            place += 1
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other = neighbours[entry]
                if distance[other] < 0:
                    distance[other] = distance[neuron] + 1
                    order[n_reached] = other
                    n_reached += 1
                if distance[other] == distance[neuron] + 1:
                    n_paths[other] += n_paths[neuron]
        for place in range(n_reached - 1, -1, -1):
            neuron = order[place]
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other = neighbours[entry]
                if distance[other] == distance[neuron] + 1:
                    share = n_paths[neuron] / n_paths[other] * (1.0 + onward[other])
                    between[entry] += share
                    onward[neuron] += share
    return between


@numba.njit(cache=True)
def _opposite(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """For each entry that of the same link in the row of its other end; rows must be sorted."""
    back = np.empty(neighbours.size, np.int64)
    following = indptr[:-1].copy()
    for neuron in range(indptr.size - 1):
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            back[entry] = following[other]  # rows are visited in rising order, as the entries of the other row lie
            following[other] += 1
    return back
