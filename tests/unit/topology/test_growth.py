"""Preferential attachment: simple graphs in exact number of links, whatever the density."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.topology.growth import preferential_attachment


@given(st.integers(1, 30), st.data())
def test_links_are_distinct_and_their_number_exact(n_nodes: int, data: st.DataObject) -> None:
    n_links = data.draw(st.integers(0, n_nodes**2 // 4))
    links = preferential_attachment(n_nodes, n_links, rng=np.random.default_rng(data.draw(st.integers(0, 99))))
    assert links.shape == (n_links, 2)
    assert (links[:, 0] > links[:, 1]).all()
    assert np.unique(links, axis=0).shape == (n_links, 2)


@pytest.mark.parametrize("n_links", [300, 320, 399])
def test_later_nodes_bring_nearly_equally_many_links(n_links: int) -> None:
    links = preferential_attachment(100, n_links, rng=np.random.default_rng(0))
    brought = np.bincount(links[:, 0], minlength=100)[4:]  # four first nodes as 3 <= m < 4
    assert brought.max() - brought.min() <= 1
    assert brought.sum() == n_links - 6


def test_a_new_node_chooses_in_proportion_to_degrees() -> None:
    """Three nodes, two links, m = 0.67: node 1 is linked to 0, then node 2 to either, both of degree 1.

    Four nodes and three links, m = 0.75, are a tree: node 3 is linked to the middle of three nodes, of degree 2,
    with probability 1/2, and to either end with 1/4.
    """
    rng = np.random.default_rng(2)
    to_middle = 0
    for _ in range(4000):
        links = preferential_attachment(4, 3, rng=rng)
        degrees = np.bincount(links[:2].ravel(), minlength=3)
        to_middle += int(degrees[links[2, 1]] == 2)
    assert stats.binomtest(to_middle, 4000, 0.5).pvalue > 1e-4
