from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from graphs import complete, empty, erdos_renyi, two_paths
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, PowerLawFit, draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import Rule, bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import LAWS
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.powerlaw import (
    Alternative,
    DegreeFit,
    GridFit,
    csn_verdict,
    fit_degrees,
    powerlaw,
    survival_verdict,
)
from sparsegraph.result import Undefined


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def net_with_in_degrees(in_degrees: np.ndarray, n_inputs: int = 400, n_outputs: int = 3) -> LayeredGraph:
    """One hidden layer with given in-degrees, then a dense readout."""
    first = np.zeros((n_inputs, in_degrees.size))
    for neuron, degree in enumerate(in_degrees):
        first[rng(neuron).choice(n_inputs, degree, replace=False), neuron] = 1.0
    return LayeredGraph.from_matrices([first, np.ones((in_degrees.size, n_outputs))])


@pytest.fixture(scope="module")
def hubs() -> LayeredGraph:
    return net_with_in_degrees(np.minimum(draw_discrete(2.5, 4, 300, rng(1)), 400))


def test_degrees_are_those_of_pooled_hidden_neurons_with_the_readout(hubs: LayeredGraph) -> None:
    result = powerlaw(hubs, rng=rng(), replicas=50)
    into = np.diff(hubs.blocks[0].weights.tocsc().indptr)
    expected = fit_discrete(into + 3)
    assert (result.alpha, result.xmin, result.n_tail, result.n) == (
        expected.alpha,
        expected.xmin,
        expected.n_tail,
        300,
    )
    assert result.in_degree.alpha == fit_discrete(into).alpha
    assert isinstance(result.out_degree.alpha, Undefined)
    assert "all 300 positive data equal 3" in result.out_degree.alpha.reason
    assert [layer.layer for layer in result.per_layer] == ["input", "hidden1", "output"]
    assert (result.degree, result.neurons, result.readout) == ("total", "hidden neurons, pooled", "readout counted")


@pytest.mark.parametrize("rule", ["csn", "survival"])
def test_equal_samples_have_equal_answers(hubs: LayeredGraph, rule: Rule) -> None:
    # one hidden layer: the pooled neurons are those of the layer
    result = powerlaw(hubs, rng=rng(), rule=rule, xmin=None if rule == "csn" else 7, replicas=100)
    assert 0 < float(str(result.p_value)) < 1
    fields = {field.name for field in dataclasses.fields(DegreeFit)}
    pooled, layer = vars(result), vars(result.per_layer[1])
    assert {name: pooled[name] for name in fields} == {name: layer[name] for name in fields}
    # the weights of the first block alone, on 400 inputs and 300 neurons, have in-degrees only
    first = LayeredGraph.from_matrices([hubs.blocks[0].weights, np.zeros((300, 1))])
    parts = powerlaw(first, rng=rng(), rule=rule, xmin=None if rule == "csn" else 4, replicas=100)
    assert parts.p_value == parts.in_degree.p_value == parts.per_layer[1].p_value


def test_the_grid_fits_are_the_authors(hubs: LayeredGraph) -> None:
    result = powerlaw(hubs, rng=rng(), replicas=20)
    into, out = np.diff(hubs.blocks[0].weights.tocsc().indptr), np.diff(hubs.blocks[0].weights.indptr)
    assert result.grid.alpha == fit_discrete(into + 3, alpha_grid=CLAUSET_GRID).alpha
    whole = fit_discrete(np.concatenate([out, into + 3, [300] * 3]), alpha_grid=CLAUSET_GRID)
    assert (result.grid_whole.alpha, result.grid_whole.xmin) == (whole.alpha, whole.xmin)
    # the three outputs alone have one degree
    assert isinstance(result.per_layer[2].grid.alpha, Undefined)


def test_a_capped_grid_says_so_and_small_samples_are_corrected() -> None:
    steep = np.repeat([40, 41, 42], [900, 90, 10])
    fit = fit_degrees(steep, rng=rng(), replicas=20)
    assert fit.grid == GridFit(10.0, 40, True)
    assert isinstance(fit.alpha, float)
    assert fit.alpha > 60
    small = fit_degrees(np.array([2, 2, 2, 3, 3, 4, 5, 7, 9, 20]), rng=rng(), replicas=20)
    expected = fit_discrete([2, 2, 2, 3, 3, 4, 5, 7, 9, 20], alpha_grid=CLAUSET_GRID, finite_size=True)
    assert small.grid.alpha == expected.alpha


@pytest.mark.parametrize(("n_isolated", "corrected"), [(29, True), (30, False), (60, False)])
def test_isolated_neurons_count_when_the_grid_is_corrected_below_100(n_isolated: int, corrected: bool) -> None:
    linked = draw_discrete(2.5, 1, 70, rng(0))
    fit = fit_degrees(np.append(linked, np.zeros(n_isolated, dtype=int)), rng=rng(), replicas=20)
    assert fit.n == 70
    assert fit.grid.alpha == fit_discrete(linked, alpha_grid=CLAUSET_GRID, finite_size=corrected).alpha


def test_in_and_out_degrees_are_fitted_beside_their_sum() -> None:
    graph = erdos_renyi((80, 200, 200, 10), 0.1)
    result = powerlaw(graph, rng=rng(), replicas=20)
    first, second, third = (block.weights for block in graph.blocks)
    into = np.concatenate([np.diff(first.tocsc().indptr), np.diff(second.tocsc().indptr)])
    out = np.concatenate([np.diff(second.indptr), np.diff(third.indptr)])
    for fit, expected in ((result, into + out), (result.in_degree, into), (result.out_degree, out)):
        assert fit.alpha == pytest.approx(fit_discrete(expected).alpha, rel=1e-12)


def test_p_depends_on_the_seed_only(hubs: LayeredGraph) -> None:
    first, again, other = (measure(hubs, "powerlaw", seed=seed, replicas=300) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_neurons_may_be_relabelled(hubs: LayeredGraph) -> None:
    rows, columns = rng(1).permutation(400), rng(2).permutation(300)
    first, second = (block.weights.toarray() for block in hubs.blocks)
    other = LayeredGraph.from_matrices([first[rows][:, columns], second[columns]])
    assert powerlaw(other, rng=rng(), replicas=100) == powerlaw(hubs, rng=rng(), replicas=100)


def test_a_stored_zero_is_a_link() -> None:
    weights = sparse.csr_array(np.triu(np.ones((30, 30))))
    weights.data[:] = 0.0
    graph = LayeredGraph.from_matrices([weights, np.ones((30, 2))])
    assert powerlaw(graph, rng=rng(), replicas=20).n == 30


def test_one_block_pools_both_sides() -> None:
    result = powerlaw(erdos_renyi((200, 150), 0.1), rng=rng(), replicas=20)
    assert result.neurons == "all neurons, pooled (no hidden layer)"
    assert result.n == 350


def test_survival_keeps_its_xmin_and_has_words_of_its_own() -> None:
    degrees = np.concatenate([rng(0).integers(20, 110, 300), draw_discrete(3.0, 110, 400, rng(1))])
    fit = fit_degrees(degrees, rng=rng(5), rule="survival", xmin=110, replicas=200)
    kernel = fit_discrete(degrees, xmin=110)
    p_value = bootstrap_p_value(degrees, kernel, replicas=200, rng=rng(5), rule="survival")
    assert (fit.xmin, fit.p_value) == (110, p_value)
    assert fit.verdict == survival_verdict(p_value)
    assert survival_verdict(0.94) == "rejected (p < 0.95)"
    assert survival_verdict(0.95) == "not rejected (p >= 0.95)"


def test_survival_takes_110_unless_told_and_still_reports_the_selected_tail(hubs: LayeredGraph) -> None:
    large = draw_discrete(2.5, 60, 300, rng(1))
    by_itself = fit_degrees(large, rng=rng(), rule="survival", replicas=20)
    graph = net_with_in_degrees(np.minimum(large, 4000), n_inputs=4000)
    for fit in (by_itself, powerlaw(graph, rng=rng(), rule="survival", replicas=20)):
        assert fit.xmin == 110
        assert isinstance(fit.n_tail, int)
        assert 50 < fit.n_tail < 300
        assert isinstance(fit.alpha, float)
    told = powerlaw(hubs, rng=rng(), rule="survival", xmin=8, replicas=20)
    assert told.xmin == 8
    assert told.selected.xmin == powerlaw(hubs, rng=rng(), replicas=20).xmin


def alternative(favours: str = "power_law", *, nested: bool = False) -> Alternative:
    return Alternative(3.0, 2.0, 0.05, nested, {}, favours)


WORSE = {name: alternative() for name in LAWS} | {"truncated_power_law": alternative("neither", nested=True)}


@pytest.mark.parametrize(
    ("change", "p_value", "capped", "alternatives", "verdict"),
    [
        ({}, 0.5, False, {}, "scale-free"),
        ({}, 0.1, False, {}, "rejected"),
        ({}, 0.1001, False, {}, "scale-free"),
        ({"n_tail": 49}, 0.5, False, {}, "too few"),
        ({"n_tail": 49}, 0.05, False, {}, "rejected"),
        ({"n_tail": 50}, 0.5, False, {}, "scale-free"),
        ({"alpha": 3.0}, 0.5, False, {}, "scale-free"),
        ({"alpha": 3.0001}, 0.5, False, {}, "not scale-free"),
        ({"alpha": 2.0}, 0.5, False, {}, "not scale-free"),
        ({}, 0.5, True, {}, "not scale-free"),
        ({}, 0.5, False, {"log_normal": alternative("log_normal")}, "not scale-free"),
        ({}, 0.5, False, {"truncated_power_law": alternative("truncated_power_law", nested=True)}, "not scale-free"),
        ({}, 0.5, False, {"log_normal": alternative("neither")}, "plausible, alternatives not excluded"),
    ],
)
def test_the_words_of_note_pl(change: dict, p_value: float, capped: bool, alternatives: dict, verdict: str) -> None:
    fields = {"alpha": 2.5, "sigma": 0.1, "xmin": 1, "n_tail": 100, "n": 200, "ks_distance": 0.05} | change
    fit = PowerLawFit(**fields, log_likelihood=-1.0, fixed_xmin=False, on_grid=False, capped=False)
    assert csn_verdict(fit, p_value, GridFit(2.5, 1, capped), WORSE | alternatives) == verdict


def test_favours_needs_a_tenth_and_two_nats() -> None:
    geometric = fit_degrees(rng(0).geometric(0.05, 2000), rng=rng(), xmin=1, replicas=50)
    named = geometric.alternatives["exponential"]
    assert isinstance(named, Alternative)
    assert (named.favours, named.log_likelihood_ratio < 0) == ("exponential", True)
    for other in fit_degrees(draw_discrete(2.5, 1, 300, rng(3)), rng=rng(), replicas=50).alternatives.values():
        assert isinstance(other, Alternative)
        assert (other.favours == "neither") == (other.p_value >= 0.1 or abs(other.log_likelihood_ratio) < 2)


def test_a_tiny_ratio_favours_no_law_however_small_its_p() -> None:
    # all summands of the ratio are nearly equal here, so that their deviation and with it Vuong's p is far too small
    other = fit_degrees(np.repeat([10, 11], [600, 30]), rng=rng(), replicas=20).alternatives["exponential"]
    assert isinstance(other, Alternative)
    assert other.p_value < 0.001
    assert -0.5 < other.log_likelihood_ratio < 0
    assert other.favours == "neither"


def test_short_tails_have_no_exponent() -> None:
    fit = fit_degrees(np.array([1, 1, 2, 3, 5]), rng=rng())
    assert isinstance(fit.alpha, Undefined)
    assert "at least 10 are needed" in fit.alpha.reason
    assert (fit.verdict, fit.n) == ("too few", 5)


def test_the_selected_tail_of_few_data_has_no_exponent_either() -> None:
    graph = net_with_in_degrees(np.array([1, 1, 2, 3, 5]))
    for rule, xmin in (("csn", None), ("csn", 4), ("survival", None)):
        selected = powerlaw(graph, rng=rng(), rule=rule, xmin=xmin, replicas=20).selected
        assert selected.xmin == fit_discrete([4, 4, 5, 6, 8]).xmin
        assert isinstance(selected.alpha, Undefined)


@pytest.mark.parametrize("graph", [empty(3, 4, 2), complete(3, 4, 2), two_paths(), empty(2, 2), complete(1, 1)])
def test_any_graph_gives_numbers_or_reasons(graph: LayeredGraph) -> None:
    for rule in ("csn", "survival"):
        result = powerlaw(graph, rng=rng(), rule=rule, replicas=20)
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["rule"] == rule
        assert set(result.alternatives) == set(LAWS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"xmin": 0}, "xmin is 0"),
        ({"xmin": -3}, "xmin is -3"),
        ({"xmin": 2.5}, "xmin is 2.5; a whole number"),
        ({"replicas": 0}, "0 replicas"),
        ({"replicas": -1}, "-1 replicas"),
        ({"replicas": 10.5}, "10.5 replicas give no p-value; a whole number"),
        ({"rule": "best"}, "'best' is none of csn, survival"),
    ],
)
def test_wrong_options_are_errors_of_one_line(options: dict, message: str) -> None:
    for graph in (two_paths(), empty(3, 4, 2)):
        with pytest.raises(DataError, match=message) as found:
            powerlaw(graph, rng=rng(), **options)
        assert "\n" not in str(found.value)
    with pytest.raises(DataError, match=message):
        fit_degrees(np.array([1, 2, 3]), rng=rng(), **options)
