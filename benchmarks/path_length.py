"""Characteristic path length side by side with igraph, all pairs, construction left out.

python benchmarks/path_length.py
"""

from __future__ import annotations

import os

import numpy as np
from side_by_side import alternate, random_net, show

from sparsegraph.graph.projections import to_igraph
from sparsegraph.measures.path_length import path_length


def main() -> None:
    for sizes, n_links in (((784, 1000, 1000, 1000, 10), 28_000), ((2500, 2500, 2500, 2500), 100_000)):
        graph = random_net(sizes, n_links)
        peer = to_igraph(graph).as_undirected(mode="each")
        found = path_length(graph, rng=np.random.default_rng(0)).mean
        assert abs(found - peer.average_path_length()) < 1e-12, "the contestants disagree"
        chosen = {
            "sparsegraph path_length": lambda graph=graph: path_length(graph, rng=np.random.default_rng(0)),
            "igraph average_path_length": lambda peer=peer: peer.average_path_length(),
        }
        load = os.getloadavg()[0]
        show(f"all pairs, {graph.n_links} links, load {load:.1f}", alternate(chosen, repeats=7, budget=20.0))


if __name__ == "__main__":
    main()
