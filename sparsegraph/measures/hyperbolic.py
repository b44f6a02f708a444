"""Hyperbolic geometry: the network in the hyperbolic disk, and how far its layers lie apart there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import layer_index
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.kernels.angular import AngularSeparation, WorstCase
from sparsegraph.kernels.hyperbolic import Adjustment, Reduction
from sparsegraph.kernels.pre_weighting import Weighting
from sparsegraph.measures.angular_separation import Labelling, communities
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.embedding import INDETERMINATE, Disk, DiskOptions, disk
from sparsegraph.measures.hubs import hub_membership
from sparsegraph.result import Result, Undefined, finite, left_out, per_neuron

NEAR_DEGENERATE = 0.05
"""Relative gap of eigenvalues below which a few other links may turn the angles."""
WITH_LANDMARKS = 3.0
"""So many times larger where the gap is that of landmarks, as it can be three times that of all neurons."""
TIES = "equal degrees share the mean of their radii; layers alternate among equal angles"
LANDMARK_TIES = "; landmarks equal in degree and in the links around them are told apart by name"
HUB_SHARE = 0.04
MOST_LINKS_KEPT = 5000
"""Links that the result keeps for drawing."""


@dataclass(frozen=True)
class Separation(Result):
    """How far groups of neurons lie apart in angle.

    Parameters
    ----------
    index : float
        Angular separability index (ASI): 1 if every group fills an arc of its own, 0 if none is better than the worst
        of the permutations.
    p_value : float
        Share of random labellings, the data counted among them, with an index at least as large.
    n_groups : int
        Groups with embedded neurons; those of a single neuron take no part.
    """

    index: float | Undefined
    p_value: float | Undefined
    n_groups: int | Undefined


@dataclass(frozen=True)
class LayerGeometry(Result):
    """One layer in the disk.

    Parameters
    ----------
    layer : str
    n_neurons, n_left_out : int
        Neurons in the largest component and outside of it.
    separation : float
        Index of this layer alone: 1 if no other neuron lies inside its arc; negative if more do than in the worst of
        the permutations.
    mean_radius : float
        Smaller is more central.
    """

    layer: str
    n_neurons: int
    n_left_out: int
    separation: float | Undefined
    mean_radius: float | Undefined


class DrawnLinks(NamedTuple):
    """Links for a drawing, by neuron of the whole graph: every n-th, by angle of their ends."""

    source: np.ndarray
    target: np.ndarray
    n_links: int


@dataclass(frozen=True)
class Hyperbolic(Result):
    """The largest connected component in the hyperbolic disk.

    Parameters
    ----------
    layers, communities : Separation
        Of the layers, and of the communities of the best of ten runs of Leiden on the same component.
    gamma : float
        Exponent of the degree distribution behind the radii.
    gamma_source : str
        Whether it was given, fitted, or ran into the end of the grid and so is a bound and no estimate.
    n_neurons, n_left_out : int
        Neurons embedded; neurons outside the largest component, the readout's not counted.
    eigenvalue_gap : float
        Least relative distance of magnitudes between the dimensions in use and the others.
    warning : str
        What makes the angles doubtful; empty if nothing does.
    mean_radius, mean_radius_of_hubs : float
        Hubs are the 4 % of the intermediate neurons with the largest degree; those tied at the cut count in part.
    n_landmarks : int
        Landmarks through which the neurons were placed; 0 if exactly.
    per_layer : tuple of LayerGeometry
    weighting, reduction, adjustment, worst_case, n_permutations, projection, ties, readout
        Conventions.
    layer : ndarray of int64, shape (n_neurons,)
        Index of each neuron's layer, for every neuron of the graph, embedded or not; so are all arrays.
    embedded : ndarray of bool, shape (n_neurons,)
    theta, radius : ndarray of float64, shape (n_neurons,)
        NaN where not embedded.
    hub : ndarray of float64, shape (n_neurons,)
        1 for hubs, 0 for others, and in between for neurons tied at the cut.
    links : DrawnLinks
    """

    layers: Separation
    communities: Separation
    gamma: float | Undefined
    gamma_source: str
    n_neurons: int
    n_left_out: int
    eigenvalue_gap: float | Undefined
    warning: str
    mean_radius: float | Undefined
    mean_radius_of_hubs: float | Undefined
    n_landmarks: int
    per_layer: tuple[LayerGeometry, ...]
    weighting: str
    reduction: str
    adjustment: str
    worst_case: str
    n_permutations: int
    readout: str
    layer: np.ndarray = per_neuron()
    embedded: np.ndarray = per_neuron()
    theta: np.ndarray = per_neuron()
    radius: np.ndarray = per_neuron()
    hub: np.ndarray = per_neuron()
    links: DrawnLinks = left_out()
    projection: str = "undirected, unweighted, largest connected component"
    ties: str = TIES


@register("hyperbolic", main=("layers.index", "communities.index", "gamma"))
def hyperbolic(  # noqa: PLR0913 - choices that the papers leave open
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    readout: ReadoutPolicy = "auto",
    weighting: Weighting = "RA1",
    reduction: Reduction = "ISO",
    adjustment: Adjustment = "EA",
    gamma: float | None = None,
    n_permutations: int = 1000,
    worst_case: WorstCase = "computational",
    largest: int = 50_000,
    largest_exact: int = 8000,
) -> Hyperbolic:
    """Coalescent embedding of the largest component in the hyperbolic disk, and how far layers lie apart in angle.

    Distances through the network, its links lengthened by the degrees of their ends, are reduced to a plane; the
    direction there is a neuron's angle.  Its radius comes from its rank by degree: ``r_i = max(0, 2 b ln i +
    2 (1 - b) ln n)``, ``b = 1 / (gamma - 1)``.  The angular separability index of groups is ``1 - mistakes / mistakes
    in the worst case``, mistakes being foreign neurons inside the arc that a group spans.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the permutations and seeds Leiden.
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.  Its outputs have the
        same neighbours, which makes eigenvalues coincide and the angles arbitrary: include it only if it is sparse.
    weighting : {"RA1", "RA2", "EBC"}
        Lengths of the links; see :func:`sparsegraph.kernels.pre_weighting.link_lengths`.
    reduction : {"ISO", "ncISO", "LE", "MCE", "ncMCE"}
        See :func:`sparsegraph.kernels.hyperbolic.coalescent_embedding`.
    adjustment : {"EA", "original"}
        Equidistant angles in the order found, or the angles found; the separation is the same.
    gamma : float, optional
        Exponent above 1; by default fitted as the authors do, on Clauset's grid up to 10, corrected below 100 neurons.
    n_permutations : int
        Random labellings behind p-values and worst case, at least 1.
    worst_case : {"computational", "theoretical"}
        See :func:`sparsegraph.kernels.angular.angular_separation`.
    largest : int
        Larger components are not embedded.
    largest_exact : int
        Components of more neurons are placed by their distances from 1,000 landmarks (:attr:`Hyperbolic.n_landmarks`).

    Returns
    -------
    Hyperbolic

    Raises
    ------
    DataError
        If an option is unknown or out of range.

    Notes
    -----
    O(n (links + n log n) + 40 n^2) for n neurons and one n x n matrix of 64-bit floats: half a second to two for 3,800
    neurons on two cores.  The papers do not say which weighting and reduction they use; RA1-ISO-EA is the default
    because it alone never meets vanishing kernels or trees with a choice.  The names of the neurons do not matter:
    equal degrees share the mean of the radii that the authors give them in the order of their names, layers alternate
    among neurons of equal angle (of the two ways, which the mirror image exchanges, that of more mistakes), random
    labels are drawn for neurons sorted by group.  Beyond ``largest_exact`` neurons, landmarks of the same degree, sum
    of their neighbours' degrees and sum of these sums are told apart by name.
    With reduction MCE or ncMCE links of equal length may leave a choice of trees, which the names then decide.

    References
    ----------
    A. Muscoloni, J. M. Thomas, S. Ciucci, G. Bianconi, C. V. Cannistraci, Machine learning meets complex networks via
    coalescent embedding in the hyperbolic space, Nature Communications 8 (2017) 1615.
    A. Muscoloni, C. V. Cannistraci, Angular separability of data clusters or network communities in geometrical space
    and its relevance to hyperbolic embedding, arXiv 1907.00025 (2019).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net = LayeredGraph.from_matrices([rng.random((40, 40)) < 0.1, rng.random((40, 40)) < 0.1])
    >>> result = hyperbolic(net, rng=rng, gamma=2.5)
    >>> result.n_neurons + result.n_left_out, 0.0 <= result.layers.index <= 1.0
    (120, True)
    """
    if n_permutations < 1:
        raise DataError(f"n_permutations is {n_permutations}; at least 1 is needed")
    if worst_case not in get_args(WorstCase):
        raise DataError(f"worst_case is {worst_case!r}; it must be {' or '.join(get_args(WorstCase))}")
    options = DiskOptions(weighting, reduction, adjustment, gamma, largest, largest_exact)
    choice = choose_readout(graph, readout)
    made = disk(choice.graph, options)
    conventions: dict[str, Any] = {
        "weighting": weighting,
        "reduction": reduction,
        "adjustment": adjustment,
        "worst_case": worst_case,
        "n_permutations": n_permutations,
        "readout": choice.convention,
    }
    if isinstance(made, Undefined):
        return Hyperbolic(**_nowhere(choice.graph, made), **_arrays(graph, choice.graph, None), **conventions)
    if made.n_landmarks:
        conventions["ties"] = TIES + LANDMARK_TIES
    labelling = Labelling(n_permutations, worst_case, rng)
    numbers = _numbers(choice.graph, made, labelling)
    return Hyperbolic(**numbers, **_arrays(graph, choice.graph, made), **conventions)


def _nowhere(counted: LayeredGraph, why: Undefined) -> dict[str, Any]:
    """The numbers of a graph that is not embedded."""
    no_separation = Separation(why, why, why)
    layers = (LayerGeometry(layer.name, 0, layer.size, why, why) for layer in counted.layers)
    return {
        "layers": no_separation,
        "communities": no_separation,
        "gamma": why,
        "gamma_source": "none",
        "n_neurons": 0,
        "n_left_out": counted.n_neurons,
        "eigenvalue_gap": why,
        "warning": "",
        "mean_radius": why,
        "mean_radius_of_hubs": why,
        "n_landmarks": 0,
        "per_layer": tuple(layers),
    }


def _numbers(counted: LayeredGraph, made: Disk, labelling: Labelling) -> dict[str, Any]:
    layer = layer_index(counted)[made.component.neurons]
    hub = hub_membership(counted, HUB_SHARE, "degree")[made.component.neurons]
    of_layers, of_communities = _separations(made, layer, labelling)
    return {
        "layers": _separation(of_layers),
        "communities": _separation(of_communities),
        "gamma": made.gamma,
        "gamma_source": made.gamma_source,
        "n_neurons": layer.size,
        "n_left_out": counted.n_neurons - layer.size,
        "eigenvalue_gap": made.gap,
        "warning": _warning(made),
        "mean_radius": float(made.radius.mean()),
        "mean_radius_of_hubs": float(hub @ made.radius / hub.sum()) if hub.any() else Undefined("no hub embedded"),
        "n_landmarks": made.n_landmarks,
        "per_layer": tuple(_per_layer(counted, made, layer, of_layers)),
    }


def _separations(
    made: Disk, layer: np.ndarray, labelling: Labelling
) -> tuple[AngularSeparation | Undefined, AngularSeparation | Undefined]:
    """Of the layers and of the communities."""
    if made.why_no_angles is not None:
        return made.why_no_angles, made.why_no_angles
    of_layers = labelling.separation(made.directions, layer)
    found = communities(made.component, made.directions, layer, labelling.rng)
    return of_layers, labelling.separation(made.directions, found)


def _separation(found: AngularSeparation | Undefined) -> Separation:
    if isinstance(found, Undefined):
        return Separation(found, found, found)
    return Separation(found.index, found.p_value, found.groups.shape[0])


def _warning(made: Disk) -> str:
    doubtful = NEAR_DEGENERATE * (WITH_LANDMARKS if made.n_landmarks else 1.0)
    if made.gap < INDETERMINATE or made.gap >= doubtful:
        return ""
    others = "other links or landmarks" if made.n_landmarks else "other links"
    return f"eigenvalues in use and out of use differ by {100 * made.gap:.2g} %: a few {others} may turn the angles"


def _per_layer(
    counted: LayeredGraph, made: Disk, layer: np.ndarray, found: AngularSeparation | Undefined
) -> Iterator[LayerGeometry]:
    single = {} if isinstance(found, Undefined) else dict(found.groups.tolist())
    for index, named in enumerate(counted.layers):
        inside = layer == index
        n = int(inside.sum())
        index_of: float | Undefined = Undefined("fewer than 2 of its neurons embedded")
        if isinstance(found, Undefined):
            index_of = found
        elif n > 1:
            index_of = finite(single[index], "no permutation makes a mistake in this layer")
        radius = float(made.radius[inside].mean()) if n else Undefined("no neuron embedded")
        yield LayerGeometry(named.name, n, named.size - n, index_of, radius)


def _arrays(graph: LayeredGraph, counted: LayeredGraph, made: Disk | None) -> dict[str, Any]:
    """One value per neuron of the whole graph, and the links to draw."""
    offset = {layer.name: start for layer, start in zip(graph.layers, graph.offsets.tolist(), strict=False)}
    whole = np.concatenate([offset[layer.name] + np.arange(layer.size) for layer in counted.layers])
    embedded = np.zeros(graph.n_neurons, np.bool_)
    theta, radius = np.full((2, graph.n_neurons), np.nan)
    hub = np.zeros(graph.n_neurons)
    hub[whole] = hub_membership(counted, HUB_SHARE, "degree")
    links = DrawnLinks(np.empty(0, np.int64), np.empty(0, np.int64), 0)
    if made is not None:
        neurons = whole[made.component.neurons]
        embedded[neurons] = True
        radius[neurons] = made.radius
        if made.why_no_angles is None:
            theta[neurons] = made.theta
            links = _drawn(made, neurons)
    layer = layer_index(graph)
    for array in (embedded, theta, radius, hub, layer, links.source, links.target):
        array.flags.writeable = False
    return {"layer": layer, "embedded": embedded, "theta": theta, "radius": radius, "hub": hub, "links": links}


def _drawn(made: Disk, neurons: np.ndarray) -> DrawnLinks:
    source, target = np.repeat(np.arange(neurons.size), made.component.degree), made.component.neighbours
    once = np.flatnonzero(source < target)
    once = once[np.lexsort((made.theta[target[once]], made.theta[source[once]]))]
    kept = once[:: -(-once.size // MOST_LINKS_KEPT)]
    return DrawnLinks(neurons[source[kept]], neurons[target[kept]], once.size)
