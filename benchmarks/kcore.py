"""k-shells side by side: construction and core numbers from the two arrays of link ends.

    python benchmarks/kcore.py [--links 100000 1000000] [--prototype path/to/module.py]

A prototype is a module with ``sym_csr(n, source, target)`` and ``kcore_bz(indptr, neighbours)``.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import igraph
import networkx
import numpy as np
from side_by_side import alternate, random_net, show

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import links
from sparsegraph.kernels.adjacency import symmetric_csr
from sparsegraph.kernels.cores import core_numbers
from sparsegraph.measures.kshell import kshell

SIZES = {
    100_000: (784, 2000, 2000, 2000, 10),
    1_000_000: (3072, 6000, 6000, 6000, 10),
    10_000_000: (10_000, 22_000, 22_000, 15_000, 10),
}
LARGEST_FOR_NETWORKX = 100_000


def contestants(graph: LayeredGraph, prototype: Path | None) -> dict[str, Callable[[], list[int]]]:
    source, target, _ = links(graph)
    n = graph.n_neurons
    edges = np.stack([source, target], axis=1).astype(np.int64)

    def by_networkx() -> list[int]:
        peer = networkx.Graph()
        peer.add_nodes_from(range(n))
        peer.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
        core = networkx.core_number(peer)
        return [core[i] for i in range(n)]

    chosen: dict[str, Callable[[], list[int]]] = {
        "sparsegraph (link arrays)": lambda: core_numbers(*symmetric_csr(n, source, target, np.empty(0))[:2]).tolist(),
        "sparsegraph kshell (LayeredGraph, s-cores too)": lambda: kshell(graph).shell.tolist(),
        "igraph": lambda: igraph.Graph(n=n, edges=edges).coreness(),
    }
    chosen |= by_networkit(n, edges)
    if graph.n_links <= LARGEST_FOR_NETWORKX:
        chosen["networkx"] = by_networkx
    if prototype is not None:
        module = imported(prototype)
        chosen["prototype"] = lambda: module.kcore_bz(*module.sym_csr(n, source, target)).tolist()
    return chosen


def imported(path: Path) -> ModuleType:
    """The module in a file, imported from a temporary copy, so that its compiled code is not left beside it."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    shutil.copy(path, folder)
    sys.path.insert(0, folder)
    return importlib.import_module(path.stem)


def by_networkit(n: int, edges: np.ndarray) -> dict[str, Callable[[], list[int]]]:
    try:
        import networkit
    except ImportError:
        print("networkit is not installed (extra bench)")
        return {}

    source, target = np.ascontiguousarray(edges.T)

    def run() -> list[int]:
        peer = networkit.GraphFromCoo((source, target), n=n, weighted=False, directed=False)
        found = networkit.centrality.CoreDecomposition(peer).run()
        return [int(score) for score in found.scores()]

    return {"networkit": run}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--links", type=int, nargs="+", default=[100_000, 1_000_000], choices=SIZES)
    parser.add_argument("--prototype", type=Path)
    options = parser.parse_args()
    for n_links in options.links:
        graph = random_net(SIZES[n_links], n_links)
        chosen = contestants(graph, options.prototype)
        answers = [call() for call in chosen.values()]
        assert all(answer == answers[0] for answer in answers[1:]), "the contestants disagree"
        del answers
        repeats = 3 if n_links > 1_000_000 else 9
        load = os.getloadavg()[0]
        taken = alternate(chosen, repeats=repeats, budget=30.0)
        show(f"construction and core numbers, {graph.n_links} links, {graph.n_neurons} neurons, load {load:.1f}", taken)


if __name__ == "__main__":
    main()
