"""Singular values of sparse matrices and the ranks made of them; beside them structural consistency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from sparsegraph.kernels.consistency import structural_consistency as structural_consistency

RESOLVED = 10.0
"""Least eigenvalue of the Gram matrix, in units of its rounding error ``n eps max``, that proves full rank.

The least singular value is then known to 5 %, and no value is off by more than 1e-7 of the largest at n = 1,000: far
too little to show in an entropy."""
SPARSE_PRODUCT = 0.05
"""Density below which the Gram matrix is cheaper by a sparse product than by a dense one."""


class Ranks(NamedTuple):
    """Effective rank and stable rank (floats) and numerical rank (int) of one set of singular values."""

    effective_rank: float
    stable_rank: float
    rank: int


def singular_values(matrix: sparse.csr_array) -> np.ndarray:
    """All non-structural singular values of a sparse matrix, largest first.

    Empty rows and columns are dropped first: they only add exact zeros.  If the smaller Gram matrix (A A^T or A^T A)
    shows full rank beyond doubt, the roots of its eigenvalues are taken; otherwise the dense decomposition, which
    alone can tell small from zero.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (m, n)
        Stored zeros are zeros here.

    Returns
    -------
    ndarray of float64, shape (min(m', n'),)
        m', n' : numbers of rows and columns that are not empty.  An empty matrix gives an empty array.

    Notes
    -----
    O(m n min(m, n)) and one dense matrix of memory; the Gram route costs a third to a half of the dense one.  Runs on
    one thread: the sums keep their order, so that the result is the same everywhere, and threads that wait for each
    other on a busy machine cost more than a second core saves.
    """
    with threadpool_limits(1, user_api="blas"):
        return _singular_values(matrix)


def _singular_values(matrix: sparse.csr_array) -> np.ndarray:
    weights = _compacted(matrix)
    if weights.nnz == 0:
        return np.empty(0)
    largest = float(np.abs(weights.data).max())
    weights.data /= largest  # squares neither overflow nor vanish
    squares = linalg.eigvalsh(_gram(weights), overwrite_a=True, check_finite=False)[::-1]
    if squares[-1] > RESOLVED * np.finfo(np.float64).eps * squares.size * squares[0]:
        return np.sqrt(squares) * largest
    return linalg.svdvals(weights.toarray(), overwrite_a=True, check_finite=False) * largest


def _compacted(matrix: sparse.csr_array) -> sparse.csr_array:
    """The non-zero entries without empty rows and columns, lying (no more rows than columns)."""
    entries = sparse.coo_array(matrix, dtype=np.float64)
    nonzero = entries.data != 0.0
    rows, row = np.unique(entries.coords[0][nonzero], return_inverse=True)
    columns, column = np.unique(entries.coords[1][nonzero], return_inverse=True)
    if rows.size > columns.size:
        rows, row, columns, column = columns, column, rows, row
    return sparse.csr_array((entries.data[nonzero], (row, column)), shape=(rows.size, columns.size))


def _gram(weights: sparse.csr_array) -> np.ndarray:
    if weights.nnz < SPARSE_PRODUCT * weights.shape[0] * weights.shape[1]:
        return (weights @ weights.T).toarray()
    dense = weights.toarray()
    return dense @ dense.T


def ranks(values: np.ndarray, shape: tuple[int, int]) -> Ranks:
    """Effective, stable and numerical rank of a matrix of the given shape from its singular values.

    Effective rank ``exp(-sum p ln p)`` with ``p = s / sum s``; stable rank ``sum s^2 / max s^2``; numerical rank the
    number of values above ``eps max(shape) max s``.  Only values above that tolerance enter the effective rank, so
    that 1 <= stable <= effective <= rank.  A zero matrix has all three 0.

    References
    ----------
    O. Roy, M. Vetterli, The effective rank: a measure of effective dimensionality, EUSIPCO 2007.
    M. Rudelson, R. Vershynin, Sampling from large matrices: an approach through geometric functional analysis,
    Journal of the ACM 54 (2007) 21.
    """
    if values.size == 0 or values.max() == 0.0:
        return Ranks(0.0, 0.0, 0)
    relative = np.sort(values / values.max())[::-1]
    kept = relative[relative > np.finfo(np.float64).eps * max(shape)]
    share = kept / kept.sum()
    return Ranks(float(np.exp(-(share * np.log(share)).sum())), float((relative**2).sum()), int(kept.size))


def stable_rank(matrix: sparse.csr_array) -> float:
    """Stable rank alone, from the largest singular value by Lanczos iteration; for matrices too large to decompose."""
    from scipy.sparse.linalg import svds

    weights = sparse.csr_array(matrix, dtype=np.float64, copy=True)
    largest = float(np.abs(weights.data).max(initial=0.0))
    if largest == 0.0:
        return 0.0
    if min(weights.shape) == 1:
        return 1.0
    weights.data /= largest
    start = np.random.default_rng(0).normal(size=min(weights.shape))
    first = svds(weights, k=1, v0=start, return_singular_vectors=False)[0]
    return float((weights.data**2).sum() / first**2)
