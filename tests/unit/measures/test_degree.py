"""Degrees and strengths worked out by hand."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.degree import NeuronSetDegrees, degree
from sparsegraph.result import Undefined


def test_two_paths() -> None:
    found = degree(graphs.two_paths())
    assert found.in_degree.tolist() == [0, 0, 0, 0, 1, 2, 0, 1, 1, 2]
    assert found.out_degree.tolist() == [2, 1, 1, 0, 1, 1, 1, 0, 0, 0]
    assert found.total_degree.tolist() == [2, 1, 1, 0, 2, 3, 1, 1, 1, 2]
    assert found.total_strength.tolist() == [0.75, 1.0, 2.0, 0.0, 2.0, 3.5, 3.0, 0.25, 1.5, 3.5]
    assert found.in_strength.tolist() == [0.0] * 4 + [0.5, 3.0, 0.0, 0.25, 1.5, 3.5]


def test_spread_of_the_hidden_neurons() -> None:
    hidden = degree(graphs.two_paths()).hidden
    assert isinstance(hidden, NeuronSetDegrees)
    total = hidden.total  # degrees 2, 3, 1, 1
    assert (total.n_neurons, total.mean, total.maximum, total.minimum) == (4, 1.75, 3, 1)
    assert total.variance == pytest.approx(11 / 16)
    assert total.gini == pytest.approx(0.25)  # sum of |x - y| over ordered pairs 14, over 2 * 16 * 1.75
    assert (total.top_1_share, total.top_5_share) == (3 / 7, 3 / 7)
    assert total.entropy == pytest.approx(1.5 * np.log(2))  # shares 1/2, 1/4, 1/4
    assert (total.values, total.counts) == ((1, 2, 3), (2, 1, 1))
    assert hidden.strength.maximum == 3.5


def test_all_equal_and_all_zero() -> None:
    equal = degree(graphs.complete(3, 4, 3)).per_layer[1].total
    assert (equal.gini, equal.entropy, equal.variance) == (0.0, 0.0, 0.0)
    nothing = degree(graphs.empty(3, 4, 3)).per_layer[1].total
    assert isinstance(nothing.gini, Undefined)
    assert nothing.mean == 0.0


def test_skip_links_count_at_both_ends() -> None:
    found = degree(graphs.with_skip())
    assert found.out_degree.tolist() == [1, 3, 1, 1, 0]
    assert found.in_degree.tolist() == [0, 0, 2, 1, 3]


def test_without_hidden_layers_the_pool_is_undefined() -> None:
    assert isinstance(degree(graphs.complete(2, 2)).hidden, Undefined)


def test_weights_at_the_edge_of_floats_leave_reasons() -> None:
    found = degree(LayeredGraph.from_matrices([np.full((3, 3), 1e308)])).per_layer[0].strength
    assert isinstance(found.variance, Undefined)
    assert isinstance(found.gini, Undefined)
    found.to_dict()
    assert "undefined" in str(degree(LayeredGraph.from_matrices([np.full((1, 1), 1e300)])).to_dict())


def test_arrays_are_frozen() -> None:
    with pytest.raises(ValueError, match="read-only"):
        degree(graphs.two_paths()).in_degree[0] = 1
