"""Scores of absent links by structural perturbation (SPM)."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from scipy import sparse

from sparsegraph.kernels.perturbation import first_order_change_of_block
from sparsegraph.kernels.two_way import positions_of

REMOVED = 0.1
"""Share of the links taken out for each perturbation, rounded up, as in Lü et al."""
LEAST = 1e-10
"""Scores below this are rounding errors."""


def spm_scores(mask: Any, *, rng: np.random.Generator, n_perturbations: int = 10) -> np.ndarray:
    """Structural perturbation scores of the absent links of a bipartite block.

    A tenth of the links is taken out, the singular vectors of the rest are kept and its singular values changed at
    first order by what was taken out; the sum of several such perturbed matrices is the score.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_source, n_target)
        Present links; see ``two_way.positions_of``.
    rng : numpy.random.Generator
        Draws the links to take out, uniformly without replacement.
    n_perturbations : int
        10 as in Lü et al.

    Returns
    -------
    ndarray of float64, shape (n_source, n_target)
        0 where a link is present, at neurons without links, and where the perturbed matrices are negative: no link
        is expected there.

    Notes
    -----
    O(n_perturbations m^2 n) for the smaller side m and the larger side n, neurons without links left out: a hundred
    times the time of path scores on a sparse block.  Equal to the method on the whole symmetric matrix of the block.

    References
    ----------
    L. Lü, L. Pan, T. Zhou, Y.-C. Zhang, H. E. Stanley, Toward link predictability of complex networks, Proceedings of
    the National Academy of Sciences 112 (2015) 2325.

    Examples
    --------
    >>> groups = np.kron(np.eye(2), np.ones((4, 4)))
    >>> groups[1, 2] = 0
    >>> scores = spm_scores(groups, rng=np.random.default_rng(0))
    >>> divmod(int(scores.argmax()), 8)
    (1, 2)
    """
    shape, positions = positions_of(mask)
    scores = np.zeros(shape)
    if positions.size in (0, scores.size):
        return scores
    source, target = np.divmod(positions, shape[1])
    (rows, row), (columns, column) = (np.unique(ends, return_inverse=True) for ends in (source, target))
    n_removed = ceil(REMOVED * positions.size)
    total = np.zeros((rows.size, columns.size))
    for _ in range(n_perturbations):
        gone = np.zeros(positions.size, np.bool_)
        gone[rng.choice(gone.size, n_removed, replace=False)] = True
        kept, removed = (
            sparse.csr_array((np.ones(int(chosen.sum())), (row[chosen], column[chosen])), shape=total.shape)
            for chosen in (~gone, gone)
        )
        total += first_order_change_of_block(kept, removed)
    total[total < LEAST] = 0.0
    scores[np.ix_(rows, columns)] = total
    scores.reshape(-1)[positions] = 0.0
    return scores
