"""Sets as strictly increasing arrays of integers, merged in one pass."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def difference(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What is in ``left`` and not in ``right``, increasing.

    Parameters
    ----------
    left, right : ndarray of int64
        Strictly increasing.

    Returns
    -------
    ndarray of int64

    Notes
    -----
    O(left + right), without the binary searches of ``np.isin``.
    """
    kept = np.empty(left.size, np.int64)
    n_kept, place = 0, 0
    for item in left:
        while place < right.size and right[place] < item:
            place += 1
        if place == right.size or right[place] != item:
            kept[n_kept] = item
            n_kept += 1
    return kept[:n_kept].copy()


@numba.njit(cache=True)
def union(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What is in either of two strictly increasing arrays of int64, increasing."""
    joined = np.empty(left.size + right.size, np.int64)
    n_joined, at_left, at_right = 0, 0, 0
    while at_left < left.size or at_right < right.size:
        if at_right == right.size or (at_left < left.size and left[at_left] <= right[at_right]):
            item = left[at_left]
        else:
            item = right[at_right]
        at_left += at_left < left.size and left[at_left] == item
        at_right += at_right < right.size and right[at_right] == item
        joined[n_joined] = item
        n_joined += 1
    return joined[:n_joined].copy()


@numba.njit(cache=True)
def n_common(left: np.ndarray, right: np.ndarray) -> int:
    """How many integers two strictly increasing arrays share."""
    n_shared, place = 0, 0
    for item in left:
        while place < right.size and right[place] < item:
            place += 1
        if place < right.size and right[place] == item:
            n_shared += 1
    return n_shared
