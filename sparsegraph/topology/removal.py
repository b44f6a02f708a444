"""Which links a topology update removes."""

from __future__ import annotations

import numpy as np


def smallest_magnitude(weights: np.ndarray, n_removed: int) -> np.ndarray:
    """Indices of the ``n_removed`` links with the smallest absolute weights, ties by position.

    Parameters
    ----------
    weights : ndarray of float, shape (n_links,)
    n_removed : int

    References
    ----------
    D. C. Mocanu et al., Scalable training of artificial neural networks with adaptive sparse connectivity inspired by
    network science, Nature Communications 9:2383 (2018); without its split by sign, as the CHT papers use it.
    """
    return np.sort(np.argsort(np.abs(weights), kind="stable")[:n_removed])
