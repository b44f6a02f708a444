"""Distances from many sources at once: breadth-first search on bits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numba
import numpy as np

from sparsegraph.kernels.bit_rows import (
    WORDS,
    add_counts,
    either,
    is_any,
    load_bits,
    store_bits,
    without,
    zero_bits,
)

SOURCES_PER_WORD = 64
SOURCES_A_SWEEP = WORDS * SOURCES_PER_WORD
STATE_BYTES = 2**30
"""Memory for the state of all sweeps that run side by side; beyond it fewer do."""


class Sides(NamedTuple):
    """Neurons by side, those of side 0 first, and where each side begins and ends; one side if there are not two."""

    members: np.ndarray
    starts: np.ndarray


def sides_of(indptr: np.ndarray, neighbours: np.ndarray) -> Sides:
    """The two sides of a bipartite graph: no link joins two neurons of one side.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency.

    Returns
    -------
    Sides
        ``members`` int64 of shape (n_neurons,), ``starts`` of shape (3,), or (2,) if the graph is not bipartite.
    """
    side = _two_sides(indptr, neighbours)
    if side.size == 0 and indptr.size > 1:
        return Sides(np.arange(indptr.size - 1), np.array([0, indptr.size - 1]))
    return Sides(np.argsort(side, kind="stable"), np.array([0, int((side == 0).sum()), side.size]))


def distance_counts(
    indptr: np.ndarray, neighbours: np.ndarray, sources: np.ndarray | None = None, *, n_threads: int | None = None
) -> np.ndarray:
    """How many neurons lie at each distance from each group of 64 sources.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency.
    sources : ndarray of int, shape (n_sources,), optional
        Distinct neurons; consecutive runs of 64 form the groups.  By default all, grouped as is fastest.
    n_threads : int, optional
        Sweeps that run side by side; by default as many as numba uses.  The result does not depend on it.

    Returns
    -------
    ndarray of int64, shape (n_groups, longest distance + 1)
        ``[g, d]`` is the number of ordered pairs (source of group g, neuron) at distance d; pairs that no path joins
        are in no column.

    Notes
    -----
    One sweep carries 1,024 sources, one bit each.  At every step a neuron that some source has not reached yet pulls
    the bits of its neighbours: at most O(n_links) rows of bits a step, and layered networks are only a few steps wide.
    Where all sources of a sweep lie on one side of a bipartite graph, the neurons that they reach lie on either side
    by turns: each step looks at one side only, and may overwrite it, as the other stays.

    References
    ----------
    M. Then et al., The more the merrier: efficient multi-source graph traversal, Proceedings of the VLDB Endowment
    8 (2014) 449.
    """
    n_neurons = indptr.size - 1
    sides = sides_of(indptr, neighbours)
    chosen = sides.members if sources is None else np.asarray(sources, np.int64)
    sweeps = [chosen[i : i + SOURCES_A_SWEEP] for i in range(0, chosen.size, SOURCES_A_SWEEP)]
    at_once = max(1, min(n_threads or numba.get_num_threads(), STATE_BYTES // (16 * WORDS * max(n_neurons, 1))))
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        counted = list(pool.map(lambda some: _swept(indptr, neighbours, sides, some), sweeps))
    longest = max((part.shape[1] for part in counted), default=1)
    padded = [np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in counted]
    return np.concatenate(padded) if padded else np.zeros((0, longest), np.int64)


def _swept(indptr: np.ndarray, neighbours: np.ndarray, sides: Sides, sources: np.ndarray) -> np.ndarray:
    """Distance counts of one sweep, shape (n_groups, longest distance + 1)."""
    seen = zero_bits(indptr.size - 1)
    index = np.arange(sources.size)
    seen[sources, index // SOURCES_PER_WORD] = np.uint64(1) << (index % SOURCES_PER_WORD).astype(np.uint64)
    every = np.bitwise_or.reduce(seen[sources], axis=0, keepdims=True)
    first = _side_of_all(sides, indptr.size - 1, sources)
    if first is None:
        everyone = Sides(np.arange(indptr.size - 1), np.array([0, indptr.size - 1]))
        counts = _sweep(indptr, neighbours, everyone, 0, (every, seen, seen.copy()))
    else:
        counts = _sweep(indptr, neighbours, sides, first, (every, seen, seen))
    return counts[:, : -(-sources.size // SOURCES_PER_WORD)].T


def _side_of_all(sides: Sides, n_neurons: int, sources: np.ndarray) -> int | None:
    """The side on which all sources lie, if there are two."""
    if sides.starts.size == 2:
        return None
    side = np.ones(n_neurons, np.int8)
    side[sides.members[: sides.starts[1]]] = 0
    lowest, highest = int(side[sources].min()), int(side[sources].max())
    return lowest if lowest == highest else None


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _sweep(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    sides: Sides,
    first: int,
    state: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """Distance counts of one sweep, shape (longest distance + 1, WORDS)."""
    every, before, after = state
    counts = np.zeros((16, WORDS), np.int64)
    for neuron in range(indptr.size - 1):
        add_counts(counts, 0, load_bits(before, neuron))
    n_sides = sides.starts.size - 1
    side, distance = first, 0
    while True:
        distance += 1
        side = (side + 1) % n_sides
        if distance == counts.shape[0]:
            counts = np.concatenate((counts, np.zeros_like(counts)))
        members = sides.members[sides.starts[side] : sides.starts[side + 1]]
        _step(indptr, neighbours, members, (every, before, after), counts[distance : distance + 1])
        if counts[distance].sum() == 0:
            return counts[:distance].copy()
        before, after = after, before


@numba.njit(cache=True, nogil=True, boundscheck=False)
def _step(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    members: np.ndarray,
    state: tuple[np.ndarray, np.ndarray, np.ndarray],
    counts: np.ndarray,
) -> None:
    """Let the given neurons pull the bits of their neighbours; ``before`` and ``after`` may be one."""
    every, before, after = state
    wanted = load_bits(every, 0)
    for place in range(members.size):
        neuron = members[place]
        own = load_bits(before, neuron)
        pulled = own
        if is_any(without(wanted, own)):
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other = np.uint32(neighbours[entry])  # unsigned: no test for an index from the end
                pulled = either(pulled, load_bits(before, other))
            add_counts(counts, 0, without(pulled, own))
        store_bits(after, neuron, pulled)


@numba.njit(cache=True)
def _two_sides(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Side of each neuron, 0 or 1, in each component the first neuron's being 0; empty if there are not two sides."""
    n_neurons = indptr.size - 1
    side = np.full(n_neurons, -1, np.int8)
    queue = np.empty(n_neurons, np.int32)
    for start in range(n_neurons):
        if side[start] >= 0:
            continue
        side[start] = 0
        queue[0] = start
        place, n_queued = 0, 1
        while place < n_queued:
            neuron = queue[place]
            place += 1
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other = neighbours[entry]
                if side[other] < 0:
                    side[other] = 1 - side[neuron]
                    queue[n_queued] = other
                    n_queued += 1
                elif side[other] == side[neuron]:
                    return side[:0].copy()
    return side


@numba.njit(cache=True)
def component_labels(indptr: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Connected component of each neuron, numbered from 0 by first neuron; ndarray of int32, shape (n_neurons,)."""
    n_neurons = indptr.size - 1
    label = np.full(n_neurons, -1, np.int32)
    queue = np.empty(n_neurons, np.int32)
    n_labels = 0
    for start in range(n_neurons):
        if label[start] >= 0:
            continue
        label[start] = n_labels
        queue[0] = start
        place, n_queued = 0, 1
        while place < n_queued:
            neuron = queue[place]
            place += 1
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other = neighbours[entry]
                if label[other] < 0:
                    label[other] = n_labels
                    queue[n_queued] = other
                    n_queued += 1
        n_labels += 1
    return label
