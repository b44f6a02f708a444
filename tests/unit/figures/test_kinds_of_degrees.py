"""Kinds that show degrees, shells, input maps and order: their numbers against what the run's masks say directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau
from tiny_runs import train_tiny

from sparsegraph.evolution.cohorts import Cohort, cohorts_of
from sparsegraph.figures.kinds.degree_grid import MOST_BINS, bins_of, degree_grid, everything, hidden, inputs
from sparsegraph.figures.kinds.laws import XMIN, cut_offs, ks_distance, poisson_and_power_law
from sparsegraph.figures.kinds.maps import maps
from sparsegraph.figures.kinds.nets import at_end, at_start
from sparsegraph.figures.kinds.order import order
from sparsegraph.figures.kinds.shells import shells, toy_shells
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import at_epochs, column_titles
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.projections import to_networkx
from sparsegraph.graph.trajectory import Snapshot

RULES = ("survival-random", "survival-gradient")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("runs")
    seeds = [train_tiny("survival-random", folder, seed=seed) for seed in (0, 1)]
    return Material(cohorts_of([*seeds, train_tiny("survival-gradient", folder)]))


def last(cohort: Cohort) -> list[Snapshot]:
    return [cohort.runs[0].topology[-1]]


def present(graph: LayeredGraph) -> list[np.ndarray]:
    """1 where there is a link, a weight of 0 or not."""
    found = []
    for block in graph.blocks:
        mask = block.weights.copy()
        mask.data = np.ones_like(mask.data)
        found.append(mask.toarray())
    return found


def test_degree_grids_count_every_neuron_of_the_layers_shown(material: Material) -> None:
    drawn = degree_grid(material, profiles=RULES, snapshots=last, layers=hidden)
    first, second, readout = present(material.cohorts.cohorts[0].runs[0].topology[-1].graph)
    expected = np.concatenate([first.sum(0) + second.sum(1), second.sum(0) + readout.sum(1)])
    own = drawn.data[drawn.data["method"] == "random"]
    assert sorted(np.repeat(own["degree"], own["neurons"])) == sorted(expected)
    assert {"random", "gradient"} == set(drawn.data["method"])


def test_degree_grids_show_inputs_or_all_but_the_readout(material: Material) -> None:
    n_inputs = degree_grid(material, profiles=RULES, snapshots=last, layers=inputs, most=1).data["neurons"].sum()
    n_all = degree_grid(material, profiles=RULES, snapshots=last, layers=everything, most=1).data["neurons"].sum()
    assert (n_inputs, n_all) == (64, 64 + 30 + 20)


@given(st.lists(st.integers(0, 5_000), min_size=1))
def test_bins_hold_as_many_whole_degrees_each(degrees: list[int]) -> None:
    edges = bins_of(np.array(degrees))
    assert edges[0] == min(degrees) - 0.5
    assert edges[-2] < max(degrees) < edges[-1]
    assert len(set(np.diff(edges))) == 1
    assert float(edges[1] - edges[0]).is_integer()
    assert len(edges) - 1 <= MOST_BINS


@pytest.mark.parametrize("take", [at_start, at_end])
def test_shells_are_the_core_numbers(material: Material, take: object) -> None:
    import networkx as nx

    drawn = shells(material, profiles=RULES, take=take, columns=1)
    graph = to_networkx(take(drawn.cohorts[0])).to_undirected()
    expected = sorted(nx.core_number(graph).values())
    assert sorted(np.repeat(drawn.data["shell"], drawn.data["neurons"])) == expected


def test_shells_of_a_toy_net() -> None:
    # 0-0-0 is a path of three and the fourth neuron of the middle hangs on nothing: shells 1, 1, 1 and 0
    drawn = toy_shells(Material(), links=(((1, 0),), ((1,), (0,))))
    assert dict(zip(drawn.data["shell"], drawn.data["neurons"], strict=True)) == {0: 1, 1: 3}


def test_maps_show_the_links_of_each_pixel_seed_by_seed(material: Material) -> None:
    ends = [run.topology[-1] for run in material.cohorts.cohorts[0].runs]
    drawn = maps(material, profiles=RULES[:1], snapshots=lambda _: ends, over="seeds")
    for seed, end in enumerate(ends):
        image = drawn.data[drawn.data["seed"] == seed].pivot_table(index="row", columns="column", values="value")
        np.testing.assert_array_equal(image.to_numpy().ravel(), present(end.graph)[0].sum(1))
    assert [axes.get_title(loc="left") for axes in drawn.canvas.axes] == ["seed 0", "seed 1"]


def test_maps_over_epochs_have_one_column_an_epoch(material: Material) -> None:
    drawn = maps(material, profiles=RULES, snapshots=at_epochs, field="mapped_back")
    run = material.cohorts.cohorts[0].runs[0]
    assert set(drawn.data["epoch"]) <= {snapshot.epoch for snapshot in run.topology}
    assert drawn.data.groupby(["method", "epoch"]).size().eq(64).all()


def two_moments(cohort: Cohort) -> list[Snapshot]:
    """The start and another time, which is not the same for all methods."""
    topology = cohort.runs[0].topology
    return [topology[0], topology[-1 if cohort.profile == RULES[0] else 1]]


@pytest.mark.parametrize("kind", [degree_grid, maps])
def test_titles_hold_for_each_panel_where_rows_are_of_other_times(material: Material, kind: Callable[..., Any]) -> None:
    drawn = kind(material, profiles=RULES, snapshots=two_moments)
    late, early = (two_moments(cohort)[1].epoch for cohort in drawn.cohorts)
    assert late != early
    titles = [axes.get_title(loc="left") for axes in drawn.canvas.axes]
    assert titles == ["start", f"epoch {late}", "", f"epoch {early}"]


@pytest.mark.parametrize("kind", [degree_grid, maps])
def test_a_column_that_the_first_row_lacks_has_its_title_below(material: Material, kind: Callable[..., Any]) -> None:
    drawn = kind(material, profiles=RULES, snapshots=lambda one: two_moments(one)[: 1 + (one.profile != RULES[0])])
    early = two_moments(drawn.cohorts[1])[1].epoch
    assert [axes.get_title(loc="left") for axes in drawn.canvas.axes] == ["start", "", "", f"epoch {early}"]


def test_columns_of_one_time_have_one_title() -> None:
    assert column_titles([["a", "b"], ["a", "b"], ["a", "b"]]) == [["a", "b"], ["", ""], ["", ""]]
    assert column_titles([["a", "b"], ["a", "b"], ["a", "c"]]) == [["a", "b"], ["", "b"], ["", "c"]]


def test_order_is_kendalls_tau(material: Material) -> None:
    drawn = order(material, profiles=RULES[:1])
    run = drawn.cohorts[0].runs[0]

    def hidden_degrees(snapshot: Snapshot) -> np.ndarray:
        first, second, readout = present(snapshot.graph)
        return np.concatenate([first.sum(0) + second.sum(1), second.sum(0) + readout.sum(1)])

    by_update = {snapshot.update: hidden_degrees(snapshot) for snapshot in run.topology}
    assert len(drawn.data)
    assert len(drawn.canvas.axes) == 2  # the heat map and its scale
    for row in drawn.data.itertuples():
        expected = kendalltau(by_update[row.update], by_update[row.other]).statistic
        assert row.tau == pytest.approx(expected, abs=1e-9)


def test_heat_maps_of_several_methods_share_a_scale(material: Material) -> None:
    assert len(order(material, profiles=RULES).canvas.axes) == len(RULES) + 1


def test_laws_are_what_they_are_called() -> None:
    laws = poisson_and_power_law(Material()).data
    poisson = laws[laws["law"] == "Poisson"]
    assert (poisson["k"] * poisson["share"]).sum() == pytest.approx(10.0, abs=1e-6)
    power = laws[laws["law"] == "power law"].set_index("k")["share"]
    assert power[1] / power[10] == pytest.approx(10**2.5)
    tail = cut_offs(Material()).data
    assert tail["at_least"].is_monotonic_decreasing
    assert tail["k"].min() < XMIN
    distance = ks_distance(Material())
    gap = (distance.data["observed"] - distance.data["expected"]).abs().max()
    assert f"D = {gap:.3f}" in {text.get_text() for text in distance.canvas.axes[0].texts}


def test_epochs_of_the_paper_are_shares_of_a_shorter_run(material: Material) -> None:
    cohort = material.cohorts.cohorts[0]
    found = [snapshot.epoch for snapshot in at_epochs(cohort, epochs=(100, 200, 300))]
    assert found == sorted(found)
    assert found[-1] == max(snapshot.epoch for snapshot in cohort.runs[0].topology)
