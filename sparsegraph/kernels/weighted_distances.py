"""Weighted distances from many neurons: shortest paths in rounds, between which links that lead nowhere are dropped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numba
import numpy as np

FIRST_ROUND = 64
"""Sources of the first round; each later round has twice as many."""
PARTS = 16
"""Tasks that a round is cut into, so that no thread waits long for another."""
BUCKETS_PER_NEURON = 8
"""Up to this many possible distances ahead a neuron, buckets are faster than a heap."""
WHOLE_DISTANCES = 2**31
"""Distances of the bucket queue are 32-bit integers."""


class WeightedLinks(NamedTuple):
    """Undirected compressed rows: ``indptr`` int64, ``neighbours`` int32, ``weight`` float64, above 0."""

    indptr: np.ndarray
    neighbours: np.ndarray
    weight: np.ndarray


def weighted_distances(links: WeightedLinks, sources: np.ndarray, *, n_threads: int | None = None) -> np.ndarray:
    """Length of the shortest path from each source to each neuron.

    Parameters
    ----------
    links : WeightedLinks
        Each link in the rows of both its ends, of equal weight.
    sources : ndarray of int, shape (n_sources,)
        Distinct neurons.
    n_threads : int, optional
        Threads; by default as many as numba uses.  The result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_sources, n_neurons)
        Infinite where no path leads; exact if all weights are integers.

    Notes
    -----
    Dijkstra's algorithm, O(n_sources (n_links + n_neurons log n_neurons)) at worst.  A link that is longer than the
    distance of its ends lies on no shortest path.  The sources with most links go first, and after every round such
    links of the sources done are dropped; in trained networks, whose hubs are joined by long links, this leaves a
    third or less of the links.  Integer weights that are small beside the number of neurons go through a circular
    array of buckets, one a distance (Dial), others through a heap with four children a place.

    References
    ----------
    E. W. Dijkstra, A note on two problems in connexion with graphs, Numerische Mathematik 1 (1959) 269.
    R. B. Dial, Algorithm 360: shortest-path forest with topological ordering, Communications of the ACM 12 (1969) 632.
    """
    n_neurons = links.indptr.size - 1
    distances = np.empty((sources.size, n_neurons))
    order = np.argsort(-np.diff(links.indptr)[sources], kind="stable")
    whole = bool((links.weight == np.floor(links.weight)).all())
    done, size = 0, FIRST_ROUND
    with ThreadPoolExecutor(max_workers=n_threads or numba.get_num_threads()) as pool:
        while done < order.size:
            rows = order[done : done + size]
            parts = [part for part in np.array_split(rows, PARTS) if part.size]
            search = _by_buckets if done > 0 and whole and _few_buckets(links) else _by_heap
            list(pool.map(partial(_fill, search, links, sources, distances), parts))
            done, size = done + size, 2 * size
            if done < order.size:
                links = WeightedLinks(*_without_detours(*links, distances, sources, rows))
    return distances


Search = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray], None]


def _fill(search: Search, links: WeightedLinks, sources: np.ndarray, distances: np.ndarray, rows: np.ndarray) -> None:
    search(*links, rows, sources, distances)


def _few_buckets(links: WeightedLinks) -> bool:
    n_neurons, longest = links.indptr.size - 1, links.weight.max(initial=0.0)
    return bool(longest <= BUCKETS_PER_NEURON * n_neurons and longest * n_neurons < WHOLE_DISTANCES)


@numba.njit(cache=True, nogil=True)
def _by_heap(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    weight: np.ndarray,
    rows: np.ndarray,
    sources: np.ndarray,
    distances: np.ndarray,
) -> None:
    """Fill some rows of the distances with Dijkstra's algorithm on an indexed heap."""
    n_neurons = indptr.size - 1
    heap, place = np.empty(n_neurons, np.int32), np.empty(n_neurons, np.int32)
    for row in rows:
        reached = distances[row]
        reached[:] = np.inf
        place[:] = -1
        heap[0] = sources[row]
        reached[heap[0]], place[heap[0]] = 0.0, 0
        n_waiting = 1
        while n_waiting > 0:
            neuron = heap[0]
            n_waiting -= 1
            if n_waiting > 0:
                _sink(heap, place, reached, n_waiting)
            here = reached[neuron]
            for entry in range(indptr[neuron], indptr[neuron + 1]):
                other, there = neighbours[entry], here + weight[entry]
                if there < reached[other]:
                    reached[other] = there
                    if place[other] < 0:
                        place[other] = n_waiting
                        n_waiting += 1
                    _rise(heap, place, reached, other)


@numba.njit(cache=True, nogil=True, inline="always")
def _sink(heap: np.ndarray, place: np.ndarray, reached: np.ndarray, n_waiting: int) -> None:
    """Put the last neuron of the heap, which has just lost its first, where it belongs."""
    neuron = heap[n_waiting]
    far, at = reached[neuron], 0
    while True:
        child = 4 * at + 1
        if child >= n_waiting:
            break
        nearest = child
        for other in range(child + 1, min(child + 4, n_waiting)):
            if reached[heap[other]] < reached[heap[nearest]]:
                nearest = other
        if reached[heap[nearest]] >= far:
            break
        heap[at] = heap[nearest]
        place[heap[at]] = at
        at = nearest
    heap[at] = neuron
    place[neuron] = at


@numba.njit(cache=True, nogil=True, inline="always")
def _rise(heap: np.ndarray, place: np.ndarray, reached: np.ndarray, neuron: int) -> None:
    """Move a neuron whose distance fell up the heap."""
    near, at = reached[neuron], place[neuron]
    while at > 0:
        parent = (at - 1) // 4
        if reached[heap[parent]] <= near:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = neuron
    place[neuron] = at


@numba.njit(cache=True, nogil=True)
def _by_buckets(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    rows: np.ndarray,
    sources: np.ndarray,
    distances: np.ndarray,
) -> None:
    """Fill some rows of the distances with Dial's circular buckets, for whole weights.

    A bucket is a list of places in ``neuron_at``, linked through ``after``; as no weight exceeds the number of buckets
    less one, all its neurons lie at one distance.  A neuron that came nearer stands in several buckets and counts in
    the first.
    """
    n_neurons = indptr.size - 1
    weight = weights.astype(np.int32)
    last = 1
    while last < weight.max() + 1:
        last *= 2
    last -= 1  # all bits set: distance & last is the bucket
    first = np.full(last + 1, -1, np.int32)
    after, neuron_at = np.empty(neighbours.size + 1, np.int32), np.empty(neighbours.size + 1, np.int32)
    reached = np.empty(n_neurons, np.int32)
    far = np.int32(np.iinfo(np.int32).max)
    for row in rows:
        reached[:] = far
        reached[sources[row]] = 0
        first[0], after[0], neuron_at[0] = 0, -1, sources[row]
        here, n_waiting, n_places = np.int32(0), 1, 1
        while n_waiting > 0:
            bucket = here & last
            place = first[bucket]
            while place >= 0:
                first[bucket] = after[place]
                neuron = neuron_at[place]
                n_waiting -= 1
                if reached[neuron] == here:
                    for entry in range(indptr[neuron], indptr[neuron + 1]):
                        other, there = neighbours[entry], here + weight[entry]
                        if there < reached[other]:
                            reached[other] = there
                            neuron_at[n_places], after[n_places] = other, first[there & last]
                            first[there & last] = n_places
                            n_places += 1
                            n_waiting += 1
                place = first[bucket]
            here += np.int32(1)
        for neuron in range(n_neurons):
            distances[row, neuron] = reached[neuron] if reached[neuron] < far else np.inf


@numba.njit(cache=True)
def _without_detours(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    weight: np.ndarray,
    distances: np.ndarray,
    sources: np.ndarray,
    rows: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The links less those of the given rows' sources that are longer than the distance of their ends."""
    n_neurons = indptr.size - 1
    row_of = np.full(n_neurons, -1, np.int64)
    for row in rows:
        row_of[sources[row]] = row
    n_kept = 0
    starts = np.zeros(n_neurons + 1, np.int64)
    kept, kept_weight = np.empty_like(neighbours), np.empty_like(weight)
    for neuron in range(n_neurons):
        own = row_of[neuron]
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other, length = neighbours[entry], weight[entry]
            detour = own >= 0 and length > distances[own, other]
            if not detour and row_of[other] >= 0:
                detour = length > distances[row_of[other], neuron]
            if not detour:
                kept[n_kept], kept_weight[n_kept] = other, length
                n_kept += 1
        starts[neuron + 1] = n_kept
    return starts, kept[:n_kept].copy(), kept_weight[:n_kept].copy()
