"""Small world: are neurons close to each other and their neighbourhoods dense, against chance and against a lattice?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.groups import redrawn
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.kernels.four_cycles import n_two_paths
from sparsegraph.kernels.ring_lattice import ring_lattice
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.overlap import (
    BlockFourCycles,
    FourCycles,
    block_four_cycles,
    four_cycles,
    robins_alexander,
    together,
    transitivity,
)
from sparsegraph.measures.path_length import PathLength, distances_in
from sparsegraph.measures.twins import WORDS, Null, adjacency_of, masks_of, twins
from sparsegraph.result import Result, Undefined

LARGEST_EXACT, N_SOURCES = 20_000, 2048
"""Up to so many neurons distances are measured from all of them, beyond from so many drawn at random."""

ALIKE = 0.05
"""Mean distances are compared where the shares of joined pairs differ by no more than this part of either."""

STEPS_A_LINK = 40
"""What drawing a twin costs, in steps: so many trades of each link."""


@dataclass(frozen=True)
class Reference(Result):
    """What the graph is compared with.

    Parameters
    ----------
    clustering, path_length : float
        Mean over the random twins of ``whole.robins_alexander`` and of the mean distance.
    clustering_std, path_length_std : float
        Their standard deviations (n - 1); undefined below two twins.
    joined_share : float
        Mean share of the pairs of neurons that a path joins.
    lattice_clustering : float
        ``whole.robins_alexander`` of the ring lattice with as many links per block.
    """

    clustering: float | Undefined
    clustering_std: float | Undefined
    path_length: float | Undefined
    path_length_std: float | Undefined
    joined_share: float | Undefined
    lattice_clustering: float | Undefined


@dataclass(frozen=True)
class SmallWorld(Result):
    """Clustering by four-cycles, distances, and both against chance.

    Parameters
    ----------
    sigma : float
        ``(C / C_random) / (L / L_random)``: above 1 if neighbourhoods overlap more than by chance and distances have
        not grown as much; undefined, as omega, where ``joined_share`` is more than 5 % off that of the twins.
    omega : float
        ``L_random / L - C / C_lattice``: towards 1 like a random graph, towards -1 like a lattice, near 0 between.
    path_length, path_length_error, efficiency : float
        Mean distance between neurons that a path joins, its standard error through sampling (0 if exact), and the
        mean of 1 / distance.
    joined_share : float
        Share of the ordered pairs of neurons that a path joins: those that ``path_length`` is a mean of.
    whole : FourCycles
        In the undirected whole graph, so that cycles may lie in two blocks; C is its ``robins_alexander``.
    blocks_together : float
        ``robins_alexander`` of all blocks, each by itself: sums of four-cycles over sums of three-paths.
    per_block : tuple of BlockFourCycles
    transitivity : float
        Ordinary clustering, ``3 triangles / paths of two links``; 0 in every bipartite graph and no measure there.
    bipartite : bool
        Whether the layers fall into two classes with links only from one to the other, as in every chain.
    reference : Reference
    random_line, ultra_small_line : float
        ``ln N / ln <k>`` and ``ln ln N`` over the N neurons that have links: the mean distances expected of random
        graphs, and of scale-free ones with an exponent between 2 and 3.
    n_null : int
    null, lattice, projection, readout : str
        Conventions.
    """

    sigma: float | Undefined
    omega: float | Undefined
    path_length: float | Undefined
    path_length_error: float | Undefined
    efficiency: float | Undefined
    joined_share: float | Undefined
    whole: FourCycles
    blocks_together: float | Undefined
    per_block: tuple[BlockFourCycles, ...]
    transitivity: float | Undefined
    bipartite: bool
    reference: Reference
    random_line: float | Undefined
    ultra_small_line: float | Undefined
    n_null: int
    null: str
    lattice: str
    readout: str
    projection: str = "undirected, unweighted whole graph"


@register("small_world", main=("whole.robins_alexander", "whole.latapy"), lighter={"n_null": 0})
def small_world(
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    readout: ReadoutPolicy = "auto",
    n_null: int = 10,
    null: Null = "degree",
    most_steps: int = 2 * 10**9,
) -> SmallWorld:
    """Clustering of a bipartite network by four-cycles, and small-worldness sigma and omega against random twins.

    In the undirected graph, weights left out, C = ``4 four-cycles / paths of three links``.  With L the mean distance
    and means over random twins, ``sigma = (C / C_random) / (L / L_random)`` and
    ``omega = L_random / L - C / C_lattice``.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
        Draws the twins.
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.  It counts in
        ``path_length``, but here it would drown all others: every two outputs close a four-cycle with every two
        neurons before them.
    n_null : int
        Random twins, from 0; without any, sigma and omega are undefined.
    null : {"degree", "er"}
        What the twins keep: the degree of every neuron in every block, or the number of links of every block.
    most_steps : int
        With more paths of two links, ``sum k (k - 1)``, nothing is counted and every number is undefined; with more
        of these and of ``40 n_null links`` together, the twins are not drawn.

    Returns
    -------
    SmallWorld

    Raises
    ------
    DataError
        If ``n_null`` is negative, ``null`` unknown or ``most_steps`` below 1.

    Notes
    -----
    O(sum k^2) steps for the overlaps of the graph; for each twin the sum over links of the smaller degree, and the
    distances as in ``path_length``, beyond 20,000 neurons from 2,048 sources.  In a net of many parts only near neurons
    are joined, and its mean distance is small beside that of twins of one part; hence ``joined_share``.

    Linked neurons of a layered net share no neighbour, so that ordinary clustering is 0 whatever its structure, and
    sigma of Humphries and Gurney is taken with four-cycles.  Latapy and co-authors take the mean over all neurons of
    one side; here it runs over both sides, and neurons without any other at distance two have no value (networkx
    counts them as 0).  The lattice of Telesford and co-authors keeps the degrees; ours is the bipartite ring lattice
    (BSW with beta = 0), whose degrees are equal on the larger side, so that omega can fall below -1 in nets with hubs.

    References
    ----------
    G. Robins, M. Alexander, Small worlds among interlocking directors: network structure and distance in bipartite
    graphs, Computational & Mathematical Organization Theory 10 (2004) 69.
    M. Latapy, C. Magnien, N. Del Vecchio, Basic notions for the analysis of large two-mode networks, Social Networks
    30 (2008) 31, section 6.
    M. D. Humphries, K. Gurney, Network "small-world-ness": a quantitative method for determining canonical network
    equivalence, PLoS ONE 3 (2008) e2051, equation 3.
    Q. K. Telesford, K. E. Joyce, S. Hayasaka, J. H. Burdette, P. J. Laurienti, The ubiquity of small-world networks,
    Brain Connectivity 1 (2011) 367, equation 4.
    R. Cohen, S. Havlin, Scale-free networks are ultrasmall, Physical Review Letters 90 (2003) 058701.

    Examples
    --------
    >>> import numpy as np
    >>> square = LayeredGraph.from_matrices([np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])])
    >>> result = small_world(square, rng=np.random.default_rng(0))
    >>> result.whole.n_four_cycles, result.whole.n_three_paths, result.whole.robins_alexander
    (1, 6, 0.6666666666666666)
    """
    if most_steps < 1:
        raise DataError(f"most_steps is {most_steps}; at least 1 step is needed")
    choice = choose_readout(graph, readout)
    counted = choice.graph
    drawn = twins(counted, n_null, null, rng=rng)
    conventions: dict[str, Any] = {
        "n_null": n_null,
        "null": f"twins with {WORDS[null]}",
        "lattice": "bipartite ring lattice with the same number of links in every block",
        "readout": choice.convention,
    }
    n_steps = n_two_paths(degrees(counted).total)
    if n_steps > most_steps:
        return _too_large(
            counted, f"{n_steps:,} paths of two links are more than most_steps={most_steps:,}", conventions
        )
    masks = masks_of(counted)
    indptr, neighbours = adjacency_of(counted, masks)
    whole, distances = four_cycles(indptr, neighbours), _distances(indptr, neighbours, rng)
    per_block = tuple(block_four_cycles(block.name, mask) for block, mask in zip(counted.blocks, masks, strict=True))
    n_steps += STEPS_A_LINK * n_null * counted.n_links
    if n_steps > most_steps:
        why, drawn = Undefined(f"the twins take {n_steps:,} steps, more than most_steps={most_steps:,}"), iter(())
    else:
        why = Undefined("no random twins were asked for: n_null=0")
    reference = _reference(counted, drawn, why, rng)
    clustering, joined = whole.robins_alexander, _joined_share(distances, counted.n_neurons)
    farther = _farther(distances.mean, joined, reference)
    return SmallWorld(
        sigma=_ratio(_ratio(clustering, reference.clustering), farther),
        omega=_difference(_ratio(1.0, farther), _ratio(clustering, reference.lattice_clustering)),
        path_length=distances.mean,
        path_length_error=distances.standard_error,
        efficiency=distances.efficiency,
        joined_share=joined,
        whole=whole,
        blocks_together=together(per_block),
        per_block=per_block,
        transitivity=transitivity(indptr, neighbours),
        bipartite=_is_bipartite(counted),
        reference=reference,
        **_lines(indptr),
        **conventions,
    )


def _too_large(graph: LayeredGraph, reason: str, conventions: Mapping[str, Any]) -> SmallWorld:
    def unknown(kind: type[Result], *others: str) -> dict[str, Any]:
        return dict.fromkeys((field.name for field in fields(kind) if field.name not in others), Undefined(reason))

    cycles = unknown(FourCycles)
    known: dict[str, Any] = {
        "whole": FourCycles(**cycles),
        "per_block": tuple(BlockFourCycles(**cycles, block=block.name) for block in graph.blocks),
        "bipartite": _is_bipartite(graph),
        "reference": Reference(**unknown(Reference)),
        **conventions,
    }
    return SmallWorld(**unknown(SmallWorld, *known, "projection"), **known)


def _distances(indptr: np.ndarray, neighbours: np.ndarray, rng: np.random.Generator) -> PathLength:
    n_neurons = indptr.size - 1
    n_sources = n_neurons if n_neurons <= LARGEST_EXACT else N_SOURCES
    return distances_in(indptr, neighbours, n_sources=n_sources, rng=rng)


def _joined_share(distances: PathLength, n_neurons: int) -> float:
    """Share of the ordered pairs of neurons that a path joins."""
    return sum(distances.counts) / (distances.n_sources * (n_neurons - 1))


def _farther(length: float | Undefined, joined: float, reference: Reference) -> float | Undefined:
    """``L / L_random``, of means over about as many pairs: many parts of a net leave only near ones joined."""
    others = reference.joined_share
    if not isinstance(others, Undefined) and abs(joined - others) > ALIKE * max(joined, others):
        return Undefined(
            f"a path joins {100 * joined:.3g} % of the pairs and {100 * others:.3g} % in the twins: mean distances of "
            "different pairs cannot be compared"
        )
    return _ratio(length, reference.path_length)


def _reference(
    graph: LayeredGraph, drawn: Iterable[list[Mask]], none: Undefined, rng: np.random.Generator
) -> Reference:
    """Means over the twins that were drawn, or ``none`` without any; and the lattice."""
    clustering: list[float | Undefined] = []
    lengths: list[float | Undefined] = []
    joined: list[float | Undefined] = []
    for twin in drawn:
        adjacency = adjacency_of(graph, twin)
        clustering.append(robins_alexander(*adjacency))
        distances = _distances(*adjacency, rng)
        lengths.append(distances.mean)
        joined.append(_joined_share(distances, graph.n_neurons))
    lattice = [redrawn(block, lambda mask: ring_lattice(mask.shape, mask.n_links, rng=rng)) for block in graph.blocks]
    return Reference(
        *_moments(clustering, none),
        *_moments(lengths, none),
        _moments(joined, none)[0],
        robins_alexander(*adjacency_of(graph, lattice)),
    )


def _moments(values: Sequence[float | Undefined], none: Undefined) -> tuple[float | Undefined, float | Undefined]:
    """Mean and standard deviation; a twin without value makes both undefined."""
    if not values:
        return none, none
    numbers = []
    for value in values:
        if isinstance(value, Undefined):
            return value, value
        numbers.append(value)
    spread = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else Undefined("one twin has no spread")
    return float(np.mean(numbers)), spread


def _ratio(value: float | Undefined, by: float | Undefined) -> float | Undefined:
    if isinstance(value, Undefined) or isinstance(by, Undefined):
        return value if isinstance(value, Undefined) else by
    return value / by if by else Undefined("no four-cycle in any of the nets that it is compared with")


def _difference(value: float | Undefined, less: float | Undefined) -> float | Undefined:
    if isinstance(value, Undefined) or isinstance(less, Undefined):
        return value if isinstance(value, Undefined) else less
    return value - less


def _is_bipartite(graph: LayeredGraph) -> bool:
    """Whether the layers can be coloured with two colours so that every block joins two different ones."""
    colour: dict[int, int] = {}
    for start in range(len(graph.layers)):
        waiting = [] if start in colour else [start]
        colour.setdefault(start, 0)
        while waiting:
            layer = waiting.pop()
            for block in graph.blocks:
                if layer in (block.source, block.target):
                    other = block.source + block.target - layer
                    if other not in colour:
                        waiting.append(other)
                    if colour.setdefault(other, 1 - colour[layer]) == colour[layer]:
                        return False
    return True


def _lines(indptr: np.ndarray) -> dict[str, Any]:
    degrees = np.diff(indptr)
    degrees = degrees[degrees > 0]
    if degrees.size == 0 or degrees.mean() <= 1.0:
        few = Undefined("no links" if degrees.size == 0 else "the mean degree is 1")
        return {"random_line": few, "ultra_small_line": few}
    size = float(np.log(degrees.size))
    return {"random_line": size / float(np.log(degrees.mean())), "ultra_small_line": float(np.log(size))}
