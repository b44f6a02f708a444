"""Which links of a block a drawing shows: a sample that is spread over its neurons and stays as links come and go."""

from __future__ import annotations

import numpy as np


def sample_links(source: np.ndarray, target: np.ndarray, n: int, chance: np.ndarray) -> np.ndarray:
    """Places of n links: those of lowest rank, each pair of neurons having a random one.

    A pair has the same rank in every snapshot, so that what comes and goes in a drawing came and went in the net.
    Every n-th link would not do: links are ordered by their neurons, so that whole neurons could lose all of theirs.

    Parameters
    ----------
    source, target : ndarray of int, shape (n_links,)
        Ends of the links.
    n : int
        All are taken where there are no more.
    chance : ndarray of float, shape (2, n_neurons)
        Uniform in [0, 1), of each neuron as a source and as a target.

    Returns
    -------
    ndarray of int, shape (min(n, n_links),), ascending
    """
    rank = (chance[0, source] + chance[1, target]) % 1.0
    return np.sort(np.argsort(rank, kind="stable")[:n])
