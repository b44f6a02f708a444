"""Symmetric adjacency by counting sort, from a list of links or from the compressed rows of blocks."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def symmetric_csr(
    n_neurons: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Undirected adjacency in compressed rows.

    One pass counts, one scatters; no sort.  Each link appears in the rows of both its ends.

    Parameters
    ----------
    n_neurons : int
    source, target : ndarray of int32, shape (n_links,)
        Ends of each link; no self-links.
    weight : ndarray of float64, shape (n_links,) or (0,)
        Weight of each link; empty if weights are not needed.

    Returns
    -------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
    weights : ndarray of float64, shape (2 n_links,) or (0,)
        Weight of the link to each neighbour.

    Notes
    -----
    O(n_neurons + n_links).  The counts are kept two places ahead, so that the scatter itself, which advances the
    entry one ahead, leaves the finished row starts behind.
    """
    indptr = np.zeros(n_neurons + 2, np.int64)
    for link in range(source.size):
        indptr[source[link] + 2] += 1
        indptr[target[link] + 2] += 1
    for row in range(2, n_neurons + 2):
        indptr[row] += indptr[row - 1]
    neighbours = np.empty(2 * source.size, np.int32)
    weights = np.empty(2 * weight.size, np.float64)
    for link in range(source.size):
        left, right = source[link], target[link]
        first, second = indptr[left + 1], indptr[right + 1]
        neighbours[first], neighbours[second] = right, left
        indptr[left + 1] += 1
        indptr[right + 1] += 1
        if weight.size:
            weights[first] = weights[second] = weight[link]
    return indptr[: n_neurons + 1], neighbours, weights


@numba.njit(cache=True)
def count_ends(indptr: np.ndarray, indices: np.ndarray, first: tuple[int, int], starts: np.ndarray) -> None:
    """Add the links of one block to the counts of both their ends, two places ahead, in place.

    ``first`` are the indices of the block's first source and first target among all neurons; ``starts``, int64 of
    shape (n_neurons + 2,), is for :func:`place_ends` once it is summed up.
    """
    source, target = first
    for row in range(indptr.size - 1):
        starts[source + row + 2] += indptr[row + 1] - indptr[row]
    for entry in range(indices.size):
        starts[target + indices[entry] + 2] += 1


@numba.njit(cache=True)
def place_ends(
    matrix: tuple[np.ndarray, np.ndarray, np.ndarray],
    first: tuple[int, int],
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
) -> None:
    """Write the links of one block, with their absolute weights, into the rows of both their ends, in place.

    ``matrix`` is (indptr, indices, data) of the block.  Block by block the rows come out as :func:`symmetric_csr` makes
    them of the list of all links, without the list; ``starts`` then begins with the row pointer.
    """
    indptr, indices, data = matrix
    source, target = first
    for row in range(indptr.size - 1):
        left = source + row
        for entry in range(indptr[row], indptr[row + 1]):
            right = target + indices[entry]
            one, other = starts[left + 1], starts[right + 1]
            neighbours[one], neighbours[other] = right, left
            weights[one] = weights[other] = abs(np.float64(data[entry]))
            starts[left + 1] = one + 1
            starts[right + 1] = other + 1
