"""Which neurons an activation can reach through one block, forwards and backwards."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def spread_forward(indptr: np.ndarray, indices: np.ndarray, reached: np.ndarray, target: np.ndarray) -> None:
    """Mark in ``target`` (bool, in place) every column that a reached row links to."""
    for row in range(reached.size):
        if reached[row]:
            for entry in range(indptr[row], indptr[row + 1]):
                target[indices[entry]] = True


@numba.njit(cache=True)
def spread_backward(indptr: np.ndarray, indices: np.ndarray, reaching: np.ndarray, source: np.ndarray) -> None:
    """Mark in ``source`` (bool, in place) every row with a link to a reaching column."""
    for row in range(source.size):
        for entry in range(indptr[row], indptr[row + 1]):
            if reaching[indices[entry]]:
                source[row] = True
                break


@numba.njit(cache=True)
def links_between(indptr: np.ndarray, indices: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Bool array over the stored entries: True where both the row and the column are marked."""
    keep = np.zeros(indices.size, np.bool_)
    for row in range(rows.size):
        if rows[row]:
            for entry in range(indptr[row], indptr[row + 1]):
                keep[entry] = columns[indices[entry]]
    return keep
