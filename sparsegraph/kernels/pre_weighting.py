"""Lengths of links from the topology around them: repulsion-attraction and betweenness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numba
import numpy as np

from sparsegraph.kernels.betweenness import link_betweenness

Weighting = Literal["RA1", "RA2", "EBC"]


def link_lengths(indptr: np.ndarray, neighbours: np.ndarray, weighting: Weighting) -> np.ndarray:
    """Length of each link, from the unweighted topology.

    With d the degrees and c the number of common neighbours of a link's ends i and j:

    * RA1: ``(d_i + d_j + d_i d_j) / (1 + c)``
    * RA2: ``(1 + e_i + e_j + e_i e_j) / (1 + c)`` with ``e_i = d_i - c - 1``
    * EBC: the number of shortest paths that run over the link, where a pair has several shares of them.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency.
    weighting : {"RA1", "RA2", "EBC"}

    Returns
    -------
    ndarray of float64, shape (2 n_links,)

    Notes
    -----
    O(sum of the squared degrees), for EBC O(n_neurons n_links).  Networks whose links join only neighbouring layers
    have no triangles: c is 0 and both repulsion-attraction lengths are integers.

    References
    ----------
    A. Muscoloni, J. M. Thomas, S. Ciucci, G. Bianconi, C. V. Cannistraci, Machine learning meets complex networks via
    coalescent embedding in the hyperbolic space, Nature Communications 8 (2017) 1615, equations 1 and 2.
    """
    return LENGTHS[weighting](indptr, neighbours)


def _repulsion_attraction(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    mine, its, common = _around(indptr, neighbours)
    return (mine + its + mine * its) / (1.0 + common)


def _external_repulsion_attraction(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    mine, its, common = _around(indptr, neighbours)
    mine, its = mine - common - 1.0, its - common - 1.0
    return (1.0 + mine + its + mine * its) / (1.0 + common)


LENGTHS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "RA1": _repulsion_attraction,
    "RA2": _external_repulsion_attraction,
    "EBC": link_betweenness,
}


def _around(indptr: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each entry the degrees of both ends and their common neighbours."""
    degree = np.diff(indptr).astype(np.float64)
    return np.repeat(degree, np.diff(indptr)), degree[neighbours], _common_neighbours(indptr, neighbours)


@numba.njit(cache=True)
def _common_neighbours(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    n_neurons = indptr.size - 1
    marked = np.full(n_neurons, -1, np.int64)
    common = np.zeros(neighbours.size)
    for neuron in range(n_neurons):
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            marked[neighbours[entry]] = neuron
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            for second in range(indptr[other], indptr[other + 1]):
                common[entry] += marked[neighbours[second]] == neuron
    return common
