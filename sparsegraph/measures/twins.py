"""Random twins of a graph: each block drawn anew with as many links, or with the same degrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.groups import redrawn
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.adjacency import symmetric_csr
from sparsegraph.kernels.nulls import erdos_renyi, rewired

Null = Literal["degree", "er"]
"""``degree``: every neuron keeps its degree in every block; ``er``: every block keeps its number of links."""

WORDS = {"degree": "the same degrees in every block", "er": "the same number of links in every block"}


class Ends(NamedTuple):
    """Links by global neuron index, int64 each."""

    source: np.ndarray
    target: np.ndarray


def masks_of(graph: LayeredGraph) -> list[Mask]:
    """The links of each block."""
    return [Mask.from_csr(block.weights) for block in graph.blocks]


def twins(graph: LayeredGraph, n_null: int, null: Null, *, rng: np.random.Generator) -> Iterator[list[Mask]]:
    """Blocks of ``n_null`` random twins, drawn when they are asked for; in grouped convolutions group by group.

    Raises
    ------
    DataError
        If ``n_null`` is negative or the null model unknown; at once, before anything is drawn.
    """
    if n_null < 0:
        raise DataError(f"n_null is {n_null}; the number of random twins cannot be negative")
    if null not in get_args(Null):
        raise DataError(f"null is {null!r}; it must be {' or '.join(get_args(Null))}")
    return (draw(graph, null, rng) for _ in range(n_null))


def draw(graph: LayeredGraph, null: Null, rng: np.random.Generator) -> list[Mask]:
    """One twin of each block."""

    def links(mask: Mask) -> np.ndarray:
        if null == "er":
            return erdos_renyi(mask.shape, mask.n_links, rng=rng)
        return rewired(mask.positions, mask.shape, rng=rng)

    return [redrawn(block, links) for block in graph.blocks]


def ends_of(graph: LayeredGraph, masks: Sequence[Mask]) -> Ends:
    """Links of the whole graph whose blocks have these masks."""
    first = [graph.offsets[block.source] + mask.source for block, mask in zip(graph.blocks, masks, strict=True)]
    second = [graph.offsets[block.target] + mask.target for block, mask in zip(graph.blocks, masks, strict=True)]
    none = np.empty(0, np.int64)
    return Ends(np.concatenate([none, *first]), np.concatenate([none, *second]))


def adjacency_of(graph: LayeredGraph, masks: Sequence[Mask]) -> tuple[np.ndarray, np.ndarray]:
    """Undirected adjacency of the whole graph whose blocks have these masks: ``indptr``, ``neighbours``."""
    source, target = (ends.astype(np.int32) for ends in ends_of(graph, masks))
    indptr, neighbours, _ = symmetric_csr(graph.n_neurons, source, target, np.empty(0))
    return indptr, neighbours
