"""Four-cycle clustering side by side with networkx, igraph and a sparse matrix product, construction left out.

python benchmarks/small_world.py
"""

from __future__ import annotations

import os

import igraph
import networkx
import numpy as np
from networkx.algorithms import bipartite
from scipy import sparse
from side_by_side import alternate, random_net, show

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_igraph, to_networkx, undirected
from sparsegraph.measures.overlap import FourCycles, four_cycles
from sparsegraph.measures.small_world import small_world

SQUARE = igraph.Graph.Ring(4)


def ours(graph: LayeredGraph) -> FourCycles:
    adjacency = undirected(graph)
    return four_cycles(adjacency.indptr, adjacency.neighbours)


def by_product(matrix: sparse.csr_array) -> int:
    """Four-cycles from the common neighbours of every two neurons."""
    common = (matrix @ matrix).tocoo()
    counts = common.data[common.row < common.col]
    return int((counts * (counts - 1)).sum()) // 4


def by_motifs(peer: igraph.Graph) -> int:
    """Induced four-cycles among all connected sets of four; in a bipartite graph every one is induced."""
    return int(peer.motifs_randesu(size=4)[SQUARE.isoclass()])


def matrix_of(graph: LayeredGraph) -> sparse.csr_array:
    adjacency = undirected(graph)
    shape = (graph.n_neurons, graph.n_neurons)
    return sparse.csr_array(
        (np.ones(adjacency.neighbours.size, np.int64), adjacency.neighbours, adjacency.indptr), shape
    )


def large() -> None:
    graph = random_net((784, 1000, 1000, 1000, 10), 28_000)
    peer, matrix, found = to_networkx(graph).to_undirected(), matrix_of(graph), ours(graph)
    assert abs(found.robins_alexander - bipartite.robins_alexander_clustering(peer)) < 1e-12
    latapy = [c for c in bipartite.latapy_clustering(peer).values() if c > 0.0]  # others have no second neighbour
    assert abs(found.latapy - np.mean(latapy)) < 1e-12
    assert found.n_four_cycles == by_product(matrix)
    chosen = {
        "sparsegraph, all coefficients": lambda: ours(graph),
        "scipy A @ A, four-cycles only": lambda: by_product(matrix),
        "networkx robins_alexander": lambda: bipartite.robins_alexander_clustering(peer),
        "networkx latapy, one mode": lambda: bipartite.latapy_clustering(peer),
        "small_world with 10 twins": lambda: small_world(graph, rng=np.random.default_rng(0)),
    }
    show(f"{graph.n_links} links, load {os.getloadavg()[0]:.1f}", alternate(chosen, repeats=5, budget=15.0))


def small() -> None:
    graph = random_net((200, 200, 200), 4000)
    peer, directed = to_igraph(graph).as_undirected(mode="each"), networkx.Graph(to_networkx(graph))
    assert ours(graph).n_four_cycles == by_motifs(peer)
    chosen = {
        "sparsegraph, all coefficients": lambda: ours(graph),
        "igraph motifs of size 4": lambda: by_motifs(peer),
        "networkx robins_alexander": lambda: bipartite.robins_alexander_clustering(directed),
    }
    show(f"{graph.n_links} links, load {os.getloadavg()[0]:.1f}", alternate(chosen, repeats=5, budget=15.0))


if __name__ == "__main__":
    large()
    small()
