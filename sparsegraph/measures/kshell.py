"""k-shells: how deep in the network each neuron sits, by links and by weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import undirected
from sparsegraph.kernels.cores import core_numbers, strength_core_numbers
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined, finite, per_neuron


@dataclass(frozen=True)
class LayerShells(Result):
    """Shells of one layer.

    Parameters
    ----------
    layer : str
    n_neurons : int
    n_isolated : int
        Neurons without any link (shell 0).
    n_in_core : int
        Neurons in the innermost shell of the whole network.
    mean_shell, mean_strength_shell : float
    min_shell, max_shell : int
    """

    layer: str
    n_neurons: int
    n_isolated: int
    n_in_core: int
    mean_shell: float
    min_shell: int
    max_shell: int
    mean_strength_shell: float | Undefined


@dataclass(frozen=True)
class StrengthShells(Result):
    """The weighted variant: s-cores, with absolute weights.

    Parameters
    ----------
    max_shell : float
        Largest s for which the s-core is not empty, in units of the weights.
    n_core : int
        Neurons in that s-core.
    """

    max_shell: float
    n_core: int


@dataclass(frozen=True)
class KShell(Result):
    """Shells of all neurons.

    Parameters
    ----------
    max_shell : int
        Innermost shell (k-core number) of the network; 0 without links.
    n_core, n_crust, n_isolated : int
        Neurons in the innermost shell, in the shells from 1 up to it, and in shell 0; they sum to all neurons.
    per_layer : tuple of LayerShells
    values, counts : tuple of int
        Each shell that occurs, rising, and its number of neurons.
    strength : StrengthShells
        Undefined if no link has a weight other than zero, or if it was not asked for.
    shell : ndarray of int32, shape (n_neurons,)
    strength_shell : ndarray of float64, shape (n_neurons,)
        Undefined if it was not asked for.
    readout, projection : str
        Conventions.
    """

    max_shell: int
    n_core: int
    n_crust: int
    n_isolated: int
    per_layer: tuple[LayerShells, ...]
    values: tuple[int, ...]
    counts: tuple[int, ...]
    strength: StrengthShells | Undefined
    shell: np.ndarray = per_neuron()
    strength_shell: np.ndarray | Undefined = per_neuron()
    readout: str = "readout counted"
    projection: str = "undirected whole graph"


@register("kshell", main=("max_shell", "n_core"), weighted=("*strength*",))
def kshell(graph: LayeredGraph) -> KShell:
    """k-shell (core number) of every neuron, and its weighted variant, in the undirected whole graph.

    The k-core is the largest set of neurons that each have at least k links inside the set; the shell of a neuron is
    the largest k whose core it belongs to.  The s-core is the same with strength, the sum of absolute weights:
    the neuron of least remaining strength is removed again and again, and its shell is the largest such strength met.

    Parameters
    ----------
    graph : LayeredGraph

    Returns
    -------
    KShell

    Notes
    -----
    O(links) for the k-cores, O(links log neurons) for the s-cores.  The readout counts: below a dense layer of ten
    outputs the last hidden layer has shell 10 or more, unless the outputs themselves have fewer links.

    References
    ----------
    S. Carmi, S. Havlin, S. Kirkpatrick, Y. Shavitt, E. Shir, A model of Internet topology using k-shell decomposition,
    Proceedings of the National Academy of Sciences 104 (2007) 11150.
    M. Eidsaa, E. Almaas, s-core network decomposition: a generalization of k-core analysis to weighted networks,
    Physical Review E 88 (2013) 062819.

    Examples
    --------
    >>> import numpy as np
    >>> result = kshell(LayeredGraph.from_matrices([np.ones((3, 2)), np.array([[1.0, 1.0], [0.0, 0.0]])]))
    >>> result.max_shell, result.n_core, result.shell.tolist()
    (2, 5, [2, 2, 2, 2, 2, 1, 1])
    """
    adjacency = undirected(graph)
    shell = core_numbers(adjacency.indptr, adjacency.neighbours)
    strength_shell = strength_core_numbers(adjacency.indptr, adjacency.neighbours, adjacency.weight)
    shell.flags.writeable = strength_shell.flags.writeable = False
    deepest = int(shell.max())
    n_isolated = int((shell == 0).sum())
    n_core = int((shell == deepest).sum()) if deepest > 0 else 0
    values, counts = np.unique(shell, return_counts=True)
    return KShell(
        max_shell=deepest,
        n_core=n_core,
        n_crust=graph.n_neurons - n_core - n_isolated,
        n_isolated=n_isolated,
        per_layer=_per_layer(graph, shell, strength_shell),
        values=tuple(values.tolist()),
        counts=tuple(counts.tolist()),
        strength=_strength(strength_shell),
        shell=shell,
        strength_shell=strength_shell,
    )


def _per_layer(graph: LayeredGraph, shell: np.ndarray, strength_shell: np.ndarray) -> tuple[LayerShells, ...]:
    deepest = max(int(shell.max()), 1)
    made = []
    for index, layer in enumerate(graph.layers):
        inside = slice(graph.offsets[index], graph.offsets[index + 1])
        part = shell[inside]
        made.append(
            LayerShells(
                layer=layer.name,
                n_neurons=layer.size,
                n_isolated=int((part == 0).sum()),
                n_in_core=int((part == deepest).sum()),
                mean_shell=float(part.mean()),
                min_shell=int(part.min()),
                max_shell=int(part.max()),
                mean_strength_shell=finite(strength_shell[inside].mean()),
            )
        )
    return tuple(made)


def _strength(strength_shell: np.ndarray) -> StrengthShells | Undefined:
    deepest = float(strength_shell.max())
    if not 0.0 < deepest < np.inf:
        return Undefined("no link has a weight other than zero" if deepest == 0.0 else "beyond the largest float")
    return StrengthShells(deepest, int((strength_shell == deepest).sum()))
