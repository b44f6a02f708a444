"""Which links a topology update adds."""

from __future__ import annotations

import numpy as np


def uniform(present: np.ndarray, shape: tuple[int, int], n_added: int, *, rng: np.random.Generator) -> np.ndarray:
    """Positions of ``n_added`` absent links drawn uniformly without replacement.

    Parameters
    ----------
    present : ndarray of int64
        Flat positions of the links that are there, increasing.
    shape : (int, int)
        Source and target size.
    n_added : int
        At most the number of absent links.

    Returns
    -------
    ndarray of int64, shape (n_added,)
        Flat positions, increasing, none of them in ``present``.

    Notes
    -----
    Draws ranks among the absent positions and shifts each past the present ones before it, so that no list of the
    absent positions is ever made.
    """
    n_absent = shape[0] * shape[1] - present.size
    ranks = np.sort(rng.choice(n_absent, n_added, replace=False))
    n_absent_before = present - np.arange(present.size)
    return ranks + np.searchsorted(n_absent_before, ranks, side="right")
