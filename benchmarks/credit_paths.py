"""Counting input-output paths: exact limbs against floats, scipy and Python integers.

python benchmarks/credit_paths.py
"""

from __future__ import annotations

import itertools
import os

import numpy as np
from side_by_side import alternate, random_net, show

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.paths import count_paths, sum_over_paths
from sparsegraph.measures.credit_paths import credit_paths

SLOW_ABOVE = 200_000


def by_scipy(graph: LayeredGraph) -> float:
    onward = np.ones(graph.layers[-1].size)
    for block in reversed(graph.blocks):
        onward = (block.weights != 0).astype(np.float64) @ onward
    return float(onward.sum())


def by_python(graph: LayeredGraph) -> int:
    onward = [1] * graph.layers[-1].size
    for block in reversed(graph.blocks):
        starts, ends = block.weights.indptr.tolist(), block.weights.indices.tolist()
        onward = [sum(onward[j] for j in ends[a:b]) for a, b in itertools.pairwise(starts)]
    return sum(onward)


def main() -> None:
    for sizes, n_links in (
        ((784, 1000, 1000, 1000), 28_000),
        ((1000,) * 13, 120_000),
        ((3072, 6000, 6000, 6000), 1_000_000),
        ((10_000, 22_000, 22_000, 15_000), 10_000_000),
    ):
        graph = random_net(sizes, n_links)
        every = np.ones(graph.n_neurons)
        chosen = {
            "exact, in limbs": lambda graph=graph: count_paths(graph),
            "float, scaled": lambda graph=graph, every=every: sum_over_paths(graph, every, weighted=False),
            "scipy, float": lambda graph=graph: by_scipy(graph),
            "credit_paths (the whole measure)": lambda graph=graph: credit_paths(graph, readout="include"),
        }
        if graph.n_links < SLOW_ABOVE:
            chosen["Python integers"] = lambda graph=graph: by_python(graph)
            assert count_paths(graph) == by_python(graph), "the contestants disagree"
        load = os.getloadavg()[0]
        title = f"{graph.n_links} links in {len(graph.blocks)} blocks, {count_paths(graph):.3e} paths, load {load:.1f}"
        show(title, alternate(chosen, repeats=5, budget=15.0))


if __name__ == "__main__":
    main()
