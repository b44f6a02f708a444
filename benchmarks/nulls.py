"""Degree-preserving draws of one block side by side with igraph, networkit, networkx and a Curveball in Python sets.

python benchmarks/nulls.py

Each contestant makes as many steps as its authors advise (igraph and networkx 10 swaps a link, networkit 10 swaps or 20
global trades), ours its 60 rounds; beside the times stands what is left of the start: the share of links in their old
places minus that of independent draws, in thousandths.  Peers get a directed graph from rows to columns, so that links
stay between the two sides; networkx has undirected swaps only, which do not.  Construction is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from side_by_side import alternate, show

from sparsegraph.kernels.nulls import erdos_renyi, rewired
from sparsegraph.topology.scale_free import bipartite_scale_free

Shape = tuple[int, int]
Contestant = tuple[Callable[[], Any], Callable[[Any], np.ndarray]]
"""What is timed, and how its answer is read: flat positions, or none if links may have left the block."""

BLOCKS: dict[str, tuple[Shape, Callable[[np.random.Generator], np.ndarray]]] = {
    "Erdos-Renyi": ((784, 1000), lambda rng: erdos_renyi((784, 1000), 7_840, rng=rng)),
    "scale-free": ((1000, 1000), lambda rng: bipartite_scale_free((1000, 1000), 10_000, rng=rng)[0].positions),
    "nested": ((1000, 1000), lambda rng: nested((1000, 1000), rng)),
    "large": ((1000, 1000), lambda rng: bipartite_scale_free((1000, 1000), 100_000, rng=rng)[0].positions),
}
LARGEST_FOR_PYTHON = 10_000


def main() -> None:
    for title, (shape, draw) in BLOCKS.items():
        rng = np.random.default_rng(0)
        start = draw(rng)
        limit = float(np.mean([shared(start, rewired(start, shape, rng=rng, rounds=400)) for _ in range(3)]))
        chosen = contestants(start, shape)
        last: dict[str, Any] = {}
        timed = {name: keeping(last, name, call) for name, (call, _) in chosen.items()}
        what = f"{title}, {shape[0]} x {shape[1]}, {start.size} links, load {os.getloadavg()[0]:.1f}"
        show(what, alternate(timed, repeats=5, budget=10.0))
        print(f"left of the start, thousandths (independent draws share {limit:.3f}):")
        for name, (_, read) in chosen.items():
            found = read(last[name])
            print(
                f"  {name:34s}"
                + (f"{1000 * (shared(start, found) - limit):+.1f}" if found.size else "leaves the block")
            )


def nested(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    rows, columns = (1.0 / (1.0 + np.arange(size)) for size in shape)
    return np.flatnonzero(rng.random(shape) < np.minimum(1.0, 700.0 * np.outer(rows, columns)))


def shared(one: np.ndarray, other: np.ndarray) -> float:
    return np.intersect1d(one, other, assume_unique=True).size / one.size


def keeping(last: dict[str, Any], name: str, call: Callable[[], Any]) -> Callable[[], None]:
    """The call, with its last answer kept."""

    def keep() -> None:
        last[name] = call()

    return keep


def contestants(start: np.ndarray, shape: Shape) -> dict[str, Contestant]:
    rng = np.random.default_rng(1)
    found: dict[str, Contestant] = {
        "sparsegraph rewired, 60 rounds": (lambda: rewired(start, shape, rng=rng), np.asarray),
        "sparsegraph rewired, 20 rounds": (lambda: rewired(start, shape, rng=rng, rounds=20), np.asarray),
        "igraph rewire, 10 swaps a link": of_igraph(start, shape),
        "networkit EdgeSwitching, 10": of_networkit(start, shape, "switch"),
        "networkit GlobalCurveball, 20": of_networkit(start, shape, "trade"),
    }
    if start.size <= LARGEST_FOR_PYTHON:
        found["Curveball in sets, 5 trades a row"] = (lambda: curveball(start, shape, rng), np.asarray)
        found["networkx double_edge_swap, 10"] = of_networkx(start, shape)
    return found


def of_igraph(start: np.ndarray, shape: Shape) -> Contestant:
    import igraph

    ends = np.stack([start // shape[1], shape[0] + start % shape[1]], axis=1)
    made = igraph.Graph(n=sum(shape), edges=ends, directed=True)

    def call() -> Any:
        graph = made.copy()
        graph.rewire(n=10 * start.size)
        return graph

    return call, lambda graph: positions(np.array(graph.get_edgelist()), shape)


def of_networkit(start: np.ndarray, shape: Shape, how: str) -> Contestant:
    import networkit

    networkit.setNumberOfThreads(1)
    made = networkit.Graph(sum(shape), directed=True)
    for row, column in zip((start // shape[1]).tolist(), (shape[0] + start % shape[1]).tolist(), strict=True):
        made.addEdge(row, column)

    def call() -> Any:
        if how == "switch":
            chain = networkit.randomization.EdgeSwitching(made, 10.0, degreePreservingShufflePreprocessing=False)
        else:
            chain = networkit.randomization.GlobalCurveball(made, 20, True, False)
        chain.run()
        return chain.getGraph()

    return call, lambda graph: positions(np.array(list(graph.iterEdges())), shape)


def of_networkx(start: np.ndarray, shape: Shape) -> Contestant:
    import networkx

    made = networkx.Graph(zip((start // shape[1]).tolist(), (shape[0] + start % shape[1]).tolist(), strict=True))

    def call() -> Any:
        return networkx.double_edge_swap(made.copy(), nswap=10 * start.size, max_tries=10**9, seed=1)

    return call, lambda graph: np.empty(0, np.int64)


def curveball(start: np.ndarray, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """The algorithm of Strona et al. (2014) as it is usually written: a Python set for each row."""
    ends = np.searchsorted(start, np.arange(shape[0] + 1) * shape[1])
    rows = [set((start[first:last] % shape[1]).tolist()) for first, last in pairwise(ends)]
    for one, other in rng.integers(shape[0], size=(5 * shape[0], 2)).tolist():
        common = rows[one] & rows[other]
        pool = list(rows[one] ^ rows[other])
        wanted = len(rows[one]) - len(common)
        if one != other and 0 < wanted < len(pool):
            dealt = rng.permutation(pool).tolist()
            rows[one], rows[other] = common | set(dealt[:wanted]), common | set(dealt[wanted:])
    return np.sort([row * shape[1] + column for row, columns in enumerate(rows) for column in columns])


def positions(ends: np.ndarray, shape: Shape) -> np.ndarray:
    return np.sort(ends[:, 0] * shape[1] + ends[:, 1] - shape[0])


if __name__ == "__main__":
    main()
