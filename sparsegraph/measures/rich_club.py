"""Rich club: whether neurons with many links are linked with each other more than their degrees alone explain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.twins import Ends, ends_of, masks_of, twins
from sparsegraph.result import Result, Undefined

CONVENTION = "possible are links between layers that a block joins"


@dataclass(frozen=True)
class Club(Result):
    """The richest neurons of every layer and the links among them.

    Parameters
    ----------
    share : float
        Share of the neurons of each layer that were asked for.
    n_neurons : int
        Those with at least the degree of the last one asked for; neurons without links never belong to it.
    n_links, n_possible : int
        Links among them, and how many there could be.
    coefficient : float
        ``phi = n_links / n_possible``.
    normalised : float
        Links over their mean in the random twins, which is ``phi / phi_random``: above 1 for a rich club.
    z : float
        ``(n_links - mean) / standard deviation`` over the twins.
    """

    share: float
    n_neurons: int
    n_links: int | Undefined
    n_possible: int
    coefficient: float | Undefined
    normalised: float | Undefined
    z: float | Undefined


@dataclass(frozen=True)
class RichClub(Result):
    """Rich clubs by rank within the layers and by degree over the whole net.

    Parameters
    ----------
    top : Club
        Of the share ``rich`` of each layer.
    by_degree : tuple of int
        0 and each degree k that occurs, as long as some neurons with more than k links are linked.
    n_neurons : tuple of int
        Neurons with more than k links.
    coefficients, normalised : tuple of float
        phi(k) and phi(k) / phi_random(k) among them; the latter shorter, as far as such neurons are linked in some
        twin.  All are empty if the graph is too large.
    n_null : int
    null, possible, readout, projection : str
        Conventions.
    """

    top: Club
    by_degree: tuple[int, ...]
    n_neurons: tuple[int, ...]
    coefficients: tuple[float, ...]
    normalised: tuple[float, ...]
    n_null: int
    readout: str
    null: str = "twins with the same degrees in every block"
    possible: str = CONVENTION
    projection: str = "undirected, unweighted whole graph"


@register("rich_club", main=("top.coefficient",), lighter={"n_null": 0})
def rich_club(
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    readout: ReadoutPolicy = "auto",
    rich: float = 0.04,
    n_null: int = 10,
    most_links: int = 5_000_000,
) -> RichClub:
    """Rich-club coefficient over degrees and of the richest of each layer, against twins with the same degrees.

    ``phi = links among the rich / possible links among them``.  Possible are the links between layers that a block
    joins: ``sum over blocks of (rich sources)(rich targets)``, since neurons of one layer are never linked; in grouped
    convolutions only channels of one group can be.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the twins.
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.
    rich : float
        Share of each layer's neurons that are its richest, above 0 and up to 1.
    n_null : int
        Random twins, from 0.
    most_links : int
        With more links than this the coefficients are undefined.

    Returns
    -------
    RichClub

    Raises
    ------
    DataError
        If ``rich`` is not above 0 and up to 1, ``n_null`` is negative or ``most_links`` below 1.

    Notes
    -----
    O(links) for the graph and O(40 links) for each twin.  In one ranking of all neurons by degree a layer of high
    degrees may be the rich by itself, and has no links inside; hence the second view, by rank within each layer, of
    which neurons with equal degrees at the end all are part.  Twins have the same rich and the same possible links, so
    that phi / phi_random is the ratio of their links.

    References
    ----------
    S. Zhou, R. J. Mondragon, The rich-club phenomenon in the Internet topology, IEEE Communications Letters 8 (2004)
    180.
    V. Colizza, A. Flammini, M. A. Serrano, A. Vespignani, Detecting rich-club ordering in complex networks, Nature
    Physics 2 (2006) 110, equations 1 and 4.

    Examples
    --------
    >>> import numpy as np
    >>> hubs_apart = LayeredGraph.from_matrices([np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])])
    >>> top = rich_club(hubs_apart, rng=np.random.default_rng(0), rich=0.3).top
    >>> top.n_neurons, top.n_links, top.n_possible, top.coefficient
    (2, 0, 1, 0.0)
    """
    if not 0.0 < rich <= 1.0:
        raise DataError(f"rich is {rich}; a share above 0 and up to 1 is needed")
    if most_links < 1:
        raise DataError(f"most_links is {most_links}; at least 1 link is needed")
    choice = choose_readout(graph, readout)
    counted = choice.graph
    drawn = twins(counted, n_null, "degree", rng=rng)
    degree = degrees(counted).total
    member = _members(counted, degree, rich)
    if counted.n_links > most_links:
        reason = Undefined(f"{counted.n_links:,} links are more than most_links={most_links:,}")
        club = Club(rich, int(member.sum()), reason, _possible(counted, member), reason, reason, reason)
        return RichClub(club, (), (), (), (), n_null, choice.convention)
    own = _inside(ends_of(counted, masks_of(counted)), member, degree)
    others = [_inside(ends_of(counted, twin), member, degree) for twin in drawn]
    return RichClub(
        _club(rich, member, _possible(counted, member), own.n_rich, [other.n_rich for other in others]),
        *_by_degree(counted, degree, own.above, [other.above for other in others]),
        n_null,
        choice.convention,
    )


class Inside(NamedTuple):
    """Links among the richest of each layer, and among neurons with more than k links for k = 0, 1, ...."""

    n_rich: int
    above: np.ndarray


def _inside(ends: Ends, member: np.ndarray, degree: np.ndarray) -> Inside:
    least = np.minimum(degree[ends.source], degree[ends.target])
    counts = np.bincount(least, minlength=int(degree.max()) + 1)
    n_rich = int(np.count_nonzero(member[ends.source] & member[ends.target]))
    return Inside(n_rich, counts.sum() - np.cumsum(counts))


def _members(graph: LayeredGraph, degree: np.ndarray, rich: float) -> np.ndarray:
    """Whether each neuron is among the richest of its layer; equals all are, neurons without links never."""
    member = np.zeros(degree.size, np.bool_)
    for first, last in itertools.pairwise(graph.offsets.tolist()):
        falling = np.sort(degree[first:last])[::-1]
        n_wanted = int(np.ceil(rich * falling.size - 1e-9))
        member[first:last] = degree[first:last] >= max(1, int(falling[n_wanted - 1]))
    return member


def _possible(graph: LayeredGraph, member: np.ndarray) -> int:
    """Pairs of members that a block could link: within each of its groups."""
    layers = _by_layer(graph, member)
    return sum(
        int(_in_groups(layers[block.source], block.groups) @ _in_groups(layers[block.target], block.groups))
        for block in graph.blocks
    )


def _in_groups(member: np.ndarray, n_groups: int) -> np.ndarray:
    """Members in each group of a layer."""
    return np.count_nonzero(member.reshape(n_groups, -1), axis=1)


def _by_layer(graph: LayeredGraph, of_neurons: np.ndarray) -> list[np.ndarray]:
    return [of_neurons[first:last] for first, last in itertools.pairwise(graph.offsets.tolist())]


def _club(rich: float, member: np.ndarray, n_possible: int, n_links: int, of_twins: Sequence[int]) -> Club:
    none = Undefined("no two of them lie in layers that a block joins")
    mean = float(np.mean(of_twins)) if of_twins else 0.0
    spread = float(np.std(of_twins, ddof=1)) if len(of_twins) > 1 else 0.0
    no_twins = Undefined("no random twins were asked for: n_null=0")
    no_mean = Undefined("no such link in any twin") if of_twins else no_twins
    no_spread = Undefined("the twins do not differ") if len(of_twins) > 1 else Undefined("fewer than two twins")
    if not member.any():
        none = no_mean = no_spread = Undefined("no neuron has a link")
    return Club(
        share=rich,
        n_neurons=int(member.sum()),
        n_links=n_links,
        n_possible=n_possible,
        coefficient=n_links / n_possible if n_possible else none,
        normalised=n_links / mean if mean else no_mean,
        z=(n_links - mean) / spread if spread else no_spread,
    )


def _by_degree(
    graph: LayeredGraph, degree: np.ndarray, above: np.ndarray, of_twins: Sequence[np.ndarray]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[float, ...], tuple[float, ...]]:
    """Degrees, neurons beyond them, coefficients, normalised coefficients."""
    values = np.unique(np.append(degree, 0))
    layers = _by_layer(graph, np.searchsorted(values, degree))
    possible = np.zeros(values.size, np.int64)
    for block in graph.blocks:
        of_ends = (_beyond(layers[end], values.size, block.groups) for end in (block.source, block.target))
        possible += np.multiply(*of_ends).sum(axis=0)
    n_neurons = sum(_beyond(layer, values.size, 1)[0] for layer in layers)
    n_linked = int(np.count_nonzero(above[values]))  # fewer and fewer links are left: from some degree on none
    values, found = values[:n_linked], above[values[:n_linked]]
    expected = np.mean(of_twins, axis=0)[values] if of_twins else np.empty(0)
    n_expected = int(np.count_nonzero(expected))
    return (
        tuple(values.tolist()),
        tuple(n_neurons[:n_linked].tolist()),
        tuple((found / possible[:n_linked]).tolist()),
        tuple((found[:n_expected] / expected[:n_expected]).tolist()),
    )


def _beyond(rank: np.ndarray, n_values: int, n_groups: int) -> np.ndarray:
    """Neurons of each group of a layer beyond each value: shape (groups, values); ``rank`` is that of their own."""
    cells = np.repeat(np.arange(n_groups), rank.size // n_groups) * n_values + rank
    counts = np.bincount(cells, minlength=n_groups * n_values).reshape(n_groups, n_values)
    return np.asarray(rank.size // n_groups - counts.cumsum(axis=1))
