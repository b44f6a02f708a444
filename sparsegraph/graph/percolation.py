"""Percolation: what is left of a network when everything that lies on no input-output path is dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.mistaken import check_graph
from sparsegraph.kernels.reachability import links_between, spread_backward, spread_forward


@dataclass(frozen=True)
class Percolated:
    """A percolated graph and what was dropped.

    Parameters
    ----------
    graph : LayeredGraph
        The same layers, with only the links that lie on an input-output path.
    active : tuple of ndarray of bool
        For each layer, which neurons lie on an input-output path.
    removed : tuple of int
        Number of links dropped from each block, in the order of ``graph.blocks``.
    """

    graph: LayeredGraph
    active: tuple[np.ndarray, ...]
    removed: tuple[int, ...]


def percolate(graph: LayeredGraph) -> Percolated:
    """Drop every link that lies on no path from an input layer to an output layer.

    One forward sweep finds what the inputs reach, one backward sweep what reaches the outputs; a link survives if it
    joins the two.  With coupled layers a neuron also needs its partners, and the sweeps repeat until nothing changes.

    Parameters
    ----------
    graph : LayeredGraph

    Returns
    -------
    Percolated
        Exact and idempotent: percolating the result changes nothing.

    Notes
    -----
    O(links) time without couplings.  Equal to the inactive-neuron removal and incomplete-path adjustment of CHT
    (one backward and one forward sweep over a chain) and to "chain removal" of Sulyok.

    References
    ----------
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, Appendix D.

    Examples
    --------
    >>> import numpy as np
    >>> graph = LayeredGraph.from_matrices([np.array([[1, 0], [0, 1]]), np.array([[1], [0]])])
    >>> result = percolate(graph)
    >>> result.removed, [active.tolist() for active in result.active]
    ((1, 0), [[True, False], [True, False], [True]])
    """
    check_graph(graph, "percolated")
    active = active_neurons(graph)
    blocks = [_keep(block, active[block.source], active[block.target]) for block in graph.blocks]
    removed = tuple(old.n_links - new.n_links for old, new in zip(graph.blocks, blocks, strict=True))
    return Percolated(replace(graph, blocks=tuple(blocks)), active, removed)


@derived
def active_neurons(graph: LayeredGraph) -> tuple[np.ndarray, ...]:
    """For each layer, which neurons lie on an input-output path: what :func:`percolate` keeps, without the graph.

    Read-only arrays of bool; O(links) without couplings.
    """
    alive = tuple(np.ones(layer.size, np.bool_) for layer in graph.layers)
    while True:
        forward, backward = _forward(graph, alive), _backward(graph, alive)
        active = _with_partners(graph, tuple(f & b for f, b in zip(forward, backward, strict=True)))
        settled = all(np.array_equal(a, b) for a, b in zip(active, alive, strict=True))
        if settled or not graph.couplings:
            return active
        alive = active


def _forward(graph: LayeredGraph, alive: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    reached = [np.zeros(layer.size, np.bool_) for layer in graph.layers]
    for index in set(graph.input_layers) - set(graph.output_layers):  # a layer without blocks lies on no path
        reached[index] = alive[index].copy()
    for block in graph.blocks:  # sorted by target: a source layer is complete before it is read
        source = reached[block.source] & alive[block.source]
        spread_forward(block.weights.indptr, block.weights.indices, source, reached[block.target])
    return tuple(flags & a for flags, a in zip(reached, alive, strict=True))


def _backward(graph: LayeredGraph, alive: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    reaching = [np.zeros(layer.size, np.bool_) for layer in graph.layers]
    for index in set(graph.output_layers) - set(graph.input_layers):
        reaching[index] = alive[index].copy()
    for block in sorted(graph.blocks, key=lambda b: -b.source):
        target = reaching[block.target] & alive[block.target]
        spread_backward(block.weights.indptr, block.weights.indices, target, reaching[block.source])
    return tuple(flags & a for flags, a in zip(reaching, alive, strict=True))


def _with_partners(graph: LayeredGraph, active: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    joint = list(active)
    for group in graph.couplings:
        together = np.logical_and.reduce([active[index] for index in group])
        for index in group:
            joint[index] = together
    return tuple(joint)


def _keep(block: Block, rows: np.ndarray, columns: np.ndarray) -> Block:
    weights = block.weights
    keep = links_between(weights.indptr, weights.indices, rows, columns)
    if keep.all():
        return block
    before = np.concatenate([[0], np.cumsum(keep)])
    kept = sparse.csr_array(
        (weights.data[keep], weights.indices[keep], before[weights.indptr].astype(weights.indptr.dtype)),
        shape=weights.shape,
    )
    multiplicity = None if block.multiplicity is None else block.multiplicity[keep]
    return replace(block, weights=kept, multiplicity=multiplicity)
