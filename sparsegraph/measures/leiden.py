"""Communities by Leiden: several seeded runs, and the modularity of a given partition."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np

from sparsegraph.graph.projections import Links

OUTSIDE = -1
"""Label of neurons without links, which belong to no community."""


class Runs(NamedTuple):
    """Modularity of each run, the best run's communities, and those of every run, one label per neuron."""

    modularity: np.ndarray
    best: np.ndarray
    labels: np.ndarray


def partition_modularity(joined: Links, labels: np.ndarray) -> float:
    """Modularity of a given partition: ``sum over communities of (L_c / m - (d_c / 2 m)^2)``.

    Parameters
    ----------
    joined : Links
        Links with non-negative weights of positive sum.
    labels : ndarray of int, shape (n_neurons,)
        Community of each neuron, from 0; neurons without links may have any label.

    Returns
    -------
    float
        From -1/2 to 1.
    """
    total = joined.weight.sum()
    left, right = labels[joined.source], labels[joined.target]
    inside = joined.weight[left == right].sum() / total
    n_labels = int(max(left.max(), right.max())) + 1
    strength = sum(np.bincount(side, joined.weight, minlength=n_labels) for side in (left, right))
    return float(inside - ((strength / (2.0 * total)) ** 2).sum())


def leiden(joined: Links, linked: np.ndarray, rng: np.random.Generator, n_runs: int) -> Runs:
    """Leiden several times over, on the neurons that have links.

    igraph draws from one generator of its own for the whole process; each run hands it a private one, and afterwards
    igraph's default, Python's ``random``, is back and has not been touched.
    """
    import igraph

    place = np.cumsum(linked) - 1
    ends = np.stack([place[joined.source], place[joined.target]], axis=1)
    made = igraph.Graph(n=int(linked.sum()), edges=ends)
    values, found = np.empty(n_runs), np.full((n_runs, linked.size), OUTSIDE)
    weight = None if (joined.weight == 1.0).all() else joined.weight.tolist()
    try:
        for run in range(n_runs):
            igraph.set_random_number_generator(random.Random(int(rng.integers(2**63))))
            communities = made.community_leiden(objective_function="modularity", weights=weight, n_iterations=2)
            found[run, linked] = communities.membership
            values[run] = partition_modularity(joined, found[run])
    finally:
        igraph.set_random_number_generator(random)
    best = found[n_runs - 1 - values[::-1].argmax()]  # the last of equals
    return Runs(values, _by_size(best), found)


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Communities renumbered from the largest to the smallest; equals by first neuron."""
    found, first, counts = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    renumbered = np.full(int(found.max()) + 1, OUTSIDE)
    renumbered[found[order]] = np.arange(found.size)
    new = np.where(labels >= 0, renumbered[labels], OUTSIDE)
    new.flags.writeable = False
    return new
