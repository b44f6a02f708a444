"""Communities of a bipartite graph that make Barber's modularity large."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from scipy import sparse

SLIGHT = 1e-12
"""Gains below this, in shares of all links, are rounding errors."""


class SidedNet(NamedTuple):
    """Symmetric adjacency in compressed rows without self-links, and each vertex's links on either side.

    ``first`` counts the links of a vertex as one of the first side, ``second`` as one of the second; at the start one
    of the two is 0, in a net whose vertices are communities neither need be.
    """

    indptr: np.ndarray
    neighbours: np.ndarray
    weight: np.ndarray
    first: np.ndarray
    second: np.ndarray


class Tally(NamedTuple):
    """Of each community its links on either side and its size; ``towards`` is scratch, zero between uses."""

    first: np.ndarray
    second: np.ndarray
    size: np.ndarray
    towards: np.ndarray


def barber_modularity(source: np.ndarray, target: np.ndarray, labels: np.ndarray, second: np.ndarray) -> float:
    """Barber's modularity of a given partition: ``sum over communities of (L_c / m - k_c d_c / m^2)``.

    L_c links inside, k_c and d_c the sums of degrees of its vertices on the first and on the second side, m all links:
    chance is a link between i and j of different sides with probability ``k_i d_j / m``, and none inside a side.

    Parameters
    ----------
    source, target : ndarray of int, shape (m,)
        Ends of each link, on different sides.
    labels : ndarray of int, shape (n,)
        Community of each vertex, from 0; vertices without links may have any label.
    second : ndarray of bool, shape (n,)
        Whether a vertex is on the second side.

    Returns
    -------
    float
        From -1 to 1.

    References
    ----------
    M. J. Barber, Modularity and community detection in bipartite networks, Physical Review E 76 (2007) 066102,
    equations 15 and 16.

    Examples
    --------
    >>> links, sides = (np.array([0, 1]), np.array([2, 3])), np.array([False, False, True, True])
    >>> barber_modularity(*links, np.array([0, 1, 0, 1]), sides)
    0.5
    """
    on_first, on_second = np.where(second[source], target, source), np.where(second[source], source, target)
    one, other = labels[on_first], labels[on_second]
    n_labels = int(max(one.max(), other.max())) + 1
    k, d = np.bincount(one, minlength=n_labels), np.bincount(other, minlength=n_labels)
    m = source.size
    return float((one == other).sum() / m - (k / m) @ (d / m))


def bipartite_communities(
    source: np.ndarray, target: np.ndarray, second: np.ndarray, start: np.ndarray, *, rng: np.random.Generator
) -> np.ndarray:
    """Communities of one run of local moves that raise Barber's modularity until none does.

    Vertices move one by one to the neighbouring community that gains most; then communities move as wholes, and so on;
    the result is the start of another round until a round gains nothing (Louvain with multi-level refinement).

    Parameters
    ----------
    source, target : ndarray of int, shape (m,)
    second : ndarray of bool, shape (n,)
        Whether a vertex is on the second side.
    start : ndarray of int, shape (n,)
        Communities to start from; the result is at least as good.
    rng : numpy.random.Generator
        Draws the order in which vertices are looked at.

    Returns
    -------
    ndarray of int64, shape (n,)
        Labels from 0.  Vertices without links keep to themselves.

    Notes
    -----
    A round is near linear in links.  A heuristic: the best of several runs is a lower bound of the maximum.

    References
    ----------
    V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, Fast unfolding of communities in large networks, Journal
    of Statistical Mechanics (2008) P10008.
    R. Rotta, A. Noack, Multilevel local search algorithms for modularity clustering, ACM Journal of Experimental
    Algorithmics 16 (2011) 2.3.
    """
    degree = np.bincount(source, minlength=second.size) + np.bincount(target, minlength=second.size)
    ends, others = np.concatenate([source, target]), np.concatenate([target, source])
    links = sparse.csr_array((np.ones(ends.size), (ends, others)), shape=(second.size, second.size))
    net = _sided(links, np.where(second, 0.0, degree), np.where(second, degree, 0.0))
    labels = np.unique(start, return_inverse=True)[1].astype(np.int64)
    while True:
        gain = _move(net, labels, rng.permutation(second.size), float(source.size))
        labels = np.unique(labels, return_inverse=True)[1]
        gain += _merge(net, labels, rng, float(source.size))
        labels = np.unique(labels, return_inverse=True)[1]
        if gain <= SLIGHT:
            return labels


def _merge(net: SidedNet, labels: np.ndarray, rng: np.random.Generator, m: float) -> float:
    """Move communities as wholes, then communities of communities; ``labels`` is changed in place."""
    total = 0.0
    while True:
        communities = _collapsed(net, labels)
        merged = np.arange(communities.first.size)
        gain = _move(communities, merged, rng.permutation(merged.size), m)
        if gain <= SLIGHT:
            return total
        total += gain
        labels[:] = np.unique(merged, return_inverse=True)[1][labels]


def _collapsed(net: SidedNet, labels: np.ndarray) -> SidedNet:
    """The net whose vertices are the communities."""
    n = net.first.size
    n_labels = int(labels.max()) + 1
    member = sparse.csr_array((np.ones(n), (labels, np.arange(n))), shape=(n_labels, n))
    links = sparse.csr_array((net.weight, net.neighbours, net.indptr), shape=(n, n))
    return _sided(sparse.csr_array(member @ links @ member.T), member @ net.first, member @ net.second)


def _sided(links: sparse.csr_array, first: np.ndarray, second: np.ndarray) -> SidedNet:
    entries = sparse.coo_array(links)
    apart = entries.coords[0] != entries.coords[1]
    ends = (entries.coords[0][apart], entries.coords[1][apart])
    outside = sparse.csr_array((entries.data[apart], ends), shape=links.shape)
    outside.sort_indices()
    return SidedNet(outside.indptr.astype(np.int64), outside.indices.astype(np.int64), outside.data, first, second)


@numba.njit(cache=True)
def _move(net: SidedNet, labels: np.ndarray, order: np.ndarray, m: float) -> float:
    """Move single vertices while any gains; the gain of all moves in shares of links.  ``labels`` is changed in place.

    A vertex waits in a queue until it is looked at, and again whenever a neighbour has moved to another community.
    """
    n = order.size
    tally, empty, n_empty = _tally(net, labels)
    queue, waiting = order.copy(), np.ones(n, np.bool_)
    head, n_waiting, total = 0, n, 0.0
    while n_waiting:
        i = queue[head]
        head = (head + 1) % n
        n_waiting -= 1
        waiting[i] = False
        own = labels[i]
        tally.first[own] -= net.first[i]
        tally.second[own] -= net.second[i]
        refuge = empty[n_empty - 1] if tally.size[own] > 1 else own
        best, gain = _choice(net, i, labels, tally, refuge, m)
        tally.first[best] += net.first[i]
        tally.second[best] += net.second[i]
        if best == own:
            continue
        total += gain / m
        if tally.size[best] == 0:
            n_empty -= 1
        tally.size[best] += 1
        tally.size[own] -= 1
        if tally.size[own] == 0:
            empty[n_empty] = own
            n_empty += 1
        labels[i] = best
        for link in range(net.indptr[i], net.indptr[i + 1]):
            j = net.neighbours[link]
            if labels[j] != best and not waiting[j]:
                queue[(head + n_waiting) % n] = j
                n_waiting += 1
                waiting[j] = True
    return total


@numba.njit(cache=True)
def _tally(net: SidedNet, labels: np.ndarray) -> tuple[Tally, np.ndarray, int]:
    """The communities, and a stack of labels without members: at least one."""
    n = labels.size
    tally = Tally(np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1, np.int64), np.zeros(n + 1))
    for i in range(n):
        tally.first[labels[i]] += net.first[i]
        tally.second[labels[i]] += net.second[i]
        tally.size[labels[i]] += 1
    empty = np.empty(n + 1, np.int64)
    n_empty = 0
    for c in range(n, -1, -1):
        if tally.size[c] == 0:
            empty[n_empty] = c
            n_empty += 1
    return tally, empty, n_empty


@numba.njit(cache=True)
def _choice(net: SidedNet, i: int, labels: np.ndarray, tally: Tally, refuge: int, m: float) -> tuple[int, float]:
    """The community where vertex i, taken out of its own, fits best, and what that gains in links over staying.

    ``refuge`` is a community without members, or its own if it was alone there.
    """
    own, towards = labels[i], tally.towards
    for link in range(net.indptr[i], net.indptr[i + 1]):
        towards[labels[net.neighbours[link]]] += net.weight[link]
    stay = towards[own] - (net.first[i] * tally.second[own] + net.second[i] * tally.first[own]) / m
    best, most = own, stay
    if stay < -SLIGHT * m:
        best, most = refuge, 0.0
    for link in range(net.indptr[i], net.indptr[i + 1]):
        c = labels[net.neighbours[link]]
        gain = towards[c] - (net.first[i] * tally.second[c] + net.second[i] * tally.first[c]) / m
        if towards[c] > 0.0 and gain > most + SLIGHT * m:
            best, most = c, gain
        towards[c] = 0.0
    return best, most - stay
