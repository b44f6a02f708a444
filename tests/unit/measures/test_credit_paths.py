"""Paths counted by hand, and to numbers that no float holds."""

from __future__ import annotations

import math

import graphs
import numpy as np
import pytest

from sparsegraph.graph.layered import Layer, LayeredGraph
from sparsegraph.measures.credit_paths import credit_paths
from sparsegraph.result import Undefined


def test_two_paths() -> None:
    found = credit_paths(graphs.two_paths())
    assert found.total == 3
    assert found.log10_total == pytest.approx(math.log10(3))
    assert found.n_hubs == 1  # hidden 1, degree 3; paths 1-1-1 and 2-1-1 use it
    assert found.hub_ratio_all == found.hub_ratio_any == pytest.approx(2 / 3)
    assert found.weighted.log10_total == pytest.approx(math.log10(0.75 + 0.5 + 1.0))
    assert found.weighted.hub_ratio_all == pytest.approx(1.5 / 2.25)
    assert [(p.layer, p.n_neurons, p.n_hubs) for p in found.per_layer] == [("hidden1", 4, 1.0)]


def test_skip_links_open_paths_without_a_hub() -> None:
    found = credit_paths(graphs.with_skip(), hub_share=0.5)  # one hub: hidden 0 with degree 3
    assert found.total == 4
    assert found.hub_ratio_all == pytest.approx(2 / 4)  # 0-0-0 and 1-0-0; the direct path has no hub
    assert found.hub_ratio_any == pytest.approx(2 / 4)
    assert found.weighted.log10_total == pytest.approx(math.log10(1.0 + 2.0 + 2.0 + 8.0))
    assert found.weighted.hub_ratio_any == pytest.approx(3.0 / 13.0)


def test_both_readings_differ_where_hubs_meet_others() -> None:
    # two hidden layers of two; hubs: neuron 0 of each (degree 3 against 2 and 1)
    first = np.array([[1.0, 1.0]])
    middle = np.array([[1.0, 0.0], [1.0, 0.0]])
    last = np.array([[1.0], [1.0]])
    found = credit_paths(LayeredGraph.from_matrices([first, middle, last]), readout="include", hub_share=0.25)
    assert found.total == 2  # 0-0-0-0 and 0-1-0-0; the one hub is neuron 0 of hidden 2
    assert (found.hub_ratio_all, found.hub_ratio_any) == (0.0, 1.0)


def test_neurons_tied_at_the_cut_share_the_places() -> None:
    found = credit_paths(graphs.complete(2, 4, 3), readout="include", hub_share=0.25)
    assert found.membership.tolist() == [0.0, 0.0] + [0.25] * 4 + [0.0] * 3
    assert found.n_hubs == 1
    assert found.hub_ratio_all == found.hub_ratio_any == pytest.approx(0.25)  # one of four alike


def test_totals_beyond_every_float_are_exact() -> None:
    found = credit_paths(graphs.complete(*[9] * 400), readout="include")
    assert found.total == 9**400
    assert found.log10_total == pytest.approx(400 * math.log10(9))
    assert found.to_dict()["total"] == str(9**400)
    assert found.weighted.log10_total == pytest.approx(400 * math.log10(9))
    assert found.hub_ratio_any == pytest.approx(1.0)


def test_tiny_weights_do_not_vanish() -> None:
    chain = LayeredGraph.from_matrices([np.full((2, 2), 1e-200)] * 5)
    assert credit_paths(chain, readout="include").weighted.log10_total == pytest.approx(-1000 + 6 * math.log10(2))


def test_a_dense_readout_is_left_out_unless_asked_for() -> None:
    graph = LayeredGraph.from_matrices([np.eye(4), np.eye(4), np.ones((4, 10))])
    assert credit_paths(graph).total == 4
    assert "left out" in credit_paths(graph).readout
    assert credit_paths(graph, readout="include").total == 40


def test_relative_importance_ranks_by_weight() -> None:
    # hidden 0 has more links, hidden 1 nearly all the weight of its inputs and of its output
    first = np.array([[0.1, 9.0], [0.1, 9.0], [0.1, 9.0], [0.1, 0.0]])
    graph = LayeredGraph.from_matrices([first, np.array([[0.1], [9.0]])])
    by_degree = credit_paths(graph, readout="include", hub_share=0.5)
    by_weight = credit_paths(graph, readout="include", hub_share=0.5, hub_ranking="relative_importance")
    assert by_degree.membership[4:6].tolist() == [1.0, 0.0]
    assert by_weight.membership[4:6].tolist() == [0.0, 1.0]
    assert "relative_importance" in by_weight.hubs


def test_no_path_and_no_middle_are_undefined_with_reasons() -> None:
    cut = credit_paths(graphs.empty(2, 3, 2))
    assert cut.total == 0
    assert isinstance(cut.log10_total, Undefined)
    assert isinstance(cut.hub_ratio_all, Undefined)
    single = credit_paths(graphs.complete(2, 3))
    assert single.total == 6
    assert isinstance(single.hub_ratio_any, Undefined)
    assert "between" in single.hub_ratio_any.reason


def test_weights_of_zero_close_weighted_paths_only() -> None:
    stored = graphs.complete(2, 2).blocks[0].weights.copy()
    stored.data = np.zeros(4)
    found = credit_paths(LayeredGraph.from_matrices([stored]))
    assert found.total == 4
    assert isinstance(found.weighted.log10_total, Undefined)


def test_a_layer_without_blocks_is_no_path() -> None:
    assert credit_paths(LayeredGraph((Layer("a", 2), Layer("b", 3)), ())).total == 0
