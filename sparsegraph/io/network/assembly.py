"""Chains of matrices to one layered graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sparsegraph.graph.layered import Block, Layer, LayeredGraph, LayerKind
from sparsegraph.io.names import listed, unique
from sparsegraph.io.network.chain import Step, layer_name
from sparsegraph.io.network.channels import links
from sparsegraph.io.network.effective import NON_ZEROS


@dataclass(frozen=True)
class Assembled:
    """A graph, where its masks come from, what was noticed while reading, and what holds of the network as a whole."""

    graph: LayeredGraph
    mask_origin: str
    warnings: tuple[str, ...]
    of_whole: tuple[str, ...] = ()


def assemble(chains: Sequence[Sequence[Step]]) -> Assembled:
    """Read every matrix, one at a time, and build the graph: the disjoint union of the chains.

    Layers are called after the matrix that leads to them; the first layer of the first chain is ``input``, that of
    each further one ``input of`` its first matrix.
    """
    layers: list[Layer] = []
    blocks: list[Block] = []
    origins: Counter[str] = Counter()
    unmasked: list[Block] = []
    warnings: list[str] = []
    names = unique(layer_name(step.oriented.matrix) for chain in chains for step in chain)
    for number, chain in enumerate(chains):
        for index, step in enumerate(chain):
            kept = step.oriented.matrix.read()
            found = links(kept, step.oriented, step.joint)
            name = names.pop(0)
            kind: LayerKind = "channel" if step.oriented.is_filters else "neuron"
            if index == 0:
                first = "input" if number == 0 else f"input of {name}"
                layers.append(Layer(_free(first, layers), found.weights.shape[0], kind))
            layers.append(Layer(_free(name, layers), found.weights.shape[1], kind))
            place = len(layers) - 1
            source = step.oriented.matrix.name
            blocks.append(Block(place - 1, place, *found[:3], name=source, groups=found.groups))
            origins[kept.origin] += 1
            if kept.origin == NON_ZEROS and kept.n_kept < kept.mask.size:
                unmasked.append(blocks[-1])
            warnings.extend(kept.warnings)
    graph = LayeredGraph(tuple(layers), tuple(blocks))
    warnings.extend(_unmasked(unmasked, n_blocks=len(blocks)))
    return Assembled(graph, in_words(origins), tuple(warnings), tuple(_of_whole(graph, origins, unmasked)))


def in_words(origins: Counter[str]) -> str:
    """Where masks come from, with the number of blocks if they differ; empty where there are no blocks."""
    if len(origins) < 2:
        return next(iter(origins), "")
    return ", ".join(f"{origin} ({n} of {origins.total()} blocks)" for origin, n in origins.most_common())


def _unmasked(blocks: Sequence[Block], n_blocks: int) -> Iterator[str]:
    if any(block.n_links for block in blocks):
        which = "" if len(blocks) == n_blocks else f" for {listed([block.name for block in blocks])}"
        yield f"no mask is used{which}: links are the non-zero weights, and one regrown at weight 0 counts as absent"


def _of_whole(graph: LayeredGraph, origins: Counter[str], unmasked: Sequence[Block]) -> Iterator[str]:
    """What must not be said of one matrix among others."""
    if graph.n_links == 0:
        yield "no weight is kept: the network has no link at all"
    elif set(origins) == {NON_ZEROS} and not unmasked:
        yield "no weight is zero and no mask is used: the network is dense"


def _free(name: str, layers: Sequence[Layer]) -> str:
    """A name that no layer has yet: a matrix may itself be called ``input``."""
    taken = {layer.name for layer in layers}
    while name in taken:
        name += "'"
    return name
