"""Activity: which neurons still take part, by paths and by degree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import active_neurons
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.result import Result, Undefined, per_neuron


@dataclass(frozen=True)
class NeuronSetActivity(Result):
    """Activity of one set of neurons.

    Parameters
    ----------
    n_neurons : int
    n_active : int
        Neurons on a path from input to output in the counted graph.
    anp_rate : float
        Active neurons over all (ANP: active neuron post-percolation).
    n_isolated, n_without_input, n_without_output : int
        Neurons with no link at all, with none that enters, with none that leaves; the readout is counted.  Input
        layers have no entering and output layers no leaving links by nature.
    n_dormant : mapping of str to int
        For each threshold, how many neurons have a total degree of at most that; the readout is counted.
    """

    n_neurons: int
    n_active: int
    anp_rate: float
    n_isolated: int
    n_without_input: int
    n_without_output: int
    n_dormant: Mapping[str, int]


@dataclass(frozen=True)
class LayerActivity(NeuronSetActivity):
    """Activity of one layer."""

    layer: str


@dataclass(frozen=True)
class Activity(Result):
    """Activity of all counted layers.

    Parameters
    ----------
    anp_rate, anp_rate_hidden : float
        Active neurons over all, in all counted layers and in the hidden layers of the whole net.
    hidden : NeuronSetActivity
        All hidden neurons pooled; undefined without hidden layers.
    per_layer : tuple of LayerActivity
    active : ndarray of bool, shape (n_neurons,)
        By neuron of the counted graph, layer by layer.
    readout, dormancy, hidden_layers : str
        Conventions.
    """

    anp_rate: float
    anp_rate_hidden: float | Undefined
    hidden: NeuronSetActivity | Undefined
    per_layer: tuple[LayerActivity, ...]
    active: np.ndarray = per_neuron()
    readout: str = ""
    dormancy: str = "total degree at most the threshold, readout counted"
    hidden_layers: str = "neither input nor output of the whole net"


@register("activity", main=("anp_rate", "anp_rate_hidden"))
def activity(
    graph: LayeredGraph, *, readout: ReadoutPolicy = "auto", thresholds: Sequence[int] = (10, 110)
) -> Activity:
    """Active neurons after percolation, and dormant and isolated ones by degree.

    ``ANP = active neurons / all neurons``; a neuron is active if it lies on a path from an input to an output layer
    of the counted graph.  A neuron is degree-dormant if its total degree, readout counted, is at most a threshold.

    Parameters
    ----------
    graph : LayeredGraph
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts for percolation; see :func:`sparsegraph.graph.readout.choose_readout`.
    thresholds : sequence of int
        Degrees for dormancy; 10 and 110 as in Survival of the Most Connected, where 10 means "only readout links".

    Returns
    -------
    Activity

    Notes
    -----
    O(links).  The papers leave open which layers the rate divides by: whole, hidden and each layer are given.

    References
    ----------
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, section 4.2 and Table A3.
    Matab, Mocanu, Wu, Survival of the Most Connected, section 5.3 and Figure 9.

    Examples
    --------
    >>> import numpy as np
    >>> cut = LayeredGraph.from_matrices([np.array([[1.0, 0.0]]), np.array([[1.0], [1.0]])])
    >>> result = activity(cut, readout="include")
    >>> result.anp_rate, result.anp_rate_hidden
    (0.75, 0.5)
    """
    choice = choose_readout(graph, readout)
    active = dict(zip((layer.name for layer in choice.graph.layers), active_neurons(choice.graph), strict=True))
    count = _Counter(graph, active, thresholds)
    hidden: NeuronSetActivity | Undefined = Undefined("the graph has no hidden layer")
    if graph.hidden_layers:
        hidden = NeuronSetActivity(**count([graph.layers[i].name for i in graph.hidden_layers]))
    flags = np.concatenate(list(active.values()))
    flags.flags.writeable = False
    return Activity(
        anp_rate=int(flags.sum()) / flags.size,
        anp_rate_hidden=hidden if isinstance(hidden, Undefined) else hidden.anp_rate,
        hidden=hidden,
        per_layer=tuple(LayerActivity(**count([name]), layer=name) for name in active),
        active=flags,
        readout=choice.convention,
    )


class _Counter:
    """Counts the active, isolated and dormant neurons of layers given by name."""

    def __init__(self, graph: LayeredGraph, active: Mapping[str, np.ndarray], thresholds: Sequence[int]) -> None:
        names = [layer.name for layer in graph.layers]
        self.degrees = degrees(graph)
        self.neurons = {name: np.arange(*graph.offsets[i : i + 2]) for i, name in enumerate(names)}
        self.active = active
        self.thresholds = thresholds

    def __call__(self, names: Sequence[str]) -> dict[str, Any]:
        members = np.concatenate([self.neurons[name] for name in names])
        incoming, outgoing, total = (degree[members] for degree in self.degrees)
        n_active = sum(int(self.active[name].sum()) for name in names)
        return {
            "n_neurons": members.size,
            "n_active": n_active,
            "anp_rate": n_active / members.size,
            "n_isolated": int((total == 0).sum()),
            "n_without_input": int((incoming == 0).sum()),
            "n_without_output": int((outgoing == 0).sum()),
            "n_dormant": {str(threshold): int((total <= threshold).sum()) for threshold in self.thresholds},
        }
