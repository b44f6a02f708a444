"""Coalescent embedding (RA1-ISO-EA) against scipy's shortest paths, numpy's centring and scipy's eigenvectors.

    python benchmarks/hyperbolic.py [--large]

Both sides start from the same adjacency and must agree on the angles.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import eigsh
from side_by_side import alternate, random_net, seconds, show

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.hyperbolic import coalescent_embedding
from sparsegraph.measures.embedding import largest_component

SIZES = (784, 1000, 1000, 1000, 10)


def adjacency(graph: LayeredGraph) -> sparse.csr_array:
    component = largest_component(graph)
    n = component.neurons.size
    return sparse.csr_array((np.ones(component.neighbours.size), component.neighbours, component.indptr), shape=(n, n))


def skewed_net(n_links: int, skew: float, seed: int = 0) -> LayeredGraph:
    """Links whose ends are the likelier the earlier a neuron stands in its layer: hubs, as training makes them."""
    rng = np.random.default_rng(seed)
    shapes = list(itertools.pairwise(SIZES))
    matrices = []
    for n_source, n_target in shapes:
        wanted = round(n_links * n_source * n_target / sum(a * b for a, b in shapes))
        source, target = ((rng.random(2 * wanted) ** (1 / (1 - skew)) * n).astype(int) for n in (n_source, n_target))
        places = rng.permutation(np.unique(source * n_target + target))[:wanted]
        links = (np.ones(places.size), (places // n_target, places % n_target))
        matrices.append(sparse.csr_array(links, shape=(n_source, n_target)))
    return LayeredGraph.from_matrices(matrices)


def by_scipy(matrix: sparse.csr_array) -> np.ndarray:
    """Angles by what scipy and numpy offer."""
    degree = np.diff(matrix.indptr).astype(float)
    rows = np.repeat(np.arange(degree.size), np.diff(matrix.indptr))
    mine, its = degree[rows], degree[matrix.indices]
    lengths = sparse.csr_array((mine + its + mine * its, matrix.indices, matrix.indptr), shape=matrix.shape)
    squares = csgraph.dijkstra(lengths) ** 2
    means = squares.mean(axis=0)
    centred = -0.5 * (squares - means - means[:, None] + means.mean())
    start = np.random.default_rng(0).standard_normal(degree.size)
    values, vectors = eigsh(centred, k=2, which="LM", v0=start)
    order = np.argsort(-np.abs(values))
    points = vectors[:, order] * np.sqrt(np.abs(values[order]))
    return np.arctan2(points[:, 1], points[:, 0])


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(max(np.abs(np.exp(1j * (one - sign * other)).mean()) for sign in (1, -1)))


def compare(kind: str, graph: LayeredGraph, repeats: int) -> None:
    matrix = adjacency(graph)
    found, _ = coalescent_embedding(matrix, adjustment="original", gamma=2.5)
    assert likeness(found, by_scipy(matrix)) > 1 - 1e-9, "the contestants disagree"
    contestants = {
        "sparsegraph": lambda: coalescent_embedding(matrix),
        "scipy dijkstra, numpy, eigsh": lambda: by_scipy(matrix),
    }
    title = f"{kind}: {matrix.shape[0]:,} neurons, {matrix.nnz // 2:,} links, load {os.getloadavg()[0]:.1f}"
    show(title, alternate(contestants, repeats=repeats, budget=60.0))


def large() -> None:
    coalescent_embedding(adjacency(random_net((20, 20), 100)))  # compile
    matrix = adjacency(random_net((4000, 6000, 6000, 4000), 400_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = seconds(lambda: coalescent_embedding(matrix))
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    n = matrix.shape[0]
    print(f"{n:,} neurons, {matrix.nnz // 2:,} links, 1,000 landmarks, load {os.getloadavg()[0]:.1f}: {taken:.1f} s")
    print(f"{more:,.0f} MiB beyond the net and the compiler; all distances would take {8 * n * n / 2**20:,.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="20,000 neurons through landmarks, time and memory")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.large:
        large()
        return
    compare("hubs", skewed_net(28_000, 0.4), arguments.repeats)
    compare("uniform", random_net(SIZES[:-1], 28_000), arguments.repeats)


if __name__ == "__main__":
    main()
