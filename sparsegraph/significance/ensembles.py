"""Null models of a whole network, by name: what each keeps of it, all else being chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.nulls import erdos_renyi, rewired, shuffled
from sparsegraph.registry import Registry
from sparsegraph.topology.scale_free import bipartite_scale_free
from sparsegraph.topology.small_world import bipartite_small_world

NullModel = Callable[..., LayeredGraph]

NULL_MODELS: Registry[NullModel] = Registry("null model", group="sparsegraph.null_models")
"""Functions ``f(graph, *, rng) -> LayeredGraph``; the first line of the docstring says what is kept.

Each block is drawn by itself and keeps its shape, its number of links and its weights; layers and couplings stay.
After new links are drawn, the weights of the block are dealt to them at random (the multiplicity of a channel's link
goes with its weight).  In a grouped convolution each group is drawn by itself.
"""


def null_model(name: str) -> Callable[[NullModel], NullModel]:
    """Enter the decorated function into ``NULL_MODELS`` under ``name``."""
    return lambda function: NULL_MODELS.add(name, function)


@null_model("er")
def er(graph: LayeredGraph, *, rng: np.random.Generator) -> LayeredGraph:
    """Shape and number of links of each block: uniformly random links (layered Erdős-Rényi)."""
    return _redrawn(graph, lambda mask: erdos_renyi(mask.shape, mask.n_links, rng=rng), rng)


@null_model("degree")
def degree(graph: LayeredGraph, *, rng: np.random.Generator) -> LayeredGraph:
    """In- and out-degree of every neuron in each block: uniform over all such networks."""
    return _redrawn(graph, lambda mask: rewired(mask.positions, mask.shape, rng=rng), rng)


@null_model("bsw")
def bsw(graph: LayeredGraph, *, rng: np.random.Generator) -> LayeredGraph:
    """Shape and number of links of each block: a bipartite small world (BSW, 25 % rewired)."""
    return _redrawn(graph, lambda mask: bipartite_small_world([mask.shape], [mask.n_links], rng=rng)[0].positions, rng)


@null_model("bsf")
def bsf(graph: LayeredGraph, *, rng: np.random.Generator) -> LayeredGraph:
    """Shape and number of links of each block: a bipartite scale-free network (BSF)."""
    return _redrawn(graph, lambda mask: bipartite_scale_free(mask.shape, mask.n_links, rng=rng)[0].positions, rng)


@null_model("weights")
def weights(graph: LayeredGraph, *, rng: np.random.Generator) -> LayeredGraph:
    """Every link: only the weights of each block are dealt anew among its links."""
    return _redrawn(graph, lambda mask: mask.positions, rng)


def _redrawn(graph: LayeredGraph, draw: Callable[[Mask], np.ndarray], rng: np.random.Generator) -> LayeredGraph:
    """The graph with new links in every block and its weights dealt to them."""
    return replace(graph, blocks=tuple(_block_redrawn(block, draw, rng) for block in graph.blocks))


def _block_redrawn(block: Block, draw: Callable[[Mask], np.ndarray], rng: np.random.Generator) -> Block:
    n_source, n_target = block.weights.shape
    positions = np.sort(np.concatenate([back(_drawn(mask, draw)) for mask, back in _groups(block)]))
    dealt = shuffled(np.arange(block.n_links), rng=rng)
    return replace(
        block,
        weights=Mask((n_source, n_target), positions).to_csr(block.weights.data[dealt]),
        multiplicity=None if block.multiplicity is None else block.multiplicity[dealt],
    )


def _drawn(mask: Mask, draw: Callable[[Mask], np.ndarray]) -> np.ndarray:
    """Of a block that is empty or complete there is only one."""
    return mask.positions if mask.n_links in (0, mask.n_possible) else draw(mask)


def _groups(block: Block) -> Iterator[tuple[Mask, Callable[[np.ndarray], np.ndarray]]]:
    """Each group of a block as a mask of its own, with the way back from its positions to the block's."""
    n_source, n_target = block.weights.shape
    rows, columns = n_source // block.groups, n_target // block.groups
    whole = Mask.from_csr(block.weights)
    of_link = whole.source // max(rows, 1)
    if (
        rows * block.groups != n_source
        or columns * block.groups != n_target
        or (of_link != whole.target // columns).any()
    ):
        raise DataError(
            f"block {block.name!r} has links between its {block.groups} groups or groups of unequal size; a null model "
            "needs links inside equal groups"
        )
    for group in range(block.groups):
        inside = of_link == group
        source, target = whole.source[inside] - group * rows, whole.target[inside] - group * columns
        first = group * (rows * n_target + columns)

        def back(positions: np.ndarray, first: int = first) -> np.ndarray:
            return first + positions // columns * n_target + positions % columns

        yield Mask((rows, columns), source * columns + target), back
