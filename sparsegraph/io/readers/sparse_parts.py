"""Sparse matrices from the index and value arrays of a file, which may say anything."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError


def from_coordinates(shape: tuple[int, ...], indices: np.ndarray, values: np.ndarray) -> sparse.csr_array:
    """Matrix from coordinates, shape (2, n), and values, shape (n,); values of one place are added.

    Raises
    ------
    LoadError
        If an index lies outside the shape.
    """
    if indices.ndim != 2 or indices.shape != (2, values.size) or indices.dtype.kind not in "iu":
        raise _damaged(f"coordinates of shape {indices.shape} for {values.size} values")
    _check_bounds(indices[0], shape[0])
    _check_bounds(indices[1], shape[1])
    matrix = sparse.coo_array((values, (indices[0], indices[1])), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


def from_compressed(
    shape: tuple[int, ...], indptr: np.ndarray, indices: np.ndarray, values: np.ndarray, *, by_row: bool
) -> sparse.csr_array:
    """Matrix from compressed rows or columns; stored zeros stay, places stored twice are added.

    Raises
    ------
    LoadError
        If the pointers do not rise from 0 to the number of values, or an index lies outside the shape.
    """
    n_lines, n_across = shape if by_row else (shape[1], shape[0])
    if indptr.ndim != 1 or indptr.size != n_lines + 1 or indptr.dtype.kind not in "iu":
        raise _damaged(f"{indptr.size} pointers for {n_lines} lines")
    if values.ndim != 1 or indices.shape != values.shape or indices.dtype.kind not in "iu":
        raise _damaged(f"{indices.size} indices for {values.size} values")
    pointers = indptr.astype(np.int64)
    if pointers[0] != 0 or pointers[-1] != values.size or (np.diff(pointers) < 0).any():
        raise _damaged("pointers that do not rise to the number of values")
    _check_bounds(indices, n_across)
    kind = sparse.csr_array if by_row else sparse.csc_array
    matrix = sparse.csr_array(kind((values, indices.astype(np.int64), pointers), shape=shape))
    matrix.sum_duplicates()
    return matrix


def _check_bounds(indices: np.ndarray, length: int) -> None:
    if indices.size and (int(indices.min()) < 0 or int(indices.max()) >= length):
        raise _damaged(f"an index outside 0 to {length - 1}")


def _damaged(reason: str) -> LoadError:
    return LoadError(f"a sparse matrix with {reason}; the file is damaged: copy or save it again")
