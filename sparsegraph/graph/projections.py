"""What others need from a layered graph: link lists, undirected adjacency, igraph and networkx objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.mistaken import check_graph
from sparsegraph.kernels.adjacency import count_ends, place_ends

if TYPE_CHECKING:
    import igraph
    import networkx


class Links(NamedTuple):
    """Links by global neuron index (layer by layer, in order): ``source``, ``target`` int32, ``weight`` float64."""

    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray


class Adjacency(NamedTuple):
    """Undirected compressed rows: ``indptr`` int64, ``neighbours`` int32, ``weight`` float64 (absolute)."""

    indptr: np.ndarray
    neighbours: np.ndarray
    weight: np.ndarray


def links(graph: LayeredGraph) -> Links:
    """All links of a graph as three read-only arrays of shape (n_links,), block by block; 16 bytes a link."""
    check_graph(graph, "taken apart")
    return _links(graph)


@derived
def _links(graph: LayeredGraph) -> Links:
    sources, targets, weights = [], [], []
    for block in graph.blocks:
        counts = np.diff(block.weights.indptr)
        first, second = graph.offsets[block.source], graph.offsets[block.target]
        sources.append(np.repeat(np.arange(counts.size, dtype=np.int32) + np.int32(first), counts))
        targets.append(block.weights.indices.astype(np.int32) + np.int32(second))
        weights.append(block.weights.data.astype(np.float64))
    if not sources:
        return Links(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    return Links(np.concatenate(sources), np.concatenate(targets), np.concatenate(weights))


@derived
def undirected(graph: LayeredGraph) -> Adjacency:
    """Undirected adjacency of the whole graph with the absolute weight of each link; read-only.

    24 bytes a link, besides the graph itself.
    """
    starts = np.zeros(graph.n_neurons + 2, np.int64)
    for block in graph.blocks:
        count_ends(block.weights.indptr, block.weights.indices, _first(graph, block), starts)
    np.cumsum(starts, out=starts)
    neighbours, weight = np.empty(2 * graph.n_links, np.int32), np.empty(2 * graph.n_links)
    for block in graph.blocks:
        matrix = (block.weights.indptr, block.weights.indices, block.weights.data)
        place_ends(matrix, _first(graph, block), starts, neighbours, weight)
    return Adjacency(starts[: graph.n_neurons + 1].copy(), neighbours, weight)


def _first(graph: LayeredGraph, block: Block) -> tuple[int, int]:
    """Global index of the first neuron of the source layer and of the target layer."""
    return int(graph.offsets[block.source]), int(graph.offsets[block.target])


def layer_index(graph: LayeredGraph) -> np.ndarray:
    """Index of each neuron's layer, shape (n_neurons,)."""
    return np.repeat(np.arange(len(graph.layers)), [layer.size for layer in graph.layers])


def neuron_names(graph: LayeredGraph) -> list[str]:
    """Name of each neuron: its layer's name, a colon and its index there."""
    return [f"{layer.name}:{index}" for layer in graph.layers for index in range(layer.size)]


def to_igraph(graph: LayeredGraph) -> igraph.Graph:
    """Directed igraph graph; vertex attributes ``layer``, ``index``, ``name``, edge attribute ``weight``.

    igraph's own code is licensed under the GPL, version 2 or later.
    """
    import igraph

    check_graph(graph, "converted")
    source, target, weight = links(graph)
    made = igraph.Graph(n=graph.n_neurons, edges=np.stack([source, target], axis=1), directed=True)
    made.vs["name"] = neuron_names(graph)
    made.vs["layer"] = [layer.name for layer in graph.layers for _ in range(layer.size)]
    made.vs["index"] = [index for layer in graph.layers for index in range(layer.size)]
    made.es["weight"] = weight.tolist()
    return made


def to_networkx(graph: LayeredGraph) -> networkx.DiGraph:
    """Directed networkx graph on neurons 0, 1, ...; attributes ``layer``, ``index``, ``name`` and ``weight``."""
    import networkx

    check_graph(graph, "converted")
    made = networkx.DiGraph()
    names = iter(neuron_names(graph))
    for layer, offset in zip(graph.layers, graph.offsets.tolist(), strict=False):
        for index in range(layer.size):
            made.add_node(offset + index, layer=layer.name, index=index, name=next(names))
    source, target, weight = links(graph)
    made.add_weighted_edges_from(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True))
    return made
