"""Active, isolated and dormant neurons counted by hand."""

from __future__ import annotations

import graphs
import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.activity import NeuronSetActivity, activity
from sparsegraph.result import Undefined


def test_two_paths() -> None:
    found = activity(graphs.two_paths(), thresholds=(0, 1))
    assert found.anp_rate == 7 / 10
    assert found.anp_rate_hidden == 2 / 4
    assert [(p.layer, p.n_neurons, p.n_active, p.n_isolated) for p in found.per_layer] == [
        ("input", 4, 3, 1),
        ("hidden1", 4, 2, 0),
        ("output", 2, 2, 0),
    ]
    assert isinstance(found.hidden, NeuronSetActivity)
    assert (found.hidden.n_without_input, found.hidden.n_without_output) == (1, 1)
    assert found.hidden.n_dormant == {"0": 0, "1": 2}
    assert found.per_layer[0].n_dormant == {"0": 1, "1": 3}
    assert found.active.tolist() == [True, True, True, False, True, True, False, False, True, True]


def test_a_dense_readout_is_left_out_of_percolation_but_counts_for_dormancy() -> None:
    graph = LayeredGraph.from_matrices([np.eye(3), np.eye(3), np.ones((3, 10))])
    found = activity(graph)
    assert [part.layer for part in found.per_layer] == ["input", "hidden1", "hidden2"]
    assert found.anp_rate == 1.0
    assert found.per_layer[2].n_dormant == {"10": 0, "110": 3}  # degree 1 + 10
    cut = LayeredGraph.from_matrices([np.eye(3), np.zeros((3, 3)), np.ones((3, 10))])
    assert activity(cut).anp_rate == 0.0
    assert activity(cut).per_layer[2].n_dormant["10"] == 3  # "only readout links"


def test_the_last_hidden_layer_stays_hidden_without_the_readout() -> None:
    graph = LayeredGraph.from_matrices([np.eye(3), np.diag([1.0, 1.0, 0.0]), np.ones((3, 10))])
    found = activity(graph)
    assert found.anp_rate_hidden == 4 / 6
    assert found.anp_rate == 6 / 9


def test_without_hidden_layers() -> None:
    assert isinstance(activity(graphs.complete(2, 2)).anp_rate_hidden, Undefined)
    assert activity(graphs.empty(2, 2)).anp_rate == 0.0
