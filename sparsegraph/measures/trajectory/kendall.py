"""Kendall correlation of degrees: whether the neurons keep their order while the topology changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from sparsegraph.errors import DataError, GraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.kernels.kendall import Ranking, ranking, tau_of
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.trajectory.catalogue import register
from sparsegraph.measures.trajectory.moments import Moments, moment_of, moments_of
from sparsegraph.result import Result, Undefined

DegreeKind = Literal["total", "in", "out"]
Tau = float | Undefined


@dataclass(frozen=True)
class TauMatrix(Result):
    """Correlations between snapshots for one set of neurons.

    Parameters
    ----------
    n_neurons : int
    matrix : tuple of tuple of float
        tau-b between snapshots i and j; undefined where all degrees of a snapshot are equal.
    consecutive : tuple of float
        Between each chosen snapshot and the next one.
    first_to_last : float
    """

    n_neurons: int
    matrix: tuple[tuple[Tau, ...], ...]
    consecutive: tuple[Tau, ...]
    first_to_last: Tau


@dataclass(frozen=True)
class LayerTauMatrix(TauMatrix):
    """Correlations between snapshots for one layer."""

    layer: str


@dataclass(frozen=True)
class KendallTau(Result):
    """Correlations of the degrees of the same neurons at different times.

    Parameters
    ----------
    at : Moments
        Of the chosen snapshots.
    hidden : TauMatrix
        All hidden neurons pooled; undefined without hidden layers.
    per_layer : tuple of LayerTauMatrix
    degree, readout, projection : str
        Conventions.
    """

    at: Moments
    hidden: TauMatrix | Undefined
    per_layer: tuple[LayerTauMatrix, ...]
    degree: str
    readout: str = "readout counted"
    projection: str = "degrees of neurons in the directed graph; convolutions between channels"


@dataclass(frozen=True)
class LayerCorrelation(Result):
    """Correlation of the degrees of one layer in two graphs."""

    layer: str
    tau: Tau


@dataclass(frozen=True)
class DegreeCorrelation(Result):
    """Correlation of the degrees of the same neurons in two graphs.

    Parameters
    ----------
    hidden : float
        tau-b over all hidden neurons pooled; undefined without hidden layers.
    per_layer : tuple of LayerCorrelation
    degree, readout : str
        Conventions.
    """

    hidden: Tau
    per_layer: tuple[LayerCorrelation, ...]
    degree: str
    readout: str = "readout counted"


class Ranked(NamedTuple):
    """The degrees of one graph made ready to be compared: the hidden neurons pooled, and each layer."""

    hidden: Ranking | None
    layers: tuple[Ranking, ...]


def degree_correlation(before: LayeredGraph, after: LayeredGraph, *, degree: DegreeKind = "total") -> DegreeCorrelation:
    """Kendall's tau-b between the degrees of the same neurons in two graphs, pooled over hidden neurons and by layer.

    Parameters
    ----------
    before, after : LayeredGraph
        With equal layers.
    degree : {"total", "in", "out"}

    Returns
    -------
    DegreeCorrelation

    Raises
    ------
    GraphError
        If the layers differ.
    DataError
        If ``degree`` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> one = LayeredGraph.from_matrices([np.array([[1, 1, 1], [0, 1, 1]]), np.ones((3, 1))])
    >>> degree_correlation(one, one).hidden
    1.0
    """
    layers = _layer_names(before)
    if layers != _layer_names(after):
        raise GraphError(f"{before!r} and {after!r} have different layers; degrees of the same neurons are compared")
    left, right = _ranked(before, degree), _ranked(after, degree)
    none: Tau = Undefined("the graph has no hidden layer")
    hidden = none if left.hidden is None or right.hidden is None else _tau(left.hidden, right.hidden)
    taus = map(_tau, left.layers, right.layers)
    per_layer = tuple(LayerCorrelation(name, tau) for (name, _), tau in zip(layers, taus, strict=True))
    return DegreeCorrelation(hidden, per_layer, _called(degree))


@register("kendall", main=("hidden.consecutive", "hidden.first_to_last"), over_time=("*.consecutive",))
def kendall(trajectory: Trajectory, *, n_snapshots: int = 20, degree: DegreeKind = "total") -> KendallTau:
    """Kendall's tau-b between the degrees of the same neurons at different times, for all pairs of chosen snapshots.

    ``tau_b = (C - D) / sqrt((P - P_x) (P - P_y))`` with C pairs of neurons in the same order at both times, D in
    opposite order, P all pairs, P_x and P_y the pairs of equal degree at one or the other time.

    Parameters
    ----------
    trajectory : Trajectory
    n_snapshots : int
        Snapshots to compare, evenly chosen with the first and the last; all if there are fewer.
    degree : {"total", "in", "out"}

    Returns
    -------
    KendallTau

    Raises
    ------
    DataError
        If ``n_snapshots`` is below 1 or ``degree`` is none of these.
    GraphError
        If the snapshots are not of one network.

    Notes
    -----
    O(n_snapshots^2 neurons log neurons).  The paper speaks of a correlation of degree distributions; here, as its text
    ("weaker neurons become weaker") needs it, each neuron keeps its identity.  The absolute value says little without
    its time scale: an update that moves few links leaves tau near 1 whatever the regrowth rule.

    References
    ----------
    M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945) 239.
    Matab, Mocanu, Wu, Survival of the Most Connected, appendix I, figure 20.

    Examples
    --------
    >>> from sparsegraph.graph.line import BlockState
    >>> from sparsegraph.graph.mask import Mask
    >>> from sparsegraph.graph.trajectory import Snapshot
    >>> masks = [Mask((2, 3), np.array(links)) for links in ([0, 1, 2, 4, 5], [0, 2, 3, 5])]
    >>> readout = BlockState("b", Mask.complete((3, 1)))
    >>> run = Trajectory((0, 1), lambda i: Snapshot(i, (BlockState("a", masks[i]), readout)))
    >>> kendall(run).hidden.first_to_last
    -0.5
    """
    if n_snapshots < 1:
        raise DataError(f"n_snapshots is {n_snapshots}; at least 1 snapshot is needed")
    chosen = [trajectory[int(place)] for place in _evenly(len(trajectory), n_snapshots)]
    ranked = [_ranked(snapshot.graph, degree) for snapshot in chosen]
    layers = _layer_names(chosen[0].graph) if chosen else ()
    for snapshot in chosen[1:]:
        if _layer_names(snapshot.graph) != layers:
            raise GraphError(f"snapshot {snapshot.number} is of another network; follow the snapshots of one run")
    pooled = [one.hidden for one in ranked if one.hidden is not None]
    none = Undefined("the graph has no hidden layer" if chosen else "the trajectory has no snapshot")
    return KendallTau(
        at=moments_of(map(moment_of, chosen)),
        hidden=TauMatrix(**_compared(pooled)) if pooled else none,
        per_layer=tuple(
            LayerTauMatrix(**_compared([one.layers[i] for one in ranked]), layer=name)
            for i, (name, _) in enumerate(layers)
        ),
        degree=_called(degree),
    )


def _evenly(n: int, n_wanted: int) -> np.ndarray:
    """Places of ``n_wanted`` of n, the first and the last among them."""
    return np.unique(np.rint(np.linspace(0, n - 1, min(n, n_wanted))).astype(np.int64))


def _layer_names(graph: LayeredGraph) -> tuple[tuple[str, int], ...]:
    return tuple((layer.name, layer.size) for layer in graph.layers)


def _ranked(graph: LayeredGraph, degree: DegreeKind) -> Ranked:
    if degree not in get_args(DegreeKind):
        raise DataError(f"degree is {degree!r}; it is one of {', '.join(get_args(DegreeKind))}")
    counted = degrees(graph)
    values = {"in": counted.incoming, "out": counted.outgoing, "total": counted.total}[degree]
    layers = np.split(values, graph.offsets[1:-1])
    hidden = ranking(np.concatenate([layers[i] for i in graph.hidden_layers])) if graph.hidden_layers else None
    return Ranked(hidden, tuple(map(ranking, layers)))


def _called(degree: DegreeKind) -> str:
    return {"in": "incoming links", "out": "outgoing links", "total": "incoming and outgoing links"}[degree]


def _tau(one: Ranking, other: Ranking) -> Tau:
    if min(one.n_distinct, other.n_distinct) < 2:
        return Undefined("all degrees of a snapshot are equal")
    return tau_of(one, other)


def _compared(snapshots: list[Ranking]) -> dict[str, Any]:
    n = len(snapshots)
    half = {(i, j): _tau(snapshots[i], snapshots[j]) for i in range(n) for j in range(i, n)}
    matrix = tuple(tuple(half[min(i, j), max(i, j)] for j in range(n)) for i in range(n))
    return {
        "n_neurons": snapshots[0].ranks.size,
        "matrix": matrix,
        "consecutive": tuple(half[i, i + 1] for i in range(n - 1)),
        "first_to_last": matrix[0][-1],
    }
