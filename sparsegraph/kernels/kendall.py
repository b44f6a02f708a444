"""Kendall's rank correlation, exact with ties."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

MOST_PER_VALUE = 8
"""Integers up to so many times the length of the vector are ranked by counting."""


class Ranking(NamedTuple):
    """A vector made ready to be compared with many others.

    Parameters
    ----------
    ranks : ndarray of int64, shape (n,)
        Place of each value among the distinct values, from 0.
    order : ndarray of int64, shape (n,)
        Indices by rising value.
    n_distinct : int
    n_tied_pairs : int
        Pairs of equal values.
    """

    ranks: np.ndarray
    order: np.ndarray
    n_distinct: int
    n_tied_pairs: int


def ranking(values: np.ndarray) -> Ranking:
    """Ranks, order and ties of a vector: O(n) for integers from 0 that are not much larger than n, else O(n log n)."""
    if values.dtype.kind in "iu" and values.size and values.min() >= 0 and values.max() < MOST_PER_VALUE * values.size:
        every = np.bincount(values)
        counts = every[every > 0]
        ranks = (np.cumsum(every > 0) - 1)[values]
    else:
        _, ranks, counts = np.unique(values, return_inverse=True, return_counts=True)
        ranks = ranks.astype(np.int64)
    narrow = ranks.astype(np.uint16) if counts.size <= np.iinfo(np.uint16).max else ranks  # numpy counts 16 bits
    n_tied = int((counts * (counts - 1) // 2).sum())
    return Ranking(ranks, np.argsort(narrow, kind="stable"), counts.size, n_tied)


def kendall_tau_b(x: np.ndarray, y: np.ndarray) -> float:
    """Kendall's tau-b: ``(C - D) / sqrt((P - P_x) (P - P_y))``.

    C and D are the pairs of positions that both vectors order alike and oppositely, P = n (n - 1) / 2 all pairs, P_x
    and P_y those that are tied in x and in y.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Without NaN.

    Returns
    -------
    float
        From -1 to 1; NaN if all values of one vector are equal.

    Notes
    -----
    O(n log n) in integers, hence exact before the last division.

    References
    ----------
    M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945) 239.
    W. R. Knight, A computer method for calculating Kendall's tau with ungrouped data, Journal of the American
    Statistical Association 61 (1966) 436 (the order of the work; here a tree of counts takes the place of a sort).
    """
    return tau_of(ranking(x), ranking(y))


def tau_of(x: Ranking, y: Ranking) -> float:
    """Kendall's tau-b of two vectors that were ranked before; NaN if all values of one are equal."""
    n = x.ranks.size
    n_pairs = n * (n - 1) // 2
    scale = (n_pairs - x.n_tied_pairs) * (n_pairs - y.n_tied_pairs)
    if scale == 0:
        return float("nan")
    return int(_concordance(x.ranks[x.order], y.ranks[x.order], y.n_distinct)) / float(np.sqrt(float(scale)))


@numba.njit(cache=True)
def _concordance(x: np.ndarray, y: np.ndarray, n_distinct: int) -> int:
    """Concordant minus discordant pairs, for x in rising order and y as ranks from 0 to n_distinct - 1.

    A Fenwick tree counts the y ranks of all positions with smaller x; positions of equal x are asked for before any of
    them is entered.
    """
    tree = np.zeros(n_distinct + 1, np.int64)
    balance = 0
    begin = 0
    while begin < x.size:
        end = begin
        while end < x.size and x[end] == x[begin]:
            below_or_equal, below = 0, 0
            node = y[end] + 1
            while node > 0:
                below_or_equal += tree[node]
                node &= node - 1
            node = y[end]
            while node > 0:
                below += tree[node]
                node &= node - 1
            balance += below - (begin - below_or_equal)
            end += 1
        for place in range(begin, end):
            node = y[place] + 1
            while node <= n_distinct:
                tree[node] += 1
                node += node & -node
        begin = end
    return balance
