"""The rigid counterpart of the sampler: the smallest of many values, in exact number, ties broken by chance."""

from __future__ import annotations

import numpy as np

from sparsegraph.errors import DataError


def choose_smallest(values: np.ndarray, k: int, *, rng: np.random.Generator) -> np.ndarray:
    """Indices of the k smallest values; which of those that equal the k-th are taken is drawn uniformly.

    Ties are common: a new link has weight 0 until its first gradient, and correlations come in pairs.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    k : int
        From 0 to n.
    rng : numpy.random.Generator
        Drawn from only if a tie has to be broken.

    Returns
    -------
    ndarray of int64, shape (k,)
        Distinct and increasing.

    Raises
    ------
    DataError
        If a value is not a number, or if k is out of range.

    Notes
    -----
    O(n), one partial sort.

    Examples
    --------
    >>> import numpy as np
    >>> choose_smallest(np.array([3.0, 1.0, 2.0, 1.0]), 2, rng=np.random.default_rng(0)).tolist()
    [1, 3]
    """
    if not 0 <= k <= values.size:
        raise DataError(f"{k} of {values.size} values cannot be chosen")
    if k == 0 or k == values.size:
        return np.arange(k)
    threshold = np.partition(values, k - 1)[k - 1]
    below = np.flatnonzero(values < threshold)
    level = np.flatnonzero(values == threshold)
    if np.isnan(values).any():
        raise DataError("values to rank include some that are not numbers; has the training diverged?")
    n_missing = k - below.size
    if n_missing < level.size:
        level = rng.choice(level, n_missing, replace=False)
    return np.sort(np.concatenate([below, level]))
