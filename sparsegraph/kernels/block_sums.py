"""Sums over the links of one block for both their ends."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def add_strengths(
    indptr: np.ndarray, indices: np.ndarray, weights: np.ndarray, of_source: np.ndarray, of_target: np.ndarray
) -> None:
    """Add the absolute weight of each link to its source and to its target, link by link, in place.

    ``indptr``, ``indices`` and ``weights`` (float32 or float64) are the compressed rows of the block; ``of_source`` and
    ``of_target`` are float64, so that no sum is rounded to float32.
    """
    for row in range(indptr.size - 1):
        total = of_source[row]
        for entry in range(indptr[row], indptr[row + 1]):
            weight = abs(np.float64(weights[entry]))
            total += weight
            of_target[indices[entry]] += weight
        of_source[row] = total
