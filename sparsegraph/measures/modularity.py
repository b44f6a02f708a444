"""Modularity: how far the network falls into communities, by Leiden."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import Links, layer_index, links
from sparsegraph.kernels.bipartite_communities import barber_modularity, bipartite_communities
from sparsegraph.kernels.partitions import adjusted_rand_index, normalised_mutual_information
from sparsegraph.kernels.two_colouring import two_sides
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.leiden import OUTSIDE, Runs, leiden, partition_modularity
from sparsegraph.result import Result, Undefined, per_neuron

SHOWN = 8
"""Communities whose sizes are given layer by layer, the largest first."""


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
class BarberModularity(Result):
    """Barber's bipartite modularity: chance joins neurons of even with neurons of odd layers only.

    Parameters
    ----------
    of_partition : float
        Of the communities that Leiden found for the ordinary modularity.
    modularity, mean : float
        Over runs that raise it directly: the mean of those that start from single neurons, and the best of these and
        of as many that start from what Leiden's runs found, so that it is never below ``of_partition``.
    n_communities : int
        Of the best run.
    method : str
    """

    of_partition: float
    modularity: float
    mean: float
    n_communities: int
    method: str = "local moves with multi-level refinement, from single neurons and from Leiden's communities"


@dataclass(frozen=True)
class Stability(Result):
    """How alike the partitions of different runs are, as means over the pairs of runs.

    Parameters
    ----------
    nmi : float
        Normalised mutual information, 2 I / (H + H').
    adjusted_rand : float
        Adjusted Rand index.
    """

    nmi: float
    adjusted_rand: float


@dataclass(frozen=True)
class LayerCommunities(Result):
    """Where the neurons of a layer belong, isolated ones left out.

    Parameters
    ----------
    layer : str
    n_linked : int
        Neurons with links.
    n_communities : int
        Communities that they belong to.
    sizes : tuple of int
        How many of them are in each of the largest communities of the whole graph, at most 8, the largest first.
    """

    layer: str
    n_linked: int
    n_communities: int
    sizes: tuple[int, ...]


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
    bipartite : BarberModularity
        Undefined if skip links leave the layers no two sides.
    stability : Stability
        Of the runs on the unweighted links; undefined for a single run.
    nmi_layers : float
        Normalised mutual information of communities and layers: 0 if every community cuts through the layers alike, 1
        if the layers are the communities.
    per_layer : tuple of LayerCommunities
        Of the best run.
    partition : ndarray of int64, shape (n_neurons,)
        Community of each neuron in the best run, the largest being 0; -1 for isolated neurons, and for all without one.
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
    bipartite: BarberModularity | Undefined
    stability: Stability | Undefined
    nmi_layers: float | Undefined
    per_layer: tuple[LayerCommunities, ...]
    partition: np.ndarray = per_neuron()
    method: str = "Leiden (igraph, objective modularity, 2 iterations a run)"
    projection: str = "undirected whole graph, isolated neurons left out"
    readout: str = "readout counted"


@register("modularity", main=("modularity", "n_communities", "bipartite.modularity"), weighted=("weighted.*",))
def modularity(
    graph: LayeredGraph, *, rng: np.random.Generator, n_runs: int = 10, most_links: int = 1_000_000
) -> Modularity:
    """Modularity of the communities that Leiden finds, best and mean of several seeded runs, in the undirected graph.

    ``Q = sum over communities of (L_c / m - (d_c / 2 m)^2)`` with L_c the links inside, d_c the sum of degrees and m
    all links; in the weighted variant absolute weights take the place of links.  Barber's variant, on the same graph
    with its even and odd layers as two sides: ``Q_B = sum over communities of (L_c / m - k_c d_c / m^2)``, k_c and d_c
    the sums of degrees on either side.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Seeds the runs.
    n_runs : int
        At least 1; 10 as in the code of the CHT papers.  Leiden's runs, those with weights, and those for Barber's
        modularity are as many each.
    most_links : int
        With more links than this no communities are looked for, and every number is undefined.

    Returns
    -------
    Modularity

    Raises
    ------
    DataError
        If ``n_runs`` or ``most_links`` is below 1.

    Notes
    -----
    A heuristic: the true maximum is hard to find, the best of ten runs is a lower bound, and another order of the
    neurons may give another third digit.  The papers use a spectral method with fine-tuning, which finds lower values:
    compare across methods only the modularity of a given partition (:func:`partition_modularity`).  Time per run is
    near linear in links: all kinds of runs together take about ten seconds per million links, times ``n_runs``.

    The ordinary null model expects links inside the layers too, where none can be; Barber's does not.

    References
    ----------
    M. E. J. Newman, Modularity and community structure in networks, Proceedings of the National Academy of Sciences
    103 (2006) 8577.
    V. A. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden: guaranteeing well-connected communities,
    Scientific Reports 9 (2019) 5233.
    M. J. Barber, Modularity and community detection in bipartite networks, Physical Review E 76 (2007) 066102,
    equations 15 and 16.
    L. Danon, A. Díaz-Guilera, J. Duch, A. Arenas, Comparing community structure identification, Journal of Statistical
    Mechanics (2005) P09008, equation 2 (NMI).

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
    if most_links < 1:
        raise DataError(f"most_links is {most_links}; at least 1 link is needed")
    joined = links(graph)
    linked = np.zeros(graph.n_neurons, np.bool_)
    linked[joined.source] = linked[joined.target] = True
    n_isolated = int((~linked).sum())
    if joined.source.size == 0:
        return _nothing(graph, Undefined("no links"), n_runs, n_isolated)
    if joined.source.size > most_links:
        reason = Undefined(f"{joined.source.size:,} links are more than most_links={most_links:,}")
        return _nothing(graph, reason, n_runs, n_isolated)
    plain = Links(joined.source, joined.target, np.ones(joined.source.size))
    layer = layer_index(graph)
    runs = leiden(plain, linked, rng, n_runs)
    weighted = _weighted(joined, graph.n_neurons, rng, n_runs)
    return Modularity(
        modularity=float(runs.modularity.max()),
        mean=float(runs.modularity.mean()),
        std=float(runs.modularity.std()),
        n_communities=int(runs.best.max()) + 1,
        n_runs=n_runs,
        n_isolated=n_isolated,
        layers=partition_modularity(plain, layer),
        weighted=weighted,
        bipartite=_bipartite(plain, layer, runs, rng),
        stability=_stability(runs.labels[:, linked]),
        nmi_layers=normalised_mutual_information(runs.best[linked], layer[linked]),
        per_layer=_per_layer(graph, runs.best),
        partition=runs.best,
    )


def _nothing(graph: LayeredGraph, reason: Undefined, n_runs: int, n_isolated: int) -> Modularity:
    """No communities, for this reason."""
    nobody = np.full(graph.n_neurons, OUTSIDE)
    nobody.flags.writeable = False
    per_layer = _per_layer(graph, nobody) if n_isolated == graph.n_neurons else ()
    none, runs = (reason,) * 4, (n_runs, n_isolated)
    return Modularity(*none, *runs, *none, reason, per_layer, partition=nobody)


def _weighted(joined: Links, n_neurons: int, rng: np.random.Generator, n_runs: int) -> WeightedModularity | Undefined:
    """Of the links whose weight is not zero: without them a neuron is as good as isolated."""
    present = joined.weight != 0.0
    if not present.any():
        return Undefined("every weight is zero")
    source, target, absolute = joined.source[present], joined.target[present], np.abs(joined.weight[present])
    linked = np.zeros(n_neurons, np.bool_)
    linked[source] = linked[target] = True
    runs = leiden(Links(source, target, absolute / absolute.max()), linked, rng, n_runs)
    return WeightedModularity(float(runs.modularity.max()), float(runs.modularity.mean()), int(runs.best.max()) + 1)


def _bipartite(joined: Links, layer: np.ndarray, runs: Runs, rng: np.random.Generator) -> BarberModularity | Undefined:
    """Barber's modularity of the best partition found, and as large as runs of its own make it."""
    second = _sides(layer[joined.source], layer[joined.target], int(layer[-1]) + 1)
    if second is None:
        return Undefined("skip links join layers of one side")
    linked = np.unique(np.concatenate([joined.source, joined.target]))
    source, target = np.searchsorted(linked, joined.source), np.searchsorted(linked, joined.target)
    sides, n_runs = second[layer[linked]], len(runs.labels)
    starts = [*itertools.repeat(np.arange(linked.size), n_runs), *runs.labels[:, linked]]
    partitions = [bipartite_communities(source, target, sides, start, rng=rng) for start in starts]
    values = np.array([barber_modularity(source, target, labels, sides) for labels in partitions])
    return BarberModularity(
        of_partition=barber_modularity(source, target, runs.best[linked], sides),
        modularity=float(values.max()),
        mean=float(values[:n_runs].mean()),
        n_communities=int(partitions[int(values.argmax())].max()) + 1,
    )


def _sides(source: np.ndarray, target: np.ndarray, n_layers: int) -> np.ndarray | None:
    """Which layers are on the second side: the odd ones in a chain; None if the layers have no two sides."""
    if ((source + target) % 2 == 1).all():
        return np.asarray(np.arange(n_layers) % 2 == 1)
    joined = np.zeros((n_layers, n_layers))
    joined[source, target] = joined[target, source] = 1
    return two_sides(sparse.csr_array(joined))


def _stability(labels: np.ndarray) -> Stability | Undefined:
    pairs = list(itertools.combinations(labels, 2))
    if not pairs:
        return Undefined("one run")
    return Stability(
        nmi=float(np.mean([normalised_mutual_information(*pair) for pair in pairs])),
        adjusted_rand=float(np.mean([adjusted_rand_index(*pair) for pair in pairs])),
    )


def _per_layer(graph: LayeredGraph, best: np.ndarray) -> tuple[LayerCommunities, ...]:
    n_shown = min(SHOWN, int(best.max(initial=OUTSIDE)) + 1)
    parts = []
    for layer, offset in zip(graph.layers, graph.offsets.tolist(), strict=False):
        here = best[offset : offset + layer.size]
        sizes = np.bincount(here[here >= 0], minlength=n_shown)
        shown = tuple(sizes[:n_shown].tolist())
        parts.append(LayerCommunities(layer.name, int(sizes.sum()), int(np.count_nonzero(sizes)), shown))
    return tuple(parts)
