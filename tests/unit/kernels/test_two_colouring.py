"""Two sides of small graphs by hand, and of random ones against networkx."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels.two_colouring import two_sides


def matrix(links: list[tuple[int, int]], n: int) -> sparse.csr_array:
    dense = np.zeros((n, n))
    for i, j in links:
        dense[i, j] = dense[j, i] = 1
    return sparse.csr_array(dense)


def test_each_component_puts_its_smaller_part_first() -> None:
    # a star around 0, a star around 7, and 8 by itself
    sides = two_sides(matrix([(0, 1), (0, 2), (0, 3), (7, 4), (7, 5), (7, 6)], 9))
    assert sides is not None
    assert sides[[0, 7]].tolist() == [False, False]
    assert sides[1:7].all()


def test_one_odd_cycle_anywhere_is_enough() -> None:
    square = [(0, 1), (1, 2), (2, 3), (3, 0)]
    assert two_sides(matrix(square, 7)) is not None
    assert two_sides(matrix([*square, (4, 5), (5, 6), (6, 4)], 7)) is None
    assert two_sides(matrix([(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)], 5)) is None


@pytest.mark.parametrize("seed", range(30))
def test_random_graphs_as_networkx_has_it(seed: int) -> None:
    graph = networkx.gnm_random_graph(24, 20, seed=seed)
    sides = two_sides(matrix(list(graph.edges), 24))
    assert (sides is not None) == networkx.is_bipartite(graph)
    if sides is not None:
        assert all(sides[i] != sides[j] for i, j in graph.edges)
        assert 2 * sides.sum() >= 24
