"""First-order change of a symmetric matrix that keeps its eigenvectors, the core of structural consistency and SPM."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

DEGENERATE = 1e-11
"""Eigenvalues closer than this are one, as in the authors' program (``10e-12`` there)."""
RESOLVED = 0.01
"""Singular values below this share of the largest get a Gram matrix of their own; the first one has squared them."""
SPARSE_PRODUCT = 0.05
"""Density below which a product with a sparse matrix is cheaper than with a dense one."""


class SingularSpaces(NamedTuple):
    """Singular vectors of an (m, n) matrix with m <= n: ``values`` (r,), ``left`` (m, m), ``right`` (n, r).

    The last m - r columns of ``left`` span the left null space.
    """

    values: np.ndarray
    left: np.ndarray
    right: np.ndarray


def first_order_change(training: sparse.csr_array, removed: sparse.csr_array) -> np.ndarray:
    """What ``removed`` adds to the eigenvalues of ``training`` at first order, back in the basis of the neurons.

    ``sum over eigenvalues of X X' D X X'``, X being the eigenvectors of one eigenvalue of T (``training``), D
    ``removed``.  With T itself added it is the perturbed matrix ``sum_k (x_k' (T + D) x_k) x_k x_k'`` of Lü et al., the
    vectors of a degenerate eigenvalue turned so that they diagonalise D.

    Parameters
    ----------
    training, removed : scipy.sparse.csr_array, shape (n, n)
        Symmetric.

    Returns
    -------
    ndarray of float64, shape (n, n)

    Notes
    -----
    One full eigendecomposition, O(n^3), and three dense matrices; on one thread, so that the result is the same
    everywhere.  Bipartite graphs are cheaper with ``first_order_change_of_block``.

    References
    ----------
    L. Lü, L. Pan, T. Zhou, Y.-C. Zhang, H. E. Stanley, Toward link predictability of complex networks, Proceedings of
    the National Academy of Sciences 112 (2015) 2325, equations 2 to 5.
    """
    with threadpool_limits(1, user_api="blas"):
        values, vectors = linalg.eigh(training.toarray().astype(np.float64), overwrite_a=True, check_finite=False)
        changed = _changed(values, vectors, vectors, removed @ vectors)
        return np.asarray(vectors @ changed.T)


def first_order_change_of_block(training: sparse.csr_array, removed: sparse.csr_array) -> np.ndarray:
    """``first_order_change`` of a bipartite graph, from the block between its two sides alone.

    With B = ``training`` = sum of ``s u v'`` the eigenvalues of ``[[0, B], [B', 0]]`` are +-s with vectors
    ``(u, +-v) / sqrt 2``, and the change of the whole matrix has the off-diagonal block

    ``sum over singular values of U sym(U' D V) V' + U0 U0' D V0 V0'``,

    U, V being the vectors of one singular value, U0, V0 the null spaces and D ``removed``; its diagonal blocks are 0.

    Parameters
    ----------
    training, removed : scipy.sparse.csr_array, shape (m, n)

    Returns
    -------
    ndarray of float64, shape (m, n)

    Notes
    -----
    O(min(m, n)^2 (m + n)) on one thread and about four dense matrices of this shape.
    """
    if training.shape[0] > training.shape[1]:
        turned = first_order_change_of_block(sparse.csr_array(training.T), sparse.csr_array(removed.T))
        return np.ascontiguousarray(turned.T)
    with threadpool_limits(1, user_api="blas"):
        values, left, right = singular_spaces(training)
        rank = values.size
        changed = np.empty((training.shape[1], training.shape[0]))
        changed[:, :rank] = _changed(values, left[:, :rank], right, removed @ right)
        outside = removed.T @ left[:, rank:]
        changed[:, rank:] = outside - right @ (right.T @ outside)
        return np.asarray(left @ changed.T)


def singular_spaces(matrix: sparse.csr_array) -> SingularSpaces:
    """All singular values above 0 with their vectors, and the left null space, from Gram matrices.

    The eigenvectors of ``A A'`` are the left vectors, and the lengths of ``A' u`` the singular values.  Squaring costs
    the small ones their digits, so only those above a hundredth of the largest are taken, and what is left of the
    matrix, orthogonal to them on both sides, gets a smaller Gram matrix of its own, until nothing is left.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (m, n)
        m <= n.

    Notes
    -----
    A singular value s counts as 0 if ``2 s`` is below 1e-11: its eigenvalues +s and -s are then one and the same.
    """
    dense = matrix.nnz > SPARSE_PRODUCT * matrix.shape[0] * matrix.shape[1]
    rest = matrix.toarray() if dense else matrix
    m, n = matrix.shape
    left, rights, values = np.empty((m, m)), [np.empty((n, 0))], [np.empty(0)]
    basis, rank = None, 0
    while True:
        gram = rest @ rest.T
        own = linalg.eigh(gram if isinstance(gram, np.ndarray) else gram.toarray(), check_finite=False)[1][:, ::-1]
        image = rest.T @ own
        lengths = np.sqrt(np.einsum("ij,ij->j", image, image))
        left[:, rank:] = own if basis is None else basis @ own
        resolved = lengths > max(RESOLVED * lengths.max(initial=0.0), DEGENERATE / 2)
        n_resolved = int(np.argmin(resolved)) if not resolved.all() else resolved.size
        values.append(lengths[:n_resolved])
        rights.append(image[:, :n_resolved] / lengths[:n_resolved])
        rank += n_resolved
        if n_resolved == 0 or rank == m:
            return SingularSpaces(np.concatenate(values), left, np.concatenate(rights, axis=1))
        basis = left[:, rank:].copy()
        rest = image[:, n_resolved:].T
        found = np.concatenate(rights, axis=1)
        for _ in range(2):  # once leaves rounding errors of the size of the matrix, twice none that matter
            rest = rest - (rest @ found) @ found.T
        if linalg.norm(rest) <= DEGENERATE / 2:
            return SingularSpaces(np.concatenate(values), left, found)


def _changed(values: np.ndarray, left: np.ndarray, right: np.ndarray, image: np.ndarray) -> np.ndarray:
    """``V sym(U' D V)`` for the vectors U, V of each value in turn, side by side; ``image`` is D V.

    The values are sorted; those in a chain of differences below the tolerance are one.
    """
    changed = right * np.einsum("ij,ij->j", left, image)
    bounds = np.flatnonzero(np.abs(np.diff(values)) >= DEGENERATE) + 1
    starts, ends = np.concatenate([[0], bounds]), np.concatenate([bounds, [values.size]])
    several = ends - starts > 1
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        inner = left[:, start:end].T @ image[:, start:end]
        changed[:, start:end] = right[:, start:end] @ (0.5 * (inner + inner.T))
    return changed
