"""Lengths of links by hand and against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels.betweenness import link_betweenness
from sparsegraph.kernels.pre_weighting import link_lengths


def rows(graph: nx.Graph) -> tuple[np.ndarray, np.ndarray]:
    matrix = sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=sorted(graph)))
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)


def test_repulsion_and_attraction_by_hand() -> None:
    """A triangle 0-1-2 with a tail 2-3; degrees 2 2 3 1.

    0-1: one common neighbour: (2 + 2 + 4) / 2 = 4; no other links: 1 / 2
    0-2, 1-2: (2 + 3 + 6) / 2 = 5.5; 2 has one other link: (1 + 0 + 1 + 0) / 2 = 1
    2-3: none in common: 3 + 1 + 3 = 7; 2 has two other links: 1 + 2 + 0 + 0 = 3
    """
    indptr, neighbours = rows(nx.Graph([(0, 1), (0, 2), (1, 2), (2, 3)]))
    assert neighbours.tolist() == [1, 2, 0, 2, 0, 1, 3, 2]
    assert link_lengths(indptr, neighbours, "RA1").tolist() == [4.0, 5.5, 4.0, 5.5, 5.5, 5.5, 7.0, 7.0]
    assert link_lengths(indptr, neighbours, "RA2").tolist() == [0.5, 1.0, 0.5, 1.0, 1.0, 1.0, 3.0, 3.0]


@pytest.mark.parametrize("graph", [nx.karate_club_graph(), nx.gnm_random_graph(40, 50, seed=1)], ids=["club", "random"])
def test_betweenness_is_that_of_networkx(graph: nx.Graph) -> None:
    indptr, neighbours = rows(graph)
    of_pair = nx.edge_betweenness_centrality(graph, normalized=False)
    found = link_betweenness(indptr, neighbours)
    source = np.repeat(np.arange(indptr.size - 1), np.diff(indptr))
    wanted = [of_pair[min(ends), max(ends)] for ends in zip(source.tolist(), neighbours.tolist(), strict=True)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)  # networkx counts a pair once, in either direction half


def test_the_number_of_threads_changes_nothing() -> None:
    indptr, neighbours = rows(nx.gnm_random_graph(90, 200, seed=2))
    alone, together = (link_betweenness(indptr, neighbours, n_threads=n) for n in (1, 3))
    np.testing.assert_array_equal(alone, together)
