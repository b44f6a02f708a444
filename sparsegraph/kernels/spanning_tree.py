"""Minimum spanning tree and the distances along it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sparsegraph.kernels.weighted_distances import PARTS, WeightedLinks


def tree_distances(links: WeightedLinks, sources: np.ndarray, *, n_threads: int | None = None) -> np.ndarray:
    """Length of the way from each source to each neuron along the minimum spanning tree of a connected graph.

    Parameters
    ----------
    links : WeightedLinks
        One connected component.  Where links of equal weight leave a choice of trees, their order decides.
    sources : ndarray of int, shape (n_sources,)
    n_threads : int, optional

    Returns
    -------
    ndarray of float64, shape (n_sources, n_neurons)

    Notes
    -----
    O(n_links log n_links + n_sources n_neurons).

    References
    ----------
    J. B. Kruskal, On the shortest spanning subtree of a graph and the traveling salesman problem, Proceedings of the
    American Mathematical Society 7 (1956) 48.
    """
    n_neurons = links.indptr.size - 1
    whole = sparse.csr_array((links.weight, links.neighbours, links.indptr), shape=(n_neurons, n_neurons))
    tree = csgraph.minimum_spanning_tree(whole)
    order, parent = csgraph.breadth_first_order(tree, 0, directed=False)
    up = np.zeros(n_neurons)
    ends = sparse.coo_array(tree)
    rows, columns = ends.coords
    child = np.where(parent[rows] == columns, rows, columns)
    up[child] = ends.data
    distances = np.empty((sources.size, n_neurons))
    parts = np.array_split(np.arange(sources.size), PARTS)
    with ThreadPoolExecutor(max_workers=n_threads or numba.get_num_threads()) as pool:
        list(pool.map(lambda part: _walk(order, parent, up, part, sources, distances), parts))
    return distances


@numba.njit(cache=True, nogil=True)
def _walk(
    order: np.ndarray,
    parent: np.ndarray,
    up: np.ndarray,
    rows: np.ndarray,
    sources: np.ndarray,
    distances: np.ndarray,
) -> None:
    """From each source up to the root, then down: a neuron is one step farther than its parent, ancestors excepted."""
    above = np.full(order.size, -1, np.int64)
    for row in rows:
        neuron, walked = sources[row], 0.0
        while True:
            above[neuron] = row
            distances[row, neuron] = walked
            if neuron == order[0]:
                break
            walked += up[neuron]
            neuron = parent[neuron]
        for neuron in order:
            if above[neuron] != row:
                distances[row, neuron] = distances[row, parent[neuron]] + up[neuron]
