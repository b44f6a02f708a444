"""Null models of a whole network, by name: what each keeps of it, all else being chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np

from sparsegraph.graph.groups import redrawn
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.nulls import erdos_renyi, rewired, shuffled
from sparsegraph.measures.catalogue import Measure
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


SIZES = ("sparsity.density", "weights.*")
DEGREES = ("degree.*", "powerlaw.*", "input_map.out_degree.*")
FIXED = {"er": SIZES, "bsw": SIZES, "bsf": SIZES, "weights": SIZES, "degree": SIZES + DEGREES}
"""By null model, patterns of ``measure.number``: main numbers that follow from what it keeps, in whatever network."""


def is_fixed(null: str, entry: Measure, number: str) -> bool:
    """Whether a main number follows from what the null model keeps, so that no draw can tell anything about it.

    ``weights`` keeps every link, and so each number that no pattern of the measure's ``weighted`` names.  This is told
    by what is declared and never by the draws: a number of tests that depends on them would be chosen after the fact.
    """
    if null == "weights" and not any(fnmatchcase(number, pattern) for pattern in entry.weighted):
        return True
    return any(fnmatchcase(f"{entry.name}.{number}", pattern) for pattern in FIXED.get(null, ()))


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
    mask = redrawn(block, draw)
    dealt = shuffled(np.arange(block.n_links), rng=rng)
    return replace(
        block,
        weights=mask.to_csr(block.weights.data[dealt]),
        multiplicity=None if block.multiplicity is None else block.multiplicity[dealt],
    )
