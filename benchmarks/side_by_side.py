"""Contestants timed in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
import itertools
import statistics
import time
from collections.abc import Callable, Mapping

import numpy as np

from sparsegraph.graph.layered import LayeredGraph


def alternate(
    contestants: Mapping[str, Callable[[], object]], *, repeats: int, budget: float
) -> dict[str, list[float]]:
    """Seconds of each call, A B C A B C ..., after one call each to warm up.

    A contestant that has used its ``budget`` of seconds takes no further turn; the warm-up then counts as its turn.
    """
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for name, call in contestants.items():
        first = seconds(call)
        if first > budget:
            taken[name].append(first)
    for _ in range(repeats):
        for name, call in contestants.items():
            if sum(taken[name]) < budget:
                taken[name].append(seconds(call))
    return taken


def seconds(call: Callable[[], object]) -> float:
    """Wall-clock time of one call, without pauses of the garbage collector."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    call()
    spent = time.perf_counter() - start
    gc.enable()
    return spent


def show(title: str, taken: Mapping[str, list[float]]) -> None:
    """A table of medians and ratios to the first contestant."""
    base = statistics.median(next(iter(taken.values())))
    print(f"\n{title}\n{'':34s}{'median':>12s}{'least':>12s}{'ratio':>9s}{'n':>4s}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:34s}{median * 1e3:9.2f} ms{min(times) * 1e3:9.2f} ms{median / base:8.2f}x{len(times):4d}")


def random_net(sizes: tuple[int, ...], n_links: int, seed: int = 0) -> LayeredGraph:
    """About ``n_links`` distinct links, spread over the blocks by their size, with normal weights."""
    from scipy import sparse

    rng = np.random.default_rng(seed)
    possible = [a * b for a, b in itertools.pairwise(sizes)]
    matrices = []
    for n_source, cells in zip(sizes, possible, strict=False):
        wanted = round(n_links * cells / sum(possible))
        places = np.unique(rng.integers(0, cells, wanted))
        n_target = cells // n_source
        entries = (rng.normal(size=places.size), (places // n_target, places % n_target))
        matrices.append(sparse.csr_array(entries, shape=(n_source, n_target)))
    return LayeredGraph.from_matrices(matrices)
