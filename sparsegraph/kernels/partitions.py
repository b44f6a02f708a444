"""How alike two partitions of the same things are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Overlap(NamedTuple):
    """Sizes of the parts of two partitions and of their non-empty intersections."""

    first: np.ndarray
    second: np.ndarray
    both: np.ndarray


def normalised_mutual_information(first: np.ndarray, second: np.ndarray) -> float:
    """Mutual information of two partitions over the mean of their entropies, ``2 I / (H + H')``.

    Parameters
    ----------
    first, second : ndarray of int, shape (n,)
        Labels; their values do not matter.

    Returns
    -------
    float
        1 for equal partitions (two that put everything into one part included), 0 for independent ones.

    References
    ----------
    L. Danon, A. Díaz-Guilera, J. Duch, A. Arenas, Comparing community structure identification, Journal of Statistical
    Mechanics (2005) P09008, equation 2.

    Examples
    --------
    >>> normalised_mutual_information(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2]))
    1.0
    >>> normalised_mutual_information(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    0.0
    """
    overlap = _overlap(first, second)
    h_first, h_second, h_both = (_entropy(counts) for counts in overlap)
    if h_first + h_second == 0.0:
        return 1.0
    return min(1.0, max(0.0, 2.0 * (h_first + h_second - h_both) / (h_first + h_second)))


def adjusted_rand_index(first: np.ndarray, second: np.ndarray) -> float:
    """Share of pairs that two partitions treat alike, corrected for chance: ``(R - E R) / (max R - E R)``.

    R counts the pairs together in both; its expectation is that of random partitions with parts of these sizes.

    Parameters
    ----------
    first, second : ndarray of int, shape (n,)

    Returns
    -------
    float
        1 for equal partitions, about 0 for independent ones; it may be negative.

    References
    ----------
    L. Hubert, P. Arabie, Comparing partitions, Journal of Classification 2 (1985) 193, equation 5.

    Examples
    --------
    >>> adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2]))
    1.0
    >>> round(adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])), 9)
    -0.5
    """
    in_first, in_second, together = (float((counts * (counts - 1) // 2).sum()) for counts in _overlap(first, second))
    n_pairs = first.size * (first.size - 1) / 2
    expected = in_first * in_second / max(n_pairs, 1.0)
    most = (in_first + in_second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _overlap(first: np.ndarray, second: np.ndarray) -> Overlap:
    (_, one, sizes), (_, other, others) = (
        np.unique(labels, return_inverse=True, return_counts=True) for labels in (first, second)
    )
    both = np.unique(one.astype(np.int64) * others.size + other, return_counts=True)[1]
    return Overlap(sizes, others, both)


def _entropy(counts: np.ndarray) -> float:
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum())
