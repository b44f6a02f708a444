"""Laplacian eigenmaps: coordinates in which linked neurons lie close."""

from __future__ import annotations

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigsh
from threadpoolctl import threadpool_limits

from sparsegraph.errors import DataError
from sparsegraph.kernels.scaling import LARGEST_DENSE, ROUNDING, Coordinates, signed
from sparsegraph.kernels.weighted_distances import WeightedLinks

LARGEST_FALLBACK = 2000
"""Up to this size all eigenvectors are computed where the iteration does not converge."""
N_RESTARTS = 200
"""Where eigenvalues are resolved at all, an iteration needs a tenth of this."""
N_EIGENVALUES = 4


def eigenmap(links: WeightedLinks) -> Coordinates:
    """Second and third eigenvector of the Laplacian of the heat kernel of the links.

    ``H_ij = exp(-(w_ij / s)^2)`` on the links, s the mean length of a link; ``(K - H) f = lambda K f`` with K the
    diagonal matrix of the row sums of H, and ``f^T K f = 1``.

    Parameters
    ----------
    links : WeightedLinks
        One connected component.

    Returns
    -------
    Coordinates
        The gap is the smaller of two, each relative to the larger eigenvalue: of the first and second smallest, and of
        the third and fourth.  It is 0 where the second is but rounding, as 0 itself is: the kernel then falls apart,
        and its eigenvectors are arbitrary mixtures of those of the pieces.

    Raises
    ------
    DataError
        If the kernel of all links of a neuron vanishes (their lengths exceed 27 times the mean), or nearly so.

    References
    ----------
    M. Belkin, P. Niyogi, Laplacian eigenmaps for dimensionality reduction and data representation, Neural Computation
    15 (2003) 1373, section 2.
    """
    n_neurons = links.indptr.size - 1
    heat = np.exp(-((links.weight / links.weight.mean()) ** 2))
    kernel = sparse.csr_array((heat, links.neighbours, links.indptr), shape=(n_neurons, n_neurons))
    sums = kernel.sum(axis=1)
    if not (sums > 0.0).all():
        raise DataError(
            f"the heat kernel of {np.count_nonzero(sums == 0.0)} neurons vanishes, as their links are many times "
            "longer than the mean; use reduction ISO"
        )
    root = 1.0 / np.sqrt(sums)
    scaled = sparse.csr_array(kernel * root[:, None] * root)
    with threadpool_limits(1, user_api="blas"):
        likeness, vectors = _largest(scaled)
    values = np.maximum(0.0, 1.0 - likeness)
    return Coordinates(signed(vectors[:, 1:3] * root[:, None]), values, _gap(values))


def _gap(values: np.ndarray) -> float:
    """Of the four smallest eigenvalues, rising, of which the second and third are in use."""
    if values[1] <= ROUNDING:
        return 0.0
    return float(1.0 - max(values[0] / values[1], values[2] / values[3]))


def _largest(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The four largest eigenvalues, falling, and their eigenvectors."""
    n = matrix.shape[0]
    try:
        if n <= LARGEST_DENSE:
            raise ArpackNoConvergence("too small for an iteration", np.empty(0), np.empty((0, 0)))
        start = np.random.default_rng(0).standard_normal(n)
        values, vectors = eigsh(matrix, k=N_EIGENVALUES, which="LA", v0=start, ncv=40, maxiter=N_RESTARTS)
    except ArpackNoConvergence:
        if n > LARGEST_FALLBACK:
            raise DataError(
                "the smallest eigenvalues are too close, as the heat kernels of some neurons all but vanish; "
                "use reduction ISO"
            ) from None
        values, vectors = linalg.eigh(matrix.toarray(), subset_by_index=[n - N_EIGENVALUES, n - 1])
    order = np.argsort(-values, kind="stable")
    return values[order], vectors[:, order]
