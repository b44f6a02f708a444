"""A net as plain layers: a column of neurons for each layer, active ones filled, and a sample of the links."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.link_sample import sample_links
from sparsegraph.graph.percolation import active_neurons
from sparsegraph.plotting.palette import LAYERS
from sparsegraph.plotting.style import FAINT, INK
from sparsegraph.rng import rng_for

MOST_LINKS = 1500


def draw_layers(graph: LayeredGraph, axes: Axes, *, most_links: int = MOST_LINKS) -> None:
    """Draw a graph: neurons from the most connected at the top to the least, inactive ones faint.

    Parameters
    ----------
    graph : LayeredGraph
    axes : Axes
        Loses its frame.
    most_links : int
        Beyond, a sample is drawn, of each block as large a share; it stays as links come and go.
    """
    active = active_neurons(graph)
    heights = [_heights(graph, index) for index in range(len(graph.layers))]
    most = max(most_links, graph.n_links)
    dot = float(np.clip(6000.0 / graph.n_neurons, 3.0, 40.0))
    for block in graph.blocks:
        links = block.weights.tocoo()
        chance = rng_for(0, "layers", block.name).random((2, max(links.shape)))
        kept = sample_links(links.row, links.col, links.nnz * most_links // most, chance)
        source, target = links.row[kept], links.col[kept]
        alive = active[block.source][source] & active[block.target][target]
        for chosen, colour, alpha in ((~alive, "#d55e00", 0.25), (alive, FAINT, 0.16)):
            ends = np.empty((int(chosen.sum()), 2, 2))
            ends[:, 0] = np.stack([np.full(len(ends), block.source), heights[block.source][source[chosen]]], axis=1)
            ends[:, 1] = np.stack([np.full(len(ends), block.target), heights[block.target][target[chosen]]], axis=1)
            axes.add_collection(LineCollection(list(ends), colors=colour, linewidths=0.25, alpha=alpha, zorder=1))
    for index, layer in enumerate(graph.layers):
        x = np.full(layer.size, float(index))
        colour = LAYERS[index % len(LAYERS)]
        on = active[index]
        axes.scatter(x[~on], heights[index][~on], s=0.7 * dot, c="#cfcfcf", linewidths=0, zorder=2, rasterized=True)
        axes.scatter(x[on], heights[index][on], s=dot, c=colour, linewidths=0, zorder=3, rasterized=True)
        axes.text(index, -0.06, f"{int(on.sum()):,}", ha="center", va="top", fontsize=6, color=INK)
    axes.text(-0.25, -0.13, "active neurons", fontsize=5.5, color=FAINT, va="top")
    axes.set_xlim(-0.3, len(graph.layers) - 0.7)
    axes.set_ylim(-0.02, 1.02)
    axes.set_axis_off()


def _heights(graph: LayeredGraph, index: int) -> np.ndarray:
    """Height of each neuron of a layer: 1 for the most connected, 0 for the least; ties by index."""
    size = graph.layers[index].size
    degree = np.zeros(size)
    for block in graph.blocks:
        if block.source == index:
            degree += np.diff(block.weights.indptr)
        if block.target == index:
            degree += np.bincount(block.weights.indices, minlength=size)
    rank = np.empty(size)
    rank[np.argsort(-degree, kind="stable")] = np.arange(size)
    return 1.0 - (rank + 0.5) / size
