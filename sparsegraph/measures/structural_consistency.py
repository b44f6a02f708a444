"""Structural consistency: how far the links of a network can be foretold from its other links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

import numpy as np
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import layer_index, links
from sparsegraph.kernels.consistency import Recovery, perturbed_scores
from sparsegraph.kernels.side_by_side import side_by_side
from sparsegraph.kernels.two_colouring import two_sides
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined

HALF, FULL = "singular vectors of the block between two sides", "eigenvectors of the whole matrix"


@dataclass(frozen=True)
class Consistency(Result):
    """Structural consistency among one set of candidates.

    Parameters
    ----------
    mean, std : float
        Share of the removed links among as many highest scores, over the repeats; std divides by their number.
    random : float
        What a random choice of candidates would find: removed links over candidates.
    n_candidates : int
        Pairs that are ranked: those without a link, and the removed links.
    n_tied_repeats : int
        Repeats in which pairs are tied at the cut, so that the share is a mean over their orders.
    """

    mean: float
    std: float
    random: float
    n_candidates: int
    n_tied_repeats: int


@dataclass(frozen=True)
class StructuralConsistency(Result):
    """Structural consistency of the undirected graph.

    Parameters
    ----------
    all_pairs : Consistency
        Candidates are all pairs of neurons, those of one layer included, as in the CHT papers.
    adjacent_layers : Consistency
        Candidates are the pairs in two layers that a block joins, in grouped convolutions those inside a group: the
        only ones where a link could be.
    n_links, n_removed, n_repeats : int
        Links; links taken out each time; repeats.
    n_isolated : int
        Neurons without links, which are left out.
    bipartite : bool
        Whether the graph has two sides, so that matrices of half the size do.
    method, ties, projection, readout : str
        Conventions.
    """

    all_pairs: Consistency | Undefined
    adjacent_layers: Consistency | Undefined
    n_links: int
    n_removed: int
    n_repeats: int
    n_isolated: int
    bipartite: bool
    method: str
    ties: str = "mean over all orders of pairs tied at the cut (scores within 1e-10)"
    projection: str = "undirected, unweighted whole graph, isolated neurons left out"
    readout: str = "readout counted"


class Net(NamedTuple):
    """The neurons that have links: ends of the links, layer of each neuron and place in it, sides if there are two."""

    source: np.ndarray
    target: np.ndarray
    layer: np.ndarray
    place: np.ndarray
    sides: np.ndarray | None

    def matrix(self, chosen: np.ndarray) -> sparse.csr_array:
        """Symmetric matrix of the chosen links."""
        ends = np.concatenate([self.source[chosen], self.target[chosen]])
        others = np.concatenate([self.target[chosen], self.source[chosen]])
        return sparse.csr_array((np.ones(ends.size), (ends, others)), shape=(self.layer.size, self.layer.size))


@register("structural_consistency", main=("all_pairs.mean", "adjacent_layers.mean"))
def structural_consistency(
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    n_repeats: int = 10,
    share: float = 0.1,
    largest: int = 4000,
) -> StructuralConsistency:
    """Structural consistency of the undirected graph: share of links taken out that its eigenvectors find again.

    A share of the links, D, is taken out; the eigenvectors ``x_k`` of the rest T are kept, and the pairs without a
    link in T ranked by ``sum_k (x_k' A x_k) x_k x_k'``, A = T + D.  The consistency is the share of D among the
    ``|D|`` pairs ranked highest.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the links to take out, uniformly without replacement.
    n_repeats : int
        At least 1; 10 as the authors' program runs, though its header says 100.
    share : float
        Of the links to take out, above 0 and below 1; half a link counts as one.
    largest : int
        Bound on the work of a repeat, as the size of a square matrix: for two sides of m and n neurons the work
        ``m n min(m, n)``, otherwise ``n^3``, is at most ``largest^3``; beyond it the result is undefined.

    Returns
    -------
    StructuralConsistency

    Raises
    ------
    DataError
        If an option is out of range.

    Notes
    -----
    Weights and directions do not count.  A chain of layers is bipartite (even and odd layers), where half-size
    matrices are exact: about a second and a half a repeat for 3,800 neurons, and several times that for other graphs
    of this size; repeats run side by side.  Memory is about six dense matrices of the sides' shape for each core.
    Another order of the neurons draws other links.

    The CHT papers rank all pairs; most of them join neurons of one layer, where no link can be, and score 0 on a
    bipartite graph.

    By definition the removed links enter the scores themselves: a trace of D comes through where T tells nothing, and
    in the null spaces of T, which are large where many neurons have one link or none left, D comes through unaltered.
    So even independent links are found more often than ``random``, and sparse nets with many leaves much more often;
    null models with the same degrees tell how much of the value that is.

    References
    ----------
    L. Lü, L. Pan, T. Zhou, Y.-C. Zhang, H. E. Stanley, Toward link predictability of complex networks, Proceedings of
    the National Academy of Sciences 112 (2015) 2325.
    Y. Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, figure 2B.

    Examples
    --------
    >>> import numpy as np
    >>> pairs = LayeredGraph.from_matrices([np.kron(np.eye(2), np.ones((4, 4)))])
    >>> result = structural_consistency(pairs, rng=np.random.default_rng(0))
    >>> result.all_pairs.mean, result.n_removed, round(result.all_pairs.random, 3)
    (1.0, 3, 0.033)
    """
    if n_repeats < 1:
        raise DataError(f"n_repeats is {n_repeats}; at least 1 repeat is needed")
    if not 0.0 < share < 1.0:
        raise DataError(f"share is {share}; it must be above 0 and below 1")
    if largest < 1:
        raise DataError(f"largest is {largest}; the size of a matrix is at least 1")
    net = _net(graph)
    n_links = net.source.size
    n_removed = floor(share * n_links + 0.5)
    reason = _hindrance(net, n_removed, share, largest)
    pairs: Consistency | Undefined
    adjacent: Consistency | Undefined
    if reason is None:
        pairs, adjacent = _repeated(net, graph, rng, n_removed, n_repeats)
    else:
        pairs = adjacent = reason
    return StructuralConsistency(
        all_pairs=pairs,
        adjacent_layers=adjacent,
        n_links=n_links,
        n_removed=n_removed,
        n_repeats=n_repeats,
        n_isolated=graph.n_neurons - net.layer.size,
        bipartite=net.sides is not None,
        method=FULL if net.sides is None else HALF,
    )


def _net(graph: LayeredGraph) -> Net:
    source, target, _ = links(graph)
    linked, ends = np.unique(np.concatenate([source, target]), return_inverse=True)
    layer = layer_index(graph)[linked]
    bare = Net(ends[: source.size], ends[source.size :], layer, linked - graph.offsets[layer], None)
    return bare._replace(sides=two_sides(bare.matrix(np.ones(source.size, np.bool_))))


def _adjacent(graph: LayeredGraph, net: Net, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """For each two neurons whether a block could link them: it joins their layers and has both in one group."""
    found = np.zeros((rows.size, columns.size), np.bool_)
    for block in graph.blocks:
        for first, second in ((block.source, block.target), (block.target, block.source)):
            here, there = np.flatnonzero(net.layer[rows] == first), np.flatnonzero(net.layer[columns] == second)
            group, other = (
                net.place[neurons] * block.groups // graph.layers[layer].size
                for neurons, layer in ((rows[here], first), (columns[there], second))
            )
            found[np.ix_(here, there)] = group[:, None] == other
    return found


def _n_adjacent(graph: LayeredGraph, net: Net) -> int:
    """Pairs of neurons with links that a block could link."""
    found = 0
    for block in graph.blocks:
        inside = [
            np.bincount(net.place[net.layer == end] * block.groups // graph.layers[end].size, minlength=block.groups)
            for end in (block.source, block.target)
        ]
        found += int(inside[0] @ inside[1])
    return found


def _hindrance(net: Net, n_removed: int, share: float, largest: int) -> Undefined | None:
    """Why there is no consistency, if there is none."""
    n_links, n_neurons = net.source.size, net.layer.size
    if n_links == 0:
        return Undefined("no links")
    if n_removed == 0:
        return Undefined(f"share={share} of {n_links} links is none")
    if n_removed == n_links:
        return Undefined(f"share={share} of {n_links} links is all of them")
    n_second = n_neurons if net.sides is None else int(net.sides.sum())
    n_first = n_neurons if net.sides is None else n_neurons - n_second
    if n_first * n_second * min(n_first, n_second) > largest**3:
        return Undefined(f"a {n_first} x {n_second} matrix is more work than largest={largest} allows")
    return None


def _repeated(
    net: Net, graph: LayeredGraph, rng: np.random.Generator, n_removed: int, n_repeats: int
) -> tuple[Consistency, Consistency]:
    """Consistency among all pairs and among those of adjacent layers."""
    n_absent = n_removed - net.source.size
    n_pairs = n_absent + net.layer.size * (net.layer.size - 1) // 2
    n_adjacent = n_absent + _n_adjacent(graph, net)
    draws = [rng.choice(net.source.size, n_removed, replace=False) for _ in range(n_repeats)]

    def found_again(removed: np.ndarray) -> tuple[Recovery, Recovery]:
        gone = np.zeros(net.source.size, np.bool_)
        gone[removed] = True
        scores = perturbed_scores(net.matrix(~gone), net.matrix(gone), net.sides)
        among = _adjacent(graph, net, scores.rows, scores.columns)
        return scores.recovery(n_pairs), scores.recovery(n_adjacent, among)

    pairs, adjacent = zip(*side_by_side(found_again, draws), strict=True)
    return _summary(pairs, n_removed / n_pairs, n_pairs), _summary(adjacent, n_removed / n_adjacent, n_adjacent)


def _summary(repeats: Sequence[Recovery], at_random: float, n_candidates: int) -> Consistency:
    shares = np.array([repeat.share for repeat in repeats])
    n_tied = sum(repeat.n_tied > 0 for repeat in repeats)
    return Consistency(float(shares.mean()), float(shares.std()), at_random, n_candidates, n_tied)
