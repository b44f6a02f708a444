"""Characteristic path length: how many links apart the neurons are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import undirected
from sparsegraph.kernels.distances import SOURCES_PER_WORD, component_labels, distance_counts
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined

LEAST_GROUPS = 2
"""A standard error needs at least two groups of sources."""


@dataclass(frozen=True)
class PathLength(Result):
    """Distances between the neurons.

    Parameters
    ----------
    mean : float
        Mean distance in links over the ordered pairs that a path joins; undefined without links.
    standard_error : float
        Of the mean through sampling the sources; 0 if every neuron was a source.
    diameter : int
        Longest distance met (with sampled sources a lower bound).
    efficiency : float
        Global efficiency: mean of 1 / distance over all ordered pairs, 0 for pairs that no path joins.
    lcc_share : float
        Share of the neurons in the largest connected component.
    n_components : int
        Connected components, isolated neurons included.
    n_sources : int
        Neurons from which distances were measured.
    counts : tuple of int
        Number of ordered pairs (source, other neuron) at distances 1, 2, ....
    exact : bool
        Whether every neuron was a source.
    projection, readout : str
        Conventions.
    """

    mean: float | Undefined
    standard_error: float | Undefined
    diameter: int | Undefined
    efficiency: float
    lcc_share: float
    n_components: int
    n_sources: int
    counts: tuple[int, ...]
    exact: bool
    projection: str = "undirected, unweighted whole graph"
    readout: str = "readout counted"


@register("path_length", main=("mean", "efficiency"))
def path_length(
    graph: LayeredGraph, *, rng: np.random.Generator, largest_exact: int = 100_000, n_sources: int = 4096
) -> PathLength:
    """Mean distance between neurons that a path joins, in the undirected and unweighted whole graph.

    ``mean = sum d(i, j) / number of ordered pairs i != j with finite d(i, j)``, d being the least number of links.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the sources of a graph that is too large for all; not used otherwise.
    largest_exact : int
        Up to this many neurons every neuron is a source.
    n_sources : int
        Sources drawn beyond that, without replacement; a standard error needs 128 or more.

    Returns
    -------
    PathLength

    Raises
    ------
    DataError
        If ``n_sources`` is below 1.

    Notes
    -----
    O(sources (links + neurons) diameter / 64) bit operations.  With sampled sources the mean is a ratio estimate, and
    its standard error comes from the spread between random groups of 64 sources, corrected for the finite population.

    References
    ----------
    D. J. Watts, S. H. Strogatz, Collective dynamics of "small-world" networks, Nature 393 (1998) 440.
    V. Latora, M. Marchiori, Efficient behavior of small-world networks, Physical Review Letters 87 (2001) 198701,
    equation 1 (efficiency).

    Examples
    --------
    >>> import numpy as np
    >>> star = LayeredGraph.from_matrices([np.ones((1, 3))])
    >>> result = path_length(star, rng=np.random.default_rng(0))
    >>> result.mean, result.diameter, result.counts
    (1.5, 2, (6, 6))
    """
    if n_sources < 1:
        raise DataError(f"n_sources is {n_sources}; at least 1 source is needed")
    adjacency = undirected(graph)
    n_sources = graph.n_neurons if graph.n_neurons <= max(largest_exact, n_sources) else n_sources
    return distances_in(adjacency.indptr, adjacency.neighbours, n_sources=n_sources, rng=rng)


def distances_in(indptr: np.ndarray, neighbours: np.ndarray, *, n_sources: int, rng: np.random.Generator) -> PathLength:
    """Distances in an undirected graph given as adjacency, from all its neurons or from so many drawn at random.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
    n_sources : int
        Above 0; from ``n_neurons`` on every neuron is a source and nothing is drawn.
    rng : numpy.random.Generator
    """
    n_neurons = indptr.size - 1
    exact, n_sources = n_sources >= n_neurons, min(n_sources, n_neurons)
    sources = None if exact else rng.choice(n_neurons, n_sources, replace=False)
    by_group = distance_counts(indptr, neighbours, sources)[:, 1:]
    counts = by_group.sum(axis=0)
    components = np.bincount(component_labels(indptr, neighbours))
    distances = np.arange(1, counts.size + 1)
    n_joined = int(counts.sum())
    none = Undefined("no two neurons are joined")
    return PathLength(
        mean=int(counts @ distances) / n_joined if n_joined else none,
        standard_error=(0.0 if exact else _standard_error(by_group, n_sources / n_neurons)) if n_joined else none,
        diameter=counts.size if n_joined else none,
        efficiency=float((counts / distances).sum()) / (n_sources * (n_neurons - 1)),
        lcc_share=int(components.max()) / n_neurons,
        n_components=components.size,
        n_sources=n_sources,
        counts=tuple(counts.tolist()),
        exact=exact,
    )


def _standard_error(by_group: np.ndarray, sampled: float) -> float | Undefined:
    """Standard error of the ratio of sums from full groups of sources: ``sqrt((1 - f) G s^2) / sum of pairs``.

    ``s^2`` is the variance over the G groups of (sum of distances - mean x pairs), f the share of neurons sampled.
    """
    n_groups = by_group.shape[0]
    if n_groups < LEAST_GROUPS:
        return Undefined(f"fewer than {LEAST_GROUPS * SOURCES_PER_WORD} sources")
    lengths = by_group @ np.arange(1, by_group.shape[1] + 1)
    pairs = by_group.sum(axis=1)
    residuals = lengths - lengths.sum() / pairs.sum() * pairs
    variance = (residuals**2).sum() / (n_groups - 1)
    return float(np.sqrt((1.0 - sampled) * n_groups * variance) / pairs.sum())
