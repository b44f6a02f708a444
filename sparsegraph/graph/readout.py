"""The dense readout: in or out, a named choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sparsegraph.graph.layered import LayeredGraph

ReadoutPolicy = Literal["auto", "include", "exclude"]


@dataclass(frozen=True)
class ReadoutChoice:
    """A graph with the readout policy applied, and in words what that did.

    Parameters
    ----------
    graph : LayeredGraph
        Without the readout's layer and block where it is left out.
    convention : str
        Such as ``"readout left out (dense last block fc4.weight)"``; goes into the output.
    """

    graph: LayeredGraph
    convention: str


def choose_readout(graph: LayeredGraph, policy: ReadoutPolicy = "auto") -> ReadoutChoice:
    """Apply a readout policy to a graph.

    ``auto`` leaves out each output layer whose only block is dense (density 1) and comes from a hidden layer, as the
    CHT papers do for credit assigned paths, active neurons and ranks; ``exclude`` leaves out the output layer fed by
    a hidden layer whatever its density; ``include`` keeps everything.

    Parameters
    ----------
    graph : LayeredGraph
    policy : {"auto", "include", "exclude"}

    Returns
    -------
    ReadoutChoice
    """
    readouts = {} if policy == "include" else _readouts(graph, dense_only=policy == "auto")
    if not readouts:
        reason = {"auto": "no dense last block", "include": "as asked", "exclude": "there is no other block"}[policy]
        return ReadoutChoice(graph, f"readout included ({reason})")
    kept = [i for i in range(len(graph.layers)) if i not in readouts]
    place = {old: new for new, old in enumerate(kept)}
    blocks = tuple(
        replace(block, source=place[block.source], target=place[block.target])
        for block in graph.blocks
        if block.target not in readouts
    )
    couplings = tuple(tuple(place[i] for i in group) for group in graph.couplings if not readouts.keys() & set(group))
    smaller = LayeredGraph(tuple(graph.layers[i] for i in kept), blocks, couplings)
    which = "dense last block" if policy == "auto" else "last block, as asked"
    return ReadoutChoice(smaller, f"readout left out ({which} {', '.join(readouts.values())})")


def _readouts(graph: LayeredGraph, *, dense_only: bool) -> dict[int, str]:
    """Output layers that the policy leaves out, with the name of the block that enters each."""
    found = {}
    for index in graph.output_layers:
        entering = [block for block in graph.blocks if block.target == index]
        if len(entering) == 1 and entering[0].source in graph.hidden_layers:
            block = entering[0]
            if not dense_only or block.n_weights == block.n_weights_possible:
                found[index] = block.name
    return found
