from __future__ import annotations

import json

import numpy as np
import pytest
from graphs import complete, empty, erdos_renyi, two_paths
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, PowerLawFit, draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import LAWS
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.powerlaw import Alternative, GridFit, csn_verdict, fit_degrees, powerlaw, survival_verdict
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
    assert result.per_layer[1].alpha == result.alpha
    assert (result.neurons, result.readout) == ("hidden neurons, pooled", "readout counted")


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


@pytest.mark.parametrize("degree", ["total", "in", "out"])
def test_the_degree_is_chosen_by_name(degree: str) -> None:
    graph = erdos_renyi((80, 200, 200, 10), 0.1)
    result = powerlaw(graph, rng=rng(), replicas=20, degree=degree)  # type: ignore[arg-type]
    first, second, third = (block.weights for block in graph.blocks)
    into = np.concatenate([np.diff(first.tocsc().indptr), np.diff(second.tocsc().indptr)])
    out = np.concatenate([np.diff(second.indptr), np.diff(third.indptr)])
    expected = {"total": into + out, "in": into, "out": out}[degree]
    assert result.alpha == pytest.approx(fit_discrete(expected).alpha, rel=1e-12)
    assert result.degree == degree


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
    result = powerlaw(hubs, rng=rng(), rule="survival", replicas=20)
    assert result.xmin == 110 or isinstance(result.xmin, Undefined)
    told = powerlaw(hubs, rng=rng(), rule="survival", xmin=8, replicas=20)
    assert told.xmin == 8
    assert told.selected.xmin == powerlaw(hubs, rng=rng(), replicas=20).xmin


def alternative(favours: str = "power_law", *, nested: bool = False) -> Alternative:
    return Alternative(1.0, 2.0, 0.05, favours, nested, {})


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


def test_favours_is_decided_at_a_tenth() -> None:
    geometric = fit_degrees(rng(0).geometric(0.05, 2000), rng=rng(), xmin=1, replicas=50)
    named = geometric.alternatives["exponential"]
    assert isinstance(named, Alternative)
    assert (named.favours, named.log_likelihood_ratio < 0) == ("exponential", True)
    for other in fit_degrees(draw_discrete(2.5, 1, 300, rng(3)), rng=rng(), replicas=50).alternatives.values():
        assert isinstance(other, Alternative)
        assert (other.favours == "neither") == (other.p_value >= 0.1)


def test_short_tails_have_no_exponent() -> None:
    fit = fit_degrees(np.array([1, 1, 2, 3, 5]), rng=rng())
    assert isinstance(fit.alpha, Undefined)
    assert "at least 10 are needed" in fit.alpha.reason
    assert (fit.verdict, fit.n) == ("too few", 5)


@pytest.mark.parametrize("graph", [empty(3, 4, 2), complete(3, 4, 2), two_paths(), empty(2, 2), complete(1, 1)])
def test_any_graph_gives_numbers_or_reasons(graph: LayeredGraph) -> None:
    for rule in ("csn", "survival"):
        result = powerlaw(graph, rng=rng(), rule=rule, replicas=20)  # type: ignore[arg-type]
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["rule"] == rule
        assert set(result.alternatives) == set(LAWS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"xmin": 0}, "xmin is 0"),
        ({"replicas": 0}, "0 replicas"),
        ({"rule": "best"}, "'best' is none of csn, survival"),
        ({"degree": "sum"}, "'sum' is none of total, in, out"),
    ],
)
def test_wrong_options_are_errors(options: dict, message: str) -> None:
    with pytest.raises(DataError, match=message):
        powerlaw(two_paths(), rng=rng(), **options)
