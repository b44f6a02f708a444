"""The bipartite ring lattice: two kinds of neurons on one ring, linked to successive ones of the other kind."""

from __future__ import annotations

import numpy as np


def ring_lattice(shape: tuple[int, int], n_links: int, *, rng: np.random.Generator) -> np.ndarray:
    """Positions of the links of a ring lattice with so many links.

    Both sides lie evenly on one ring.  Each neuron of the larger side is linked to K successive neurons of the smaller
    side around its own place, K = links / larger size; where K is no integer, neurons drawn at random have the next
    larger one.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the block.
    n_links : int
        From 0 to rows x columns.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n_links,)
        Flat positions ``row * n_columns + column``, increasing.

    Notes
    -----
    O(links log links).  The window of a neuron at x of the ring, counted in neurons of the smaller side, begins at
    ``floor(x - K / 2)``, as in the authors' program.  For odd K and integer x these are not the K nearest: one more
    lies before the neuron's place than the nearest would have, and one less after it.

    References
    ----------
    Zhang et al., "Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule" (CHTs), preprint 202406.1136 (2024), section 2.3.

    Examples
    --------
    >>> ring_lattice((3, 3), 6, rng=np.random.default_rng(0)).tolist()  # neuron 1 with 0 and 1
    [0, 1, 4, 5, 6, 8]
    """
    smaller, larger = sorted(shape)
    degrees = np.full(larger, n_links // larger)
    degrees[rng.choice(larger, n_links % larger, replace=False)] += 1
    first = np.floor(np.arange(larger) * smaller / larger - degrees / 2).astype(np.int64)
    owner = np.repeat(np.arange(larger), degrees)
    within = np.arange(n_links) - np.repeat(np.cumsum(degrees) - degrees, degrees)
    near = (first[owner] + within) % smaller
    source, target = (near, owner) if shape[1] == larger else (owner, near)
    return np.sort(source * shape[1] + target)
