"""Random masks to start from."""

from __future__ import annotations

import numpy as np


def erdos_renyi(shape: tuple[int, int], n_links: int, *, rng: np.random.Generator) -> np.ndarray:
    """Positions of ``n_links`` links drawn uniformly without replacement, G(n, m).

    Parameters
    ----------
    shape : (int, int)
        Source and target size.
    n_links : int
        At most the product of the shape.

    Returns
    -------
    ndarray of int64, shape (n_links,)
        Flat positions ``source * n_target + target``, increasing.
    """
    return np.sort(rng.choice(shape[0] * shape[1], n_links, replace=False).astype(np.int64))
