"""Modularity: how far the network falls into communities, by Leiden."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import Links, layer_index, links
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined, per_neuron

OUTSIDE = -1
"""Label of neurons without links, which belong to no community."""


@dataclass(frozen=True)
class WeightedModularity(Result):
    """The weighted variant: absolute weights in place of links, communities found anew.

    Parameters
    ----------
    modularity, mean : float
        Best and mean over the runs.
    n_communities : int
        Of the best run.
    """

    modularity: float
    mean: float
    n_communities: int


@dataclass(frozen=True)
class Modularity(Result):
    """Modularity of the communities found.

    Parameters
    ----------
    modularity : float
        Best over the runs; undefined without links.
    mean, std : float
        Over the runs; std divides by the number of runs.
    n_communities : int
        Of the best run.
    n_runs, n_isolated : int
        Runs of the heuristic; neurons without links, which are left out.
    layers : float
        Modularity of the partition into layers, for comparison; never above 0 where links only join layers.
    weighted : WeightedModularity
    partition : ndarray of int64, shape (n_neurons,)
        Community of each neuron in the best run, the largest being 0; -1 for isolated neurons.
    method, projection, readout : str
        Conventions.
    """

    modularity: float | Undefined
    mean: float | Undefined
    std: float | Undefined
    n_communities: int | Undefined
    n_runs: int
    n_isolated: int
    layers: float | Undefined
    weighted: WeightedModularity | Undefined
    partition: np.ndarray = per_neuron()
    method: str = "Leiden (igraph, objective modularity, 2 iterations a run)"
    projection: str = "undirected whole graph, isolated neurons left out"
    readout: str = "readout counted"


class Runs(NamedTuple):
    """Modularity of each run and the best run's communities, one label per neuron."""

    modularity: np.ndarray
    best: np.ndarray


@register("modularity", main=("modularity", "n_communities"))
def modularity(graph: LayeredGraph, *, rng: np.random.Generator, n_runs: int = 10) -> Modularity:
    """Modularity of the communities that Leiden finds, best and mean of several seeded runs, in the undirected graph.

    ``Q = sum over communities of (L_c / m - (d_c / 2 m)^2)`` with L_c the links inside, d_c the sum of degrees and m
    all links; in the weighted variant absolute weights take the place of links.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Seeds the runs.
    n_runs : int
        At least 1; 10 as in the code of the CHT papers.

    Returns
    -------
    Modularity

    Raises
    ------
    DataError
        If ``n_runs`` is below 1.

    Notes
    -----
    A heuristic: the true maximum is hard to find, the best of ten runs is a lower bound, and another order of the
    neurons may give another third digit.  The papers use a spectral method with fine-tuning, which finds lower values:
    compare across methods only the modularity of a given partition (:func:`partition_modularity`).  Time per run is
    near linear in links (about a second per million).

    References
    ----------
    M. E. J. Newman, Modularity and community structure in networks, Proceedings of the National Academy of Sciences
    103 (2006) 8577.
    V. A. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden: guaranteeing well-connected communities,
    Scientific Reports 9 (2019) 5233.

    Examples
    --------
    >>> import numpy as np
    >>> pairs = LayeredGraph.from_matrices([np.kron(np.eye(2), np.ones((3, 3)))])
    >>> result = modularity(pairs, rng=np.random.default_rng(0))
    >>> result.modularity, result.n_communities
    (0.5, 2)
    """
    if n_runs < 1:
        raise DataError(f"n_runs is {n_runs}; at least 1 run is needed")
    joined = links(graph)
    linked = np.zeros(graph.n_neurons, np.bool_)
    linked[joined.source] = linked[joined.target] = True
    n_isolated = int((~linked).sum())
    if joined.source.size == 0:
        none = Undefined("no links")
        nobody = np.full(graph.n_neurons, OUTSIDE)
        return Modularity(none, none, none, none, n_runs, n_isolated, none, none, nobody)
    plain = Links(joined.source, joined.target, np.ones(joined.source.size))
    runs = _runs(plain, linked, rng, n_runs)
    return Modularity(
        modularity=float(runs.modularity.max()),
        mean=float(runs.modularity.mean()),
        std=float(runs.modularity.std()),
        n_communities=int(runs.best.max()) + 1,
        n_runs=n_runs,
        n_isolated=n_isolated,
        layers=partition_modularity(plain, layer_index(graph)),
        weighted=_weighted(joined, graph.n_neurons, rng, n_runs),
        partition=runs.best,
    )


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


def _weighted(joined: Links, n_neurons: int, rng: np.random.Generator, n_runs: int) -> WeightedModularity | Undefined:
    """Of the links whose weight is not zero: without them a neuron is as good as isolated."""
    present = joined.weight != 0.0
    if not present.any():
        return Undefined("every weight is zero")
    source, target, absolute = joined.source[present], joined.target[present], np.abs(joined.weight[present])
    linked = np.zeros(n_neurons, np.bool_)
    linked[source] = linked[target] = True
    runs = _runs(Links(source, target, absolute / absolute.max()), linked, rng, n_runs)
    return WeightedModularity(float(runs.modularity.max()), float(runs.modularity.mean()), int(runs.best.max()) + 1)


def _runs(joined: Links, linked: np.ndarray, rng: np.random.Generator, n_runs: int) -> Runs:
    """Leiden several times over, on the neurons that have links.

    igraph draws from one generator of its own for the whole process; each run hands it a private one, and afterwards
    igraph's default, Python's ``random``, is back and has not been touched.
    """
    import igraph

    place = np.cumsum(linked) - 1
    ends = np.stack([place[joined.source], place[joined.target]], axis=1)
    made = igraph.Graph(n=int(linked.sum()), edges=ends)
    values, best = np.empty(n_runs), np.full(linked.size, OUTSIDE)
    weight = None if (joined.weight == 1.0).all() else joined.weight.tolist()
    try:
        for run in range(n_runs):
            igraph.set_random_number_generator(random.Random(int(rng.integers(2**63))))
            found = made.community_leiden(objective_function="modularity", weights=weight, n_iterations=2)
            labels = np.full(linked.size, OUTSIDE)
            labels[linked] = found.membership
            values[run] = partition_modularity(joined, labels)
            if values[run] == values[: run + 1].max():
                best = labels
    finally:
        igraph.set_random_number_generator(random)
    return Runs(values, _by_size(best))


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Communities renumbered from the largest to the smallest; equals by first neuron."""
    found, first, counts = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    renumbered = np.full(int(found.max()) + 1, OUTSIDE)
    renumbered[found[order]] = np.arange(found.size)
    new = np.where(labels >= 0, renumbered[labels], OUTSIDE)
    new.flags.writeable = False
    return new
