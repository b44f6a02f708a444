"""Distances worked out by hand, and sampled ones within their standard error."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.measures.path_length import path_length
from sparsegraph.result import Undefined


def test_two_paths() -> None:
    # two trees: hidden 3 - input 0 - hidden 0 - output 0 with distances 1 1 1 2 2 3,
    # and inputs 1, 2 and output 1 around hidden 1, hidden 2 beyond output 1: four 1, four 2, two 3
    found = path_length(graphs.two_paths(), rng=np.random.default_rng(0))
    assert found.counts == (14, 12, 6)
    assert found.mean == pytest.approx(28 / 16)
    assert found.diameter == 3
    assert found.efficiency == pytest.approx((14 + 12 / 2 + 6 / 3) / 90)
    assert (found.lcc_share, found.n_components) == (0.5, 3)
    assert (found.exact, found.standard_error, found.n_sources) == (True, 0.0, 10)


def test_a_complete_block() -> None:
    found = path_length(graphs.complete(3, 2), rng=np.random.default_rng(0))
    assert found.counts == (12, 8)  # 6 links; 3 + 1 pairs on one side
    assert found.mean == 1.4


def test_without_links() -> None:
    found = path_length(graphs.empty(3, 2), rng=np.random.default_rng(0))
    assert isinstance(found.mean, Undefined)
    assert (found.efficiency, found.lcc_share, found.counts) == (0.0, 0.2, ())


def test_sampled_sources_agree_within_their_standard_error() -> None:
    graph = graphs.erdos_renyi((400, 500, 400), 0.01, seed=2)
    exact = path_length(graph, rng=np.random.default_rng(0))
    misses = []
    for seed in range(40):
        found = path_length(graph, rng=np.random.default_rng(seed), largest_exact=100, n_sources=512)
        assert not found.exact
        assert found.n_sources == 512
        misses.append((found.mean - exact.mean) / found.standard_error)
    # z values of eight groups follow Student's t with 7 degrees of freedom: standard deviation 1.18; over 40 draws
    # their standard deviation lies within 0.75 and 1.75 and their mean within 0.75 with probability above 0.999
    assert 0.75 < np.std(misses) < 1.75
    assert abs(np.mean(misses)) < 0.75


def test_too_few_sources_have_no_standard_error() -> None:
    found = path_length(graphs.complete(60, 60), rng=np.random.default_rng(0), largest_exact=10, n_sources=64)
    assert isinstance(found.standard_error, Undefined)
    assert found.mean == pytest.approx((60 * 1 + 59 * 2) / 119)
