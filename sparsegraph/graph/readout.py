"""The dense readout: in or out, a named choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sparsegraph.errors import DataError
from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import Block, LayeredGraph

ReadoutPolicy = Literal["auto", "include", "exclude"] | tuple[str, ...]
"""A rule, or the names of the output layers to leave out."""

_RULES = ("auto", "include", "exclude")


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
    CHT papers do for credit assigned paths, active neurons and ranks; a single absent link keeps it, which the words
    tell where few are absent: without a mask a weight of exactly 0 is an absent link.  ``exclude`` leaves out the
    output layer fed by a hidden layer whatever its density; ``include`` keeps everything.

    Parameters
    ----------
    graph : LayeredGraph
    policy : {"auto", "include", "exclude"} or tuple of str
        A rule, or the names of the output layers to leave out (see :func:`decide_readout`).

    Returns
    -------
    ReadoutChoice

    Raises
    ------
    DataError
        If there is no such rule, or no layer of such a name.
    """
    policy = _known(graph, policy)
    readouts = _left_out(graph, policy)
    if not readouts:
        return ReadoutChoice(graph, f"readout included ({_why_included(graph, policy)})")
    which = "last block, as asked:" if policy == "exclude" else "dense last block"
    return ReadoutChoice(_without(graph, tuple(readouts)), f"readout left out ({which} {', '.join(readouts.values())})")


@derived
def _without(graph: LayeredGraph, left_out: tuple[int, ...]) -> LayeredGraph:
    """The graph without some output layers; one object for all who ask, which so share what they derive from it."""
    kept = [i for i in range(len(graph.layers)) if i not in left_out]
    place = {old: new for new, old in enumerate(kept)}
    blocks = tuple(
        replace(block, source=place[block.source], target=place[block.target])
        for block in graph.blocks
        if block.target not in left_out
    )
    couplings = tuple(tuple(place[i] for i in group) for group in graph.couplings if not set(left_out) & set(group))
    return LayeredGraph(tuple(graph.layers[i] for i in kept), blocks, couplings)


def decide_readout(graph: LayeredGraph, policy: ReadoutPolicy) -> ReadoutPolicy:
    """A policy that leaves the same layers out of every graph with fewer links.

    ``auto`` asks whether the readout is dense; decided once, on the graph as it was loaded, the answer still holds
    when percolation has taken the links of inactive neurons away.

    Returns
    -------
    tuple of str or str
        For ``auto`` the names of the layers that it leaves out; another policy as it is.
    """
    policy = _known(graph, policy)
    if policy != "auto":
        return policy
    return tuple(graph.layers[index].name for index in _left_out(graph, policy))


_FEW_ABSENT = 0.01
"""Share of the readout's weights up to which their absence may be an accident and is told."""

_WHY_INCLUDED = {
    "auto": "no dense last block",
    "include": "as asked",
    "exclude": "there is no other block",
    (): "no dense last block",
}


def _why_included(graph: LayeredGraph, policy: ReadoutPolicy) -> str:
    why = _WHY_INCLUDED.get(policy, "as decided")
    if policy not in ("auto", ()):
        return why
    readouts = _readouts(graph)
    if not readouts:
        return "no last block from a hidden layer alone"
    for block in readouts.values():
        n_absent = block.n_weights_possible - block.n_weights
        if 0 < n_absent <= _FEW_ABSENT * block.n_weights_possible:
            which = f"only {n_absent:,} of {block.n_weights_possible:,} weights of {block.name} absent"
            return f"{why}; {which}: exclude leaves it out"
    return why


def _known(graph: LayeredGraph, policy: ReadoutPolicy) -> ReadoutPolicy:
    """The policy, names as a tuple, if it is a rule or names layers of the graph, outputs or not."""
    if isinstance(policy, str):
        if policy not in _RULES:
            raise DataError(
                f"readout {policy!r}: {', '.join(_RULES)}, or a tuple with names of output layers is expected"
            )
        return policy
    known = {layer.name for layer in graph.layers}
    if unknown := [name for name in policy if name not in known]:
        raise DataError(
            f"readout: there is no layer {', '.join(map(repr, unknown))} to leave out; the graph has "
            f"{', '.join(layer.name for layer in graph.layers)}"
        )
    return tuple(policy)


def _left_out(graph: LayeredGraph, policy: ReadoutPolicy) -> dict[int, str]:
    """Output layers that the policy leaves out, with the name of the block that enters each."""
    found = {} if policy == "include" else _readouts(graph)
    if policy == "auto":
        found = {index: block for index, block in found.items() if block.n_weights == block.n_weights_possible}
    elif isinstance(policy, tuple):
        found = {index: block for index, block in found.items() if graph.layers[index].name in policy}
    return {index: block.name for index, block in found.items()}


def _readouts(graph: LayeredGraph) -> dict[int, Block]:
    """The output layers that only one block enters, from a hidden layer, each with that block."""
    hidden, found = graph.hidden_layers, {}
    for index in graph.output_layers:
        entering = [block for block in graph.blocks if block.target == index]
        if len(entering) == 1 and entering[0].source in hidden:
            found[index] = entering[0]
    return found
