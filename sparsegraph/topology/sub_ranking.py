"""An order among absent links of equal score: by how alike the whole network looks from their two ends."""

from __future__ import annotations

import numpy as np
from scipy import sparse, stats
from scipy.sparse import csgraph

from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.link_scores_present import ch3_l3_of_present
from sparsegraph.kernels.selection import find_border, positions_equal

CHUNK = 4096


def sub_ranked(mask: Mask, scores: np.ndarray, n: int) -> np.ndarray:
    """The scores with the ties at the n-th highest resolved by the correlation of shortest paths.

    Of the absent links that tie with the n-th, as many as belong to the n highest are raised by the least possible
    amount, those with the highest correlation first; where correlations tie too, the links stay tied, and a choice by
    score then decides at random.  Ties at score 0 are left alone: what fills up with those is a policy of its own.

    Parameters
    ----------
    mask : Mask
    scores : ndarray of float, shape ``mask.shape``
        Finite and at least 0 where a link is absent.
    n : int
        How many links will be chosen; at most the number of absent ones.

    Returns
    -------
    ndarray of float64, shape ``mask.shape``

    Notes
    -----
    See ``path_correlation`` for the cost.  The CHT papers describe the rule but did not apply it.

    References
    ----------
    Y. Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, Appendix J.
    """
    result = np.array(scores, np.float64)
    values = result.reshape(-1)
    # The generator only picks the sample that speeds the search up.
    border = find_border(values, n, excluded=mask.positions, rng=np.random.default_rng(0))
    if border.value == 0 or border.n_open == border.n_tied:
        return result
    tied = positions_equal(values, border.value, excluded=mask.positions)
    correlation = path_correlation(mask, tied)
    least = np.partition(correlation, tied.size - border.n_open)[tied.size - border.n_open]
    values[tied[correlation > least]] = np.nextafter(border.value, np.inf)
    values[tied[correlation < least]] = np.nextafter(border.value, 0)
    return result


def path_correlation(mask: Mask, positions: np.ndarray) -> np.ndarray:
    """Spearman correlation between the shortest-path lengths from u and from v to all neurons, for pairs (u, v).

    A present link has the length ``1 / (1 + CH3-L3 of the link)``, and paths run through the block both ways.  Neurons
    that cannot be reached all are equally far, beyond the farthest that can.

    Parameters
    ----------
    mask : Mask
    positions : ndarray of int64, shape (n_pairs,)
        Flat positions of the pairs.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        In [-1, 1], rounded to 12 digits so that what is equal in exact arithmetic is equal here; -1 where one of the
        two neurons has all others at the same distance, so that it has no correlation.

    Notes
    -----
    One run of Dijkstra's algorithm for each neuron that occurs in a pair, O(n_links log n_neurons) each, and
    O(n_neurons) for each pair; memory O(n_neurons) for each neuron that occurs.
    """
    n_source, n_neurons = mask.shape[0], sum(mask.shape)
    lengths = 1 / (1 + ch3_l3_of_present(mask))
    ends = (mask.source, n_source + mask.target)
    block = sparse.csr_array((lengths, ends), shape=(n_neurons, n_neurons))
    pairs = np.stack([positions // mask.shape[1], n_source + positions % mask.shape[1]])
    neurons, place = np.unique(pairs, return_inverse=True)
    place = place.reshape(pairs.shape)
    distances = csgraph.dijkstra(block, directed=False, indices=neurons)
    ranks = stats.rankdata(np.round(distances, 12), axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(ranks, axis=1)
    result = np.full(positions.size, -1.0)
    for first in range(0, positions.size, CHUNK):
        left, right = place[:, first : first + CHUNK]
        product = norms[left] * norms[right]
        defined = product > 0
        dot = np.einsum("ij,ij->i", ranks[left[defined]], ranks[right[defined]])
        result[first : first + CHUNK][defined] = np.round(dot / product[defined], 12)
    return result
