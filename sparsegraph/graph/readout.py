"""The dense readout: in or out, a named choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from sparsegraph.errors import DataError
from sparsegraph.graph.derived import derived
from sparsegraph.graph.layered import LayeredGraph

_Rule = Literal["auto", "include", "exclude"]
ReadoutPolicy = _Rule | tuple[str, ...]
"""A rule, or the names of the output layers to leave out."""


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
    policy : {"auto", "include", "exclude"} or tuple of str
        A rule, or the names of the output layers to leave out (see :func:`decide_readout`).

    Returns
    -------
    ReadoutChoice

    Raises
    ------
    DataError
        If the policy is a word, but no rule.
    """
    _check(policy)
    readouts = _left_out(graph, policy)
    if not readouts:
        return ReadoutChoice(graph, f"readout included ({_WHY_INCLUDED.get(policy, 'as decided')})")
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

    Raises
    ------
    DataError
        If the policy is a word, but no rule.
    """
    _check(policy)
    if policy != "auto":
        return policy if isinstance(policy, str) else tuple(policy)
    return tuple(graph.layers[index].name for index in _left_out(graph, policy))


def _check(policy: ReadoutPolicy) -> None:
    if isinstance(policy, str) and policy not in get_args(_Rule):
        raise DataError(f"readout is {policy!r}; it must be {', '.join(get_args(_Rule))} or a tuple of output layers")


_WHY_INCLUDED = {
    "auto": "no dense last block",
    "include": "as asked",
    "exclude": "there is no other block",
    (): "no dense last block",
}


def _left_out(graph: LayeredGraph, policy: ReadoutPolicy) -> dict[int, str]:
    """Output layers that the policy leaves out, with the name of the block that enters each."""
    found: dict[int, str] = {}
    named = () if isinstance(policy, str) else policy
    if policy == "include":
        return found
    for index in graph.output_layers:
        entering = [block for block in graph.blocks if block.target == index]
        if len(entering) == 1 and entering[0].source in graph.hidden_layers:
            block = entering[0]
            dense = block.n_weights == block.n_weights_possible
            if policy == "exclude" or (policy == "auto" and dense) or graph.layers[index].name in named:
                found[index] = block.name
    return found
