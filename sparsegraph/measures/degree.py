"""Degree and strength: how many links each neuron has, how heavy they are, and how unequally both are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.kernels.block_sums import add_strengths
from sparsegraph.kernels.spread import entropy, gini, top_share
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined, finite, per_neuron


class Degrees(NamedTuple):
    """Degrees (int64) or strengths (float64) by global neuron index, each read-only, of shape (n_neurons,)."""

    incoming: np.ndarray
    outgoing: np.ndarray
    total: np.ndarray


@dataclass(frozen=True)
class Spread(Result):
    """How a non-negative quantity is spread over a set of neurons.

    Parameters
    ----------
    n_neurons : int
    mean, variance, maximum, minimum : float
        Variance over the whole set (divided by n).
    gini : float
        Gini coefficient, 0 if all are equal; undefined if all are zero.
    top_1_share, top_5_share : float
        Share of the sum that the top 1 % and 5 % of the neurons hold (rounded up, at least one neuron).
    """

    n_neurons: int
    mean: float | Undefined
    variance: float | Undefined
    maximum: float | Undefined
    minimum: float | Undefined
    gini: float | Undefined
    top_1_share: float | Undefined
    top_5_share: float | Undefined


@dataclass(frozen=True)
class DegreeSpread(Spread):
    """Spread of a degree, with its distribution.

    Parameters
    ----------
    entropy : float
        Shannon entropy of the distribution P(k), in nats; 0 if all degrees are equal.
    values, counts : tuple of int
        Each degree that occurs, rising, and the number of neurons that have it: P(k) = counts / n_neurons.
    """

    entropy: float
    values: tuple[int, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class NeuronSetDegrees(Result):
    """Degrees and strengths of one set of neurons.

    Parameters
    ----------
    incoming, outgoing, total : DegreeSpread
        Number of links that enter, that leave, and their sum.
    strength : Spread
        Sum of the absolute weights of all links of a neuron.
    """

    incoming: DegreeSpread
    outgoing: DegreeSpread
    total: DegreeSpread
    strength: Spread


@dataclass(frozen=True)
class LayerDegrees(NeuronSetDegrees):
    """Degrees and strengths of one layer."""

    layer: str


@dataclass(frozen=True)
class Degree(Result):
    """Degrees and strengths of all layers.

    Parameters
    ----------
    hidden : NeuronSetDegrees
        All hidden neurons pooled; undefined without hidden layers.
    per_layer : tuple of LayerDegrees
    in_degree, out_degree, total_degree : ndarray of int64, shape (n_neurons,)
        One value per neuron, layer by layer.
    in_strength, out_strength, total_strength : ndarray of float64, shape (n_neurons,)
    readout, projection : str
        Conventions.
    """

    hidden: NeuronSetDegrees | Undefined
    per_layer: tuple[LayerDegrees, ...]
    in_degree: np.ndarray = per_neuron()
    out_degree: np.ndarray = per_neuron()
    total_degree: np.ndarray = per_neuron()
    in_strength: np.ndarray = per_neuron()
    out_strength: np.ndarray = per_neuron()
    total_strength: np.ndarray = per_neuron()
    readout: str = "readout counted"
    projection: str = "directed; total = incoming + outgoing"


@derived
def degrees(graph: LayeredGraph) -> Degrees:
    """In-, out- and total degree of every neuron; stored zeros count as links."""
    incoming, outgoing = np.zeros(graph.n_neurons, np.int64), np.zeros(graph.n_neurons, np.int64)
    for block in graph.blocks:
        sources, targets = _ends(graph, block)
        outgoing[sources] += np.diff(block.weights.indptr)
        incoming[targets] += np.bincount(block.weights.indices, minlength=block.weights.shape[1])
    return Degrees(incoming, outgoing, incoming + outgoing)


@derived
def strengths(graph: LayeredGraph) -> Degrees:
    """In-, out- and total strength of every neuron: the sum of the absolute weights of its links."""
    incoming, outgoing = np.zeros(graph.n_neurons), np.zeros(graph.n_neurons)
    for block in graph.blocks:
        sources, targets = _ends(graph, block)
        add_strengths(
            block.weights.indptr, block.weights.indices, block.weights.data, outgoing[sources], incoming[targets]
        )
    return Degrees(incoming, outgoing, incoming + outgoing)


def _ends(graph: LayeredGraph, block: Block) -> tuple[slice, slice]:
    """Global indices of the neurons of the source layer and of the target layer."""
    return slice(*graph.offsets[block.source :][:2]), slice(*graph.offsets[block.target :][:2])


@register(
    "degree", main=("hidden.total.variance", "hidden.total.gini", "hidden.total.maximum"), weighted=("*strength*",)
)
def degree(graph: LayeredGraph) -> Degree:
    """In-, out- and total degree and strength per layer and over all hidden neurons.

    ``k_in(j)`` is the number of links that enter neuron j, ``k_out(j)`` of those that leave it, ``k = k_in + k_out``;
    strength is ``sum |w|`` over the same links.  The readout is counted.

    Parameters
    ----------
    graph : LayeredGraph

    Returns
    -------
    Degree

    Notes
    -----
    O(links + neurons log neurons).  Links with weight 0 count for degree and add nothing to strength.

    References
    ----------
    A. Barrat, M. Barthelemy, R. Pastor-Satorras, A. Vespignani, The architecture of complex weighted networks,
    Proceedings of the National Academy of Sciences 101 (2004) 3747, equation 2.
    Matab, Mocanu, Wu, Survival of the Most Connected, section 4.5, equations 15 to 18.

    Examples
    --------
    >>> import numpy as np
    >>> result = degree(LayeredGraph.from_matrices([np.array([[1.0, -2.0]]), np.array([[3.0], [0.0]])]))
    >>> result.total_degree.tolist(), result.total_strength.tolist()
    ([2, 2, 1, 1], [3.0, 4.0, 2.0, 3.0])
    """
    counted, strong = degrees(graph), strengths(graph)
    members = [np.arange(graph.offsets[i], graph.offsets[i + 1]) for i in range(len(graph.layers))]
    per_layer = tuple(
        LayerDegrees(**_spreads(counted, strong.total, neurons), layer=layer.name)
        for layer, neurons in zip(graph.layers, members, strict=True)
    )
    hidden: NeuronSetDegrees | Undefined = Undefined("the graph has no hidden layer")
    if graph.hidden_layers:
        pooled = np.concatenate([members[i] for i in graph.hidden_layers])
        hidden = NeuronSetDegrees(**_spreads(counted, strong.total, pooled))
    return Degree(hidden, per_layer, *counted, *strong)


def _spreads(counted: Degrees, strength: np.ndarray, neurons: np.ndarray) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, values in zip(("incoming", "outgoing", "total"), counted, strict=True):
        occurring, counts = np.unique(values[neurons], return_counts=True)
        made[name] = DegreeSpread(
            **_spread(values[neurons]),
            entropy=entropy(counts),
            values=tuple(occurring.tolist()),
            counts=tuple(counts.tolist()),
        )
    return made | {"strength": Spread(**_spread(strength[neurons]))}


def _spread(values: np.ndarray) -> dict[str, Any]:
    extremes = {"maximum": values.max().item(), "minimum": values.min().item()}
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(values.sum())
        numbers: dict[str, Any] = {"mean": finite(values.mean()), "variance": finite(values.var())}
    if 0.0 < total < np.inf:
        shares: dict[str, Any] = {
            "gini": gini(values),
            "top_1_share": top_share(values, 0.01),
            "top_5_share": top_share(values, 0.05),
        }
    else:
        reason = "all values are zero" if total == 0.0 else "the sum is beyond the largest float"
        shares = dict.fromkeys(("gini", "top_1_share", "top_5_share"), Undefined(reason))
    ends = {name: number if isinstance(number, int) else finite(number) for name, number in extremes.items()}
    return {"n_neurons": values.size} | ends | numbers | shares
