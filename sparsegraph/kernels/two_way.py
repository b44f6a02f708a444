"""A mask as kernels walk it: by rows and by columns at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from scipy import sparse

from sparsegraph.errors import DataError

MOST_LINKS = 2**31
"""Masks are walked with indices of 32 bits, unsigned: signed ones cost a test for an index from the end."""


class TwoWay(NamedTuple):
    """The links of a bipartite block, sorted by row and again by column; all arrays uint32.

    ``columns[row_start[u]:row_start[u + 1]]`` are the columns linked to row u, increasing;
    ``rows[column_start[v]:column_start[v + 1]]`` the rows linked to column v, increasing.
    """

    row_start: np.ndarray
    columns: np.ndarray
    column_start: np.ndarray
    rows: np.ndarray

    @property
    def row_degrees(self) -> np.ndarray:
        """Links of each row, int64."""
        return np.diff(self.row_start.astype(np.int64))

    @property
    def column_degrees(self) -> np.ndarray:
        """Links of each column, int64."""
        return np.diff(self.column_start.astype(np.int64))

    @property
    def transposed(self) -> TwoWay:
        """Rows and columns exchanged, without a copy."""
        return TwoWay(self.column_start, self.rows, self.row_start, self.columns)


def positions_of(mask: Any) -> tuple[tuple[int, int], np.ndarray]:
    """Shape and flat positions (int64, increasing) of the links of anything that stands for a mask.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_rows, n_columns)
        Of a sparse matrix the stored entries are the links, zeros included; of an array the entries that are not 0.

    Raises
    ------
    DataError
        If it does not have two dimensions or too many entries.
    """
    if hasattr(mask, "positions"):
        shape, positions = mask.shape, mask.positions
    elif sparse.issparse(mask):
        by_row = sparse.csr_array(mask)
        if not by_row.has_canonical_format:
            by_row = by_row.copy()
            by_row.sum_duplicates()
        shape = by_row.shape
        first_of_row = np.arange(shape[0], dtype=np.int64) * shape[1]
        positions = np.repeat(first_of_row, np.diff(by_row.indptr)) + by_row.indices
    else:
        dense = np.asarray(mask)
        if dense.ndim != 2 or dense.dtype.kind not in "biuf":
            raise DataError(f"a mask is a matrix of numbers; found {dense.ndim} dimensions of type {dense.dtype}")
        shape = dense.shape
        present = np.ascontiguousarray(dense if dense.dtype == np.bool_ else dense != 0).ravel()
        positions = _true_positions(present.view(np.uint8), int(np.count_nonzero(present)))
    if positions.size >= MOST_LINKS or max(shape) >= MOST_LINKS:
        raise DataError(f"a mask of shape {shape} with {positions.size} links is beyond {MOST_LINKS} rows or links")
    return (int(shape[0]), int(shape[1])), positions


def two_way(shape: tuple[int, int], positions: np.ndarray) -> TwoWay:
    """The two orders of the links at ``positions``; O(links + rows + columns)."""
    return TwoWay(*_two_way(shape[0], shape[1], positions))


@numba.njit(cache=True, boundscheck=False)
def _true_positions(present: np.ndarray, n_present: int) -> np.ndarray:
    """Where the bytes of ``present`` are not 0; eight are looked at in one go, since most are."""
    positions = np.empty(n_present, np.int64)
    n_words = present.size // 8
    words = present[: 8 * n_words].view(np.uint64)
    found = 0
    for word in range(n_words):
        if words[word] != 0:
            for place in range(8 * word, 8 * word + 8):
                if present[place]:
                    positions[found] = place
                    found += 1
    for place in range(8 * n_words, present.size):
        if present[place]:
            positions[found] = place
            found += 1
    return positions


@numba.njit(cache=True, boundscheck=False)
def _two_way(
    n_rows: int, n_columns: int, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row starts, columns, column starts, rows; the second order by counting, one place ahead of the result."""
    n_links = positions.size
    row_start, column_start = np.empty(n_rows + 1, np.uint32), np.zeros(n_columns + 2, np.uint32)
    columns, rows = np.empty(n_links, np.uint32), np.empty(n_links, np.uint32)
    link = 0
    for row in range(n_rows):
        row_start[row] = link
        first, beyond = row * n_columns, (row + 1) * n_columns
        while link < n_links and positions[link] < beyond:
            columns[link] = positions[link] - first
            column_start[columns[link] + np.uint32(1)] += 1
            link += 1
    row_start[n_rows] = n_links
    total = 0
    for column in range(1, n_columns + 2):  # entry c + 1 becomes the start of column c and then moves to its end
        n_here = column_start[column]
        column_start[column] = total
        total += n_here
    for row in range(n_rows):
        for link in range(row_start[row], row_start[row + 1]):
            place = columns[link] + np.uint32(1)
            rows[column_start[place]] = row
            column_start[place] += 1
    return row_start, columns, column_start[: n_columns + 1], rows
