"""Weight distributions worked out by hand."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from scipy import sparse, stats

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.weights import weights
from sparsegraph.result import Undefined


def chain(*values: float) -> LayeredGraph:
    columns = np.arange(len(values))
    return LayeredGraph.from_matrices(
        [sparse.csr_array((np.array(values), (np.zeros_like(columns), columns)), shape=(1, len(values)))]
    )


def test_by_hand() -> None:
    found = weights(chain(-4.0, 0.0, 1.0, 2.0, 2.0), bins=2).whole
    assert (found.n_links, found.n_zero, found.share_zero, found.share_positive) == (5, 1, 0.2, 0.6)
    assert found.mean == pytest.approx(0.2)
    assert found.std == pytest.approx(np.sqrt(25 / 5 - 0.04))
    assert found.near_zero_gap == 0.5  # smallest 1, median of 1, 2, 2, 4 is 2
    assert found.quantiles["0.5"] == 1.0
    assert (found.quantiles["0"], found.quantiles["1"]) == (-4.0, 2.0)
    assert (found.edges, found.counts) == ((-4.0, -1.0, 2.0), (1, 4))


def test_kurtosis_is_that_of_scipy() -> None:
    block = graphs.erdos_renyi((50, 60), 0.3).blocks[0]
    found = weights(LayeredGraph.from_matrices([block.weights])).whole
    assert found.kurtosis == pytest.approx(stats.kurtosis(block.weights.data))


def test_equal_weights_have_no_kurtosis() -> None:
    found = weights(graphs.complete(3, 3)).whole
    assert isinstance(found.kurtosis, Undefined)
    assert (found.std, found.near_zero_gap, sum(found.counts)) == (0.0, 1.0, 9)


def test_nearly_equal_weights_still_have_a_histogram() -> None:
    assert sum(weights(chain(1.0, np.nextafter(1.0, 2.0))).whole.counts) == 2


def test_zeros_only_and_nothing_at_all() -> None:
    zeros = weights(chain(0.0, 0.0)).whole
    assert isinstance(zeros.near_zero_gap, Undefined)
    assert zeros.share_zero == 1.0
    nothing = weights(graphs.empty(2, 2)).whole
    assert isinstance(nothing.mean, Undefined)
    assert nothing.n_links == 0


def test_huge_weights_do_not_overflow() -> None:
    found = weights(chain(-1e308, 1e308, 5e307)).whole
    assert found.kurtosis == pytest.approx(stats.kurtosis([-2, 2, 1]))
    weights(chain(-1e308, 1e308)).to_dict()
