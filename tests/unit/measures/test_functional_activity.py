"""Response to data: nets worked out by hand."""

from __future__ import annotations

from typing import Any

import graphs
import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.functional_activity import FunctionalActivity, functional_activity
from sparsegraph.perturb.network import Network
from sparsegraph.result import Undefined

# two_paths: 4-4-2, of which input 3, hidden 2 (no input) and hidden 3 (no output) lie on no path
MEANS = {
    "input": np.array([1.0, 2.0, 0.0, 4.0]),
    "hidden1": np.array([4.0, 0.0, 3.95, 0.05]),
    "output": np.array([1.0, 0.0]),
}


def answered(**options: Any) -> FunctionalActivity:
    result = measure(graphs.two_paths(), "functional_activity", **({"activations": MEANS} | options))
    assert isinstance(result, FunctionalActivity)
    return result


def test_scores_and_shares_by_hand() -> None:
    result = answered()
    inputs, hidden, outputs = result.per_layer
    # input 2 is silent, input 3 on no path
    assert (inputs.functional_anp, inputs.structural_anp, inputs.joint_anp) == (0.75, 0.75, 0.5)
    # hidden 1 is silent; 2 and 3 are on no path; mean 2, scores 2, 0, 1.975, 0.025
    assert (hidden.functional_anp, hidden.structural_anp, hidden.joint_anp) == (0.75, 0.5, 0.25)
    assert hidden.dormant == {"0": 0.25, "0.025": 0.5}
    assert (outputs.functional_anp, outputs.structural_anp, outputs.joint_anp) == (0.5, 1.0, 0.5)
    assert all(isinstance(part.dormant["0"], Undefined) for part in (inputs, outputs))
    assert result.dormant_share == 0.25
    assert result.whole.functional_anp == 0.7
    assert not isinstance(result.hidden, Undefined)
    assert result.hidden.joint_anp == 0.25


def test_scores_are_relative_to_their_layer() -> None:
    """Pooled, a neuron of a loud layer at a hundredth of its mean is dormant, one of a quiet layer is not."""
    graph = graphs.complete(1, 2, 2, 1)
    loud, quiet = np.array([199.0, 1.0]), np.array([0.01, 0.01])
    seen = {"input": np.ones(1), "hidden1": loud, "hidden2": quiet, "output": np.ones(1)}
    hidden = functional_activity(graph, activations=seen, readout="include").hidden
    assert not isinstance(hidden, Undefined)
    assert hidden.dormant == {"0": 0.0, "0.025": 0.25}


def test_a_silent_layer_is_dormant_as_a_whole() -> None:
    result = answered(activations=MEANS | {"hidden1": np.zeros(4)}, taus=(0.0,))
    assert result.dormant_share == 1.0
    assert result.per_layer[1].dormant == {"0": 1.0}


def test_the_largest_and_smallest_floats_have_scores() -> None:
    for value in (1e308, 5e-324):
        result = answered(activations=MEANS | {"hidden1": np.array([value, value, 0.0, 0.0])})
        assert result.dormant_share == 0.5


def test_without_data_only_paths_are_told() -> None:
    result = functional_activity(graphs.two_paths())
    assert isinstance(result.whole.functional_anp, Undefined)
    assert "data set" in result.whole.functional_anp.reason
    assert isinstance(result.dormant_share, Undefined)
    assert result.whole.structural_anp == 0.7
    assert result.data == "no data set"


def test_the_data_are_named_in_the_result() -> None:
    assert answered(data="3 images").data == "3 images"
    assert answered().data == "a data set that was not named"


def test_a_readout_that_is_left_out_needs_no_activations() -> None:
    graph = LayeredGraph.from_matrices([np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones((2, 2))])
    seen = {"input": np.ones(2), "hidden1": np.ones(2)}
    result = functional_activity(graph, activations=seen)
    assert [part.layer for part in result.per_layer] == ["input", "hidden1"]
    assert result.dormant_share == 0.0


def test_a_net_that_was_run_tells_what_its_links_do_not() -> None:
    """Hidden 0 sees x >= 0, hidden 1 sees -x, never above 0; hidden 2 is a bias alone and lies on no path."""
    matrix = np.array([[1.0, -1.0, 0.0]])
    network = Network(LayeredGraph.from_matrices([matrix, np.ones((3, 1))]), [np.array([0.0, 0.0, 2.0]), None])
    means = network.mean_activations(np.array([[1.0], [3.0]]))
    result = functional_activity(network.graph, activations=means, readout="include")
    hidden = result.hidden
    assert not isinstance(hidden, Undefined)
    assert (hidden.functional_anp, hidden.structural_anp, hidden.joint_anp) == (2 / 3, 2 / 3, 1 / 3)
    assert result.dormant_share == 1 / 3


@pytest.mark.parametrize(
    "activations",
    [
        {"input": MEANS["input"]},
        MEANS | {"hidden1": np.ones(3)},
        MEANS | {"hidden1": np.array([1.0, -1.0, 0.0, 0.0])},
        MEANS | {"hidden1": np.array([1.0, np.nan, 0.0, 0.0])},
    ],
)
def test_activations_that_do_not_fit_are_refused(activations: dict[str, np.ndarray]) -> None:
    with pytest.raises(DataError, match="activations of layer 'hidden1'"):
        answered(activations=activations)


def test_negative_thresholds_are_refused() -> None:
    with pytest.raises(DataError, match="taus"):
        answered(taus=(-0.1,))
