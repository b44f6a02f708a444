"""Distances from many sources at once: breadth-first search on bits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic

SOURCES_PER_WORD = 64
MOST_WORDS = 16
"""Words a neuron: 16 words are two lines of cache, which one visit of a neighbour loads anyway."""
STATE_BYTES = 128 * 2**20
"""Memory for one sweep's state; beyond it a sweep takes fewer sources."""


@intrinsic
def _bits_set(typing_context: Any, word: Any) -> Any:
    """Number of bits set in a word of 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


def distance_counts(
    indptr: np.ndarray, neighbours: np.ndarray, sources: np.ndarray, *, n_threads: int | None = None
) -> np.ndarray:
    """How many neurons lie at each distance from each group of 64 sources.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency.
    sources : ndarray of int, shape (n_sources,)
        Distinct neurons; consecutive runs of 64 form the groups.
    n_threads : int, optional
        Sweeps that run side by side; by default as many as numba uses.  The result does not depend on it.

    Returns
    -------
    ndarray of int64, shape (n_groups, longest distance + 1)
        ``[g, d]`` is the number of ordered pairs (source of group g, neuron) at distance d; pairs that no path joins
        are in no column.

    Notes
    -----
    One sweep carries up to 1024 sources, one bit each.  At every step a neuron that some source has not reached yet
    pulls its neighbours' bits; it costs O(n_links) words a step, and layered networks are only a few steps wide.

    References
    ----------
    M. Then et al., The more the merrier: efficient multi-source graph traversal, Proceedings of the VLDB Endowment
    8 (2014) 449.
    """
    n_neurons = indptr.size - 1
    words_needed = -(-sources.size // SOURCES_PER_WORD)
    n_words = max(1, min(MOST_WORDS, words_needed, STATE_BYTES // (24 * max(n_neurons, 1))))
    size = n_words * SOURCES_PER_WORD
    sweeps = [np.asarray(sources[i : i + size], np.int64) for i in range(0, sources.size, size)]
    with ThreadPoolExecutor(max_workers=n_threads or numba.get_num_threads()) as pool:
        counted = list(pool.map(lambda some: _sweep(indptr, neighbours, some), sweeps))
    longest = max((part.shape[1] for part in counted), default=1)
    padded = [np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in counted]
    return np.concatenate(padded) if padded else np.zeros((0, longest), np.int64)


@numba.njit(cache=True, nogil=True)
def _sweep(indptr: np.ndarray, neighbours: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """Distance counts of one batch of sources, shape (n_words, longest distance + 1)."""
    n_neurons = indptr.size - 1
    n_words = -(-sources.size // 64)
    every = np.zeros(n_words, np.uint64)
    seen = np.zeros((n_neurons, n_words), np.uint64)
    for index in range(sources.size):
        bit = np.uint64(1) << np.uint64(index % 64)
        every[index // 64] |= bit
        seen[sources[index], index // 64] |= bit
    front, behind = seen.copy(), np.zeros_like(seen)
    counts = np.zeros((n_words, 16), np.int64)
    for word in range(n_words):
        counts[word, 0] = min(64, sources.size - 64 * word)
    distance = 0
    while True:
        distance += 1
        if distance == counts.shape[1]:
            wider = np.zeros((n_words, 2 * distance), np.int64)
            wider[:, :distance] = counts
            counts = wider
        _step(indptr, neighbours, (every, seen, front, behind), counts[:, distance])
        if counts[:, distance].sum() == 0:
            return counts[:, :distance].copy()
        front, behind = behind, front


@numba.njit(cache=True, nogil=True)
def _step(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    state: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    counts: np.ndarray,
) -> None:
    """Let every neuron pull the front's bits from its neighbours into ``behind``, the next front."""
    every, seen, front, behind = state
    n_words = every.size
    pulled = np.empty(n_words, np.uint64)
    for neuron in range(indptr.size - 1):
        missing = np.uint64(0)
        for word in range(n_words):
            missing |= every[word] & ~seen[neuron, word]
            behind[neuron, word] = 0
        if missing == 0:
            continue
        pulled[:] = 0
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = np.uint32(neighbours[entry])  # unsigned: no test for an index from the end
            for word in range(n_words):
                pulled[word] |= front[other, word]
        for word in range(n_words):
            new = pulled[word] & ~seen[neuron, word]
            behind[neuron, word] = new
            seen[neuron, word] |= new
            counts[word] += np.int64(_bits_set(new))  # type: ignore[call-arg]


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
