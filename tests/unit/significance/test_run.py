"""Significance of measures: rows, streams, processes, and what is said where there is nothing to say."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import MEASURES, measure, number_at
from sparsegraph.result import Undefined
from sparsegraph.significance.ensembles import FIXED
from sparsegraph.significance.run import Row, Significance, n_tests_at_most, significance_of

NET = graphs.erdos_renyi((20, 30, 30, 5), 0.15)
NAMES = ("sparsity", "degree", "kshell", "path_length", "credit_paths", "activity")


def rows_of(found: Significance) -> dict[str, Row]:
    return {f"{row.measure}.{row.number}": row for row in found.rows}


@pytest.fixture(scope="module")
def found() -> Significance:
    return significance_of(NET, NAMES, null="degree", n_null=30, seed=3)


def test_one_row_for_each_main_number_with_the_value_of_the_network(found: Significance) -> None:
    wanted = [(name, path) for name in NAMES for path in MEASURES[name].main]
    assert [(row.measure, row.number) for row in found.rows] == wanted
    for row in found.rows:
        assert row.observed == number_at(measure(NET, row.measure, seed=3), row.number)


def test_what_degrees_settle_is_no_test_and_is_not_corrected_for(found: Significance) -> None:
    rows = rows_of(found)
    fixed = [name for name, row in rows.items() if isinstance(row.p, Undefined)]
    assert {"sparsity.density", "degree.hidden.total.variance", "degree.hidden.total.gini"} <= set(fixed)
    assert all(isinstance(rows[name].p_holm, Undefined) for name in fixed)
    assert found.n_tests == len(rows) - len(fixed)
    assert found.n_null_needed == 40 * found.n_tests - 1


@pytest.mark.parametrize("null", sorted(FIXED))
def test_what_is_declared_fixed_is_the_same_in_every_draw(null: str) -> None:
    rng = np.random.default_rng(0)
    dealt = [(rng.random(shape) < 0.15) * rng.normal(size=shape) for shape in ((20, 30), (30, 30), (30, 5))]
    names = ("sparsity", "weights", "degree", "powerlaw", "input_map", "path_length", "assortativity", "activity")
    options = {"shape": (4, 5), "replicas": 1}
    rows = rows_of(significance_of(LayeredGraph.from_matrices(dealt), names, null=null, n_null=3, options=options))
    fixed = {name: row for name, row in rows.items() if row.p == Undefined("the null model fixes it")}
    for row in fixed.values():
        assert row.null_mean == pytest.approx(row.observed)
        assert row.null_std == pytest.approx(0.0, abs=1e-12)
    assert {"sparsity.density", "weights.whole.std"} <= set(fixed)
    assert ("input_map.out_degree.left_right" in fixed) == (null in ("degree", "weights"))
    assert ("path_length.mean" in fixed) == (null == "weights")


def test_the_number_of_tests_does_not_depend_on_the_draws() -> None:
    """Two disjoint links, or two from one neuron: with few draws all are now and then like the network."""
    graph = LayeredGraph.from_matrices([np.eye(2)])
    found = [significance_of(graph, ["path_length"], null="er", n_null=2, seed=seed) for seed in range(12)]
    assert {one.n_tests for one in found} == {len(MEASURES["path_length"].main)}
    assert any("all 2 draws" in str(row.z) for one in found for row in one.rows)


def test_corrected_p_values_are_no_smaller(found: Significance) -> None:
    tested = [row for row in found.rows if not isinstance(row.p, Undefined)]
    assert tested
    for row in tested:
        assert row.p <= row.p_holm <= 1.0
        assert row.n_defined == 30
        if isinstance(row.z, Undefined):
            assert (row.p, row.null_std) == (1.0, 0.0)
            continue
        assert row.z == pytest.approx((row.observed - row.null_mean) / row.null_std)


def test_processes_do_not_change_the_result(found: Significance) -> None:
    told: list[int] = []
    again = significance_of(NET, NAMES, null="degree", n_null=30, seed=3, n_jobs=2, progress=told.append)
    assert again.to_dict() == found.to_dict()
    assert told == list(range(1, 31))


def test_another_measure_moves_no_row(found: Significance) -> None:
    alone = significance_of(NET, ["path_length"], null="degree", n_null=30, seed=3)
    for row in alone.rows:
        other = rows_of(found)[f"path_length.{row.number}"]
        assert (row.null_mean, row.null_std, row.p) == (other.null_mean, other.null_std, other.p)


def test_another_seed_another_set_of_draws(found: Significance) -> None:
    other = rows_of(significance_of(NET, ["path_length"], null="degree", n_null=30, seed=4))["path_length.mean"]
    assert other.null_mean != rows_of(found)["path_length.mean"].null_mean


def test_draws_where_a_number_is_undefined_are_counted_out() -> None:
    # One link in three cells: joined to the hidden neuron with the link out, or not.
    sparse_net = LayeredGraph.from_matrices([np.array([[1.0, 0.0, 0.0]]), np.array([[1.0], [0.0], [0.0]])])
    row = rows_of(significance_of(sparse_net, ["credit_paths"], null="er", n_null=60))["credit_paths.log10_total"]
    assert row.observed == 0.0
    assert 5 < row.n_defined < 40  # the two links meet in one of three draws


def test_an_empty_network_is_like_every_draw() -> None:
    found = significance_of(graphs.empty(3, 4, 2), ["modularity", "path_length"], null="er", n_null=5)
    assert found.n_tests == 1
    assert (rows_of(found)["path_length.efficiency"].observed, rows_of(found)["path_length.efficiency"].p) == (0.0, 1.0)
    row = rows_of(found)["modularity.modularity"]
    assert row.observed == Undefined("no links")
    assert row.n_defined == 0


def test_the_table_has_a_line_a_number(found: Significance) -> None:
    frame = found.to_frame()
    assert len(frame) == len(found.rows)
    numbers = ["observed", "null_mean", "null_std", "z", "p", "n_defined", "p_holm"]
    assert list(frame.columns) == ["null", "measure", "number", *numbers, "undefined"]
    reasons = dict(zip(frame.measure + "." + frame.number, frame.undefined.fillna(""), strict=True))
    assert reasons["sparsity.density"] == "the null model fixes it"
    assert reasons["path_length.mean"] == ""


def test_a_table_without_any_z_is_numeric_all_the_same() -> None:
    for names in (["sparsity"], []):
        frame = significance_of(NET, names, null="er", n_null=2).to_frame()
        assert len(frame) == len(names)
        assert (frame.z.dtype, frame.p.dtype, frame.p_holm.dtype) == ("float64", "float64", "float64")
        assert frame.z.isna().all()
        assert frame.undefined.tolist() == ["the null model fixes it"] * len(names)


def test_a_measure_that_is_named_twice_counts_once() -> None:
    once, twice = (significance_of(NET, names, null="er", n_null=3) for names in (["kshell"], ["kshell", "kshell"]))
    assert twice == once
    assert n_tests_at_most(["kshell", "kshell"], "er") == n_tests_at_most(["kshell"], "er")


@pytest.mark.parametrize("name", [name for name in MEASURES if MEASURES[name].lighter])
def test_lighter_options_leave_the_main_numbers_alone(name: str) -> None:
    entry = MEASURES[name]
    assert set(entry.lighter) <= set(entry.options)
    graph = graphs.erdos_renyi((60, 80, 80, 10), 0.06)
    whole, light = measure(graph, name), measure(graph, name, **entry.lighter)
    for path in entry.main:
        assert number_at(whole, path) == number_at(light, path), path


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="degree"):
        significance_of(NET, NAMES, null="degrees")
    with pytest.raises(UnknownNameError, match="modularity"):
        significance_of(NET, ["modularty"], null="er")
    with pytest.raises(DataError, match="n_null"):
        significance_of(NET, NAMES, null="er", n_null=1)
    with pytest.raises(DataError, match="n_jobs"):
        significance_of(NET, NAMES, null="er", n_jobs=0)
    for n_null in (10.5, "10", True):
        with pytest.raises(DataError, match=rf"n_null is '?{n_null}'?; a whole number of draws, at least 2, is needed"):
            significance_of(NET, NAMES, null="er", n_null=n_null)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="null is a list; the name of one null model is expected: call once for each"):
        significance_of(NET, NAMES, null=["er"])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="an option 'replcas'; did you mean replicas"):
        significance_of(NET, ["powerlaw"], null="er", options={"replcas": 1})
