"""One removal scored through half-size matrices, side by side with full eigendecompositions; one thread each.

python benchmarks/structural_consistency.py [--quick]
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable

import numpy as np
from scipy import linalg, sparse
from side_by_side import alternate, random_net, show
from threadpoolctl import threadpool_limits

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.projections import layer_index, links
from sparsegraph.kernels.perturbation import first_order_change_of_block

Contestant = Callable[[], np.ndarray]


def hub_net(sizes: tuple[int, ...], n_links: int) -> LayeredGraph:
    """Degrees fall as a power of the rank, and percolation drops what hangs loose: hubs, leaves and equal rows."""
    rng = np.random.default_rng(1)
    matrices = []
    for m, n in itertools.pairwise(sizes):
        rows = rng.choice(m, 3 * n_links, p=1 / np.arange(1, m + 1) / (1 / np.arange(1, m + 1)).sum())
        columns = rng.choice(n, 3 * n_links, p=1 / np.arange(1, n + 1) / (1 / np.arange(1, n + 1)).sum())
        places = np.unique(rows * n + columns)
        places = rng.permutation(places)[: n_links // (len(sizes) - 1)]
        matrices.append(sparse.csr_array((np.ones(places.size), (places // n, places % n)), shape=(m, n)))
    return percolate(LayeredGraph.from_matrices(matrices)).graph


def parted(graph: LayeredGraph) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Block between even and odd layers without a tenth of its links, and these; neurons without links left out."""
    source, target, _ = links(graph)
    even = layer_index(graph)[source] % 2 == 0
    rows = np.unique(np.where(even, source, target), return_inverse=True)[1]
    columns = np.unique(np.where(even, target, source), return_inverse=True)[1]
    gone = np.random.default_rng(2).random(rows.size) < 0.1
    shape = (rows.max() + 1, columns.max() + 1)
    kept, out = (sparse.csr_array((np.ones(s.sum()), (rows[s], columns[s])), shape=shape) for s in (~gone, gone))
    return kept, out


def by_eigenvectors(kept: sparse.csr_array, out: sparse.csr_array) -> Contestant:
    """The definition with every vector by itself: less work than degenerate ones need, so that it is no straw man."""
    whole, change = (sparse.csr_array(sparse.block_array([[None, b], [b.T, None]])) for b in (kept, out))

    def run() -> np.ndarray:
        with threadpool_limits(1, user_api="blas"):
            _, vectors = linalg.eigh(whole.toarray(), overwrite_a=True, check_finite=False)
            changes = np.einsum("ij,ij->j", vectors, change @ vectors)
            return (vectors * changes) @ vectors.T

    return run


def by_singular_vectors(kept: sparse.csr_array, out: sparse.csr_array) -> Contestant:
    def run() -> np.ndarray:
        with threadpool_limits(1, user_api="blas"):
            left, _, right = linalg.svd(kept.toarray(), full_matrices=False, overwrite_a=True, check_finite=False)
            return (left * np.einsum("ij,ij->j", left, out @ right.T)) @ right

    return run


def main() -> None:
    small = "--quick" in sys.argv
    sizes = (200, 260, 260, 260, 10) if small else (784, 1000, 1000, 1000, 10)
    n_links = 2_000 if small else 28_000
    for kind, graph in (("random", random_net(sizes, n_links)), ("hubs, percolated", hub_net(sizes, n_links))):
        kept, out = parted(graph)
        chosen = {
            "half-size matrices": lambda kept=kept, out=out: first_order_change_of_block(kept, out),
            "full eigendecomposition": by_eigenvectors(kept, out),
            "singular values, half size": by_singular_vectors(kept, out),
        }
        title = f"{kind}, block of {kept.shape[0]} x {kept.shape[1]}, {kept.nnz} links, load {os.getloadavg()[0]:.1f}"
        show(title, alternate(chosen, repeats=2, budget=60.0))


if __name__ == "__main__":
    main()
