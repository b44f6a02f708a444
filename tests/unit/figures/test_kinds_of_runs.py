"""Kinds of figures on small runs with made-up histories: the numbers that they show, worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.draw import draw_figure, why_not, write_family, write_figure
from sparsegraph.figures.kinds import perturbations as of_perturbations
from sparsegraph.figures.kinds import weight_profiles as of_weights
from sparsegraph.figures.kinds.curves import Series, curves
from sparsegraph.figures.kinds.dots import Quantity, dots
from sparsegraph.figures.kinds.paper_table import Column, paper_table, structure_numbers
from sparsegraph.figures.kinds.plane import plane
from sparsegraph.figures.kinds.sensitivity import Option, sensitivity
from sparsegraph.figures.material import Material
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.io.runs.numbers_file import write_numbers
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.perturb.perturbations import PAPER_ORDER


def made_up(
    folder: Path, profile: str, accuracies: list[float], *, seed: int = 0, data: str = "mnist", **changes: object
) -> Path:
    """A run without snapshots whose test accuracy was this."""
    path = folder / f"{profile}_{data}_{seed}_{len(accuracies)}_{'_'.join(map(str, changes.values()))}"
    request = {"profile": profile, "seed": seed, "data": data, **changes}
    config = {"request": request, "data": {"name": data}, "profile": {"epochs": len(accuracies)}}
    with RunWriter.create(path, config) as writer:
        for epoch, accuracy in enumerate(accuracies, start=1):
            seconds = {"train": 1.0, "update": 0.0, "evaluate": 0.0, "record": 0.0}
            told = {"accuracy": accuracy, "loss": 1.0}
            writer.history({"epoch": epoch, "step": epoch, "test": told, "seconds": seconds, "anp": {"whole": 0.5}})
    return path


@pytest.fixture
def material(tmp_path: Path) -> Material:
    runs = [
        made_up(tmp_path, "cht-cht", [0.5, 0.9], seed=0),
        made_up(tmp_path, "cht-cht", [0.7, 0.9], seed=1),
        made_up(tmp_path, "cht-dense", [0.8, 0.8, 1.0], seed=0),
    ]
    return Material(cohorts_of(runs))


def test_curves_show_the_mean_over_seeds_and_its_interval(material: Material) -> None:
    drawn = curves(material, profiles=("cht-cht",), series=(Series("test.accuracy", "accuracy", percent=True),))
    first = drawn.data[drawn.data["epoch"] == 1].iloc[0]
    assert first["mean"] == pytest.approx(0.6)
    # Student's t for one degree of freedom is 12.706; the standard error of 0.5 and 0.7 is 0.1
    assert first["high"] - first["mean"] == pytest.approx(12.706 * 0.1, abs=1e-3)


def test_bands_are_cut_to_what_a_number_can_be(material: Material) -> None:
    for within, expected in ((None, 0.6 + 12.706 * 0.1), ((0.0, 1.0), 1.0)):
        drawn = curves(material, profiles=("cht-cht",), series=(Series("test.accuracy", "accuracy", within=within),))
        (band,) = drawn.canvas.axes[0].collections
        assert band.get_paths()[0].vertices[:, 1].max() == pytest.approx(expected, abs=1e-3)


def test_further_names_of_one_method_have_colours_of_their_own(tmp_path: Path) -> None:
    runs = [made_up(tmp_path, "cht-cht", [0.5, 0.9]), made_up(tmp_path, "cht-cht", [0.4, 0.8], start="er")]
    material = Material(cohorts_of(runs))
    found, named = material.cohorts.cohorts, ("CHT", "ER start")
    series = (Series("test.accuracy", "accuracy"),)
    drawn = curves(material, profiles=(), series=series, choose=lambda _: list(zip(named, found, strict=True)))
    assert set(drawn.data["method"]) == set(named)
    assert len({line.get_color() for line in drawn.canvas.axes[0].get_lines()}) == 2


def test_dots_take_the_aae_over_the_epochs_that_all_have(material: Material) -> None:
    drawn = dots(material, profiles=("cht-cht", "cht-dense"), quantities=(Quantity("aae", "AAE"),))
    found = drawn.data.groupby("method")["aae"].apply(sorted).to_dict()
    # over two epochs: (0.5 + 0.9) / 2 and (0.7 + 0.9) / 2; the dense net's third epoch is not counted
    assert found["CHT"] == pytest.approx([70.0, 80.0])
    assert found["dense"] == pytest.approx([80.0])
    assert any("first 2 epochs" in note for note in drawn.notes)


def test_the_plane_compares_at_the_epochs_that_both_have(material: Material) -> None:
    drawn = plane(material, profiles=("cht-cht",), dense="cht-dense")
    row = drawn.data.iloc[0]
    assert row["epochs"] == 2
    assert row["accuracy_change"] == pytest.approx(100 * (0.9 - 0.8) / 0.8)
    assert row["aae_change"] == pytest.approx(100 * (75 - 80) / 80)


def test_the_plane_needs_a_dense_net_on_the_same_data(material: Material) -> None:
    with pytest.raises(SparseGraphError, match="needs runs of chts-dense on the data of the others"):
        plane(material, profiles=("cht-cht",), dense="chts-dense")


def test_a_dense_net_on_other_data_is_told_beforehand(tmp_path: Path) -> None:
    runs = [made_up(tmp_path, "cht-cht", [0.5]), made_up(tmp_path, "cht-dense", [0.6], data="fashion-mnist")]
    told = "needs runs of cht-cht cht-dense, on the same data; there are none"
    assert why_not("cht-3", Material(cohorts_of(runs))) == told
    runs.append(made_up(tmp_path, "cht-dense", [0.6]))
    assert why_not("cht-3", Material(cohorts_of(runs))) is None


def test_tables_lay_ours_beside_the_papers(material: Material) -> None:
    drawn = paper_table(
        material, table="002 table A2", profiles=("cht-cht",), columns=(Column("accuracy", "accuracy (%)"),)
    )
    row = drawn.data.iloc[0]
    assert row["ours"] == pytest.approx(90.0)
    assert (row["paper"], row["paper_spread"]) == (98.05, 0.04)  # 002, table A2, CHT 1x on MNIST
    assert row["difference"] == pytest.approx(90.0 - 98.05)
    assert row["word"] == "differs"


def test_means_over_data_sets_are_taken_seed_by_seed_and_bear_no_mark(tmp_path: Path) -> None:
    # seeds 0 and 1 on both data sets, seed 2 on one alone: (97 + 85) / 2 = 91 and (95 + 81) / 2 = 88
    for seed, value in ((0, 0.97), (1, 0.95), (2, 0.10)):
        made_up(tmp_path, "cht-cht", [value], seed=seed)
    for seed, value in ((0, 0.85), (1, 0.81)):
        made_up(tmp_path, "cht-cht", [value], seed=seed, data="fashion-mnist")
    drawn = paper_table(
        Material(cohorts_of(runs_in(tmp_path))),
        table="002 table A2",
        profiles=("cht-cht",),
        columns=(Column("accuracy", "accuracy (%)"),),
        over_data="mnist",
    )
    row = drawn.data.iloc[0]
    assert (row["ours"], row["n"]) == (pytest.approx(89.5), 2)
    assert row["standard_deviation"] == pytest.approx(3 / 2**0.5)  # not that of the gap between the data sets
    assert row["difference"] == pytest.approx(89.5 - 98.05)
    assert (row["word"], row["standard_error"]) == ("other data", None)


def test_structure_is_read_as_it_was_kept_where_the_net_is_gone(tmp_path: Path) -> None:
    names = {"area.strongest": 0.1, "area.weakest": 0.8, "area.random": 0.4, "area.shuffled": 0.3, "area.noise": 0.2}
    path = made_up(tmp_path, "sulyok-rlr", [0.9])
    write_numbers(path, names)
    material = Material(cohorts_of(runs_in(tmp_path)))
    assert "have none" in (why_not("sulyok-table", material) or "").replace("has none", "have none")
    write_numbers(path, names | {"rank.sum.effective_rank": 600.0, "rank.sum.stable_rank": 37.0})
    assert why_not("sulyok-table", material) is None
    found = structure_numbers(material, material.cohorts.cohorts).set_index("quantity")["value"].to_dict()
    assert (found["area failure"], found["effective rank"], len(found)) == (0.4, 600.0, 7)


def test_sensitivity_reads_numbers_off_options(tmp_path: Path) -> None:
    runs = [
        made_up(tmp_path, "cht-cht", [0.5], update_every="1 epoch"),
        made_up(tmp_path, "cht-cht", [0.7], update_every="5 epochs"),
    ]
    drawn = sensitivity(
        Material(cohorts_of(runs)),
        profile="cht-cht",
        options=(Option("update_every", "epochs between updates"),),
        quantities=(Quantity("accuracy", "accuracy (%)"),),
    )
    assert sorted(zip(drawn.data["x"], drawn.data["accuracy"].round(6), strict=True)) == [(1.0, 50.0), (5.0, 70.0)]


@pytest.fixture
def on_two_data_sets(tmp_path: Path) -> Material:
    """One method on each of two data sets."""
    runs = [made_up(tmp_path, "sulyok-ch3l3", [0.5]), made_up(tmp_path, "sulyok-rlr", [0.5], data="fashion-mnist")]
    return Material(cohorts_of(runs))


def test_the_legend_of_perturbations_has_methods_of_any_data_set(
    on_two_data_sets: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"cohort": place, "run": str(place), "perturbation": name, "x": x, "accuracy": 0.5}
        for place in (0, 1)
        for name in PAPER_ORDER
        for x in (0.0, 1.0)
    ]
    monkeypatch.setattr(of_perturbations, "perturbed", lambda *_: (pd.DataFrame(rows), pd.DataFrame()))
    drawn = of_perturbations.perturbations(on_two_data_sets, profiles=("sulyok-ch3l3", "sulyok-rlr"))
    (legend,) = drawn.canvas.legends
    assert [text.get_text() for text in legend.get_texts()] == ["CH3-L3", "RLR"]


def test_the_legend_of_weights_has_blocks_of_any_panel(
    on_two_data_sets: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_weights, "_weights", lambda runs: {"fc1": np.ones(9), "fc2": np.ones(9)})
    drawn = of_weights.weight_profiles(on_two_data_sets, profiles=("sulyok-ch3l3", "sulyok-rlr"))
    shown = [axes for axes in drawn.canvas.axes if axes.axison]
    assert [axes.get_title(loc="left") for axes in shown] == ["CH3-L3, MNIST", "RLR, Fashion-MNIST"]
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in shown] == [("weight", "density")] * 2
    (legend,) = (axes.get_legend() for axes in drawn.canvas.axes if axes.get_legend())
    assert [text.get_text() for text in legend.get_texts()] == ["fc1", "fc2"]


def test_a_data_set_has_one_mark_in_all_panels_of_a_sensitivity(tmp_path: Path) -> None:
    runs = [made_up(tmp_path, "cht-cht", [0.5], data=data, zeta=0.1) for data in ("mnist", "fashion-mnist")]
    runs.append(made_up(tmp_path, "cht-cht", [0.5], data="fashion-mnist", learning_rate=0.2))
    drawn = sensitivity(
        Material(cohorts_of(runs)),
        profile="cht-cht",
        options=(Option("zeta", "zeta"), Option("learning_rate", "learning rate")),
        quantities=(Quantity("accuracy", "accuracy (%)"),),
    )
    both, one = ([bars.lines[0].get_marker() for bars in axes.containers] for axes in drawn.canvas.axes)
    assert len(set(both)) == 2
    assert one == both[1:]
    legend = drawn.canvas.axes[1].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["MNIST", "Fashion-MNIST"]


def test_points_of_a_series_have_the_interval_of_their_seeds(tmp_path: Path) -> None:
    seeds = [
        made_up(tmp_path, "cht-cht", [value], seed=i, update_every="1 epoch") for i, value in enumerate((0.5, 0.7))
    ]
    drawn = sensitivity(
        Material(cohorts_of([*seeds, made_up(tmp_path, "cht-cht", [0.7], update_every="5 epochs")])),
        profile="cht-cht",
        options=(Option("update_every", "epochs between updates"),),
        quantities=(Quantity("accuracy", "accuracy (%)"),),
    )
    (bars,) = drawn.canvas.axes[0].containers[0].lines[2]
    several, single = sorted((path[:, 1] for path in bars.get_segments()), key=np.ptp, reverse=True)
    assert several == pytest.approx([60 - 127.06, 60 + 127.06], abs=0.01)  # t(0.975; 1) = 12.706, s / sqrt(2) = 10
    assert single == pytest.approx([70, 70])


def test_a_series_over_sparsities_has_the_profiles_own(tmp_path: Path) -> None:
    runs = [made_up(tmp_path, "cht-cht", [0.5], sparsity=sparsity) for sparsity in (0.9, 0.99, 0.999)]
    runs.append(made_up(tmp_path, "cht-cht", [0.5], data="fashion-mnist"))  # where no sparsity varies
    drawn = sensitivity(
        Material(cohorts_of(runs)),
        profile="cht-cht",
        options=(Option("sparsity", "sparsity"), Option("learning_rate", "learning rate")),
        quantities=(Quantity("accuracy", "accuracy (%)"),),
    )
    assert [sorted(drawn.data["x"]), *drawn.data["option"].unique()] == [[0.9, 0.99, 0.999], "sparsity"]


def test_a_figure_shows_runs_of_the_length_that_most_of_its_methods_have(tmp_path: Path) -> None:
    for profile, length in (("chts-chts", 3), ("chts-chts", 2), ("chts-cht", 3), ("chts-set", 3), ("chts-chts-ri", 2)):
        made_up(tmp_path, profile, [0.5, 0.6, 0.7][:length])
    again = made_up(tmp_path / "again", "chts-cht", [0.5, 0.6, 0.7])
    material = Material(cohorts_of([*sorted(tmp_path.glob("chts-*")), again]))
    rivals, removals = (draw_figure(name, material).cohorts for name in ("chts-4a", "chts-3c"))
    assert [(one.label, one.epochs) for one in rivals] == [("CHTs", 3), ("CHT", 3), ("SET", 3)]
    assert {(one.profile, one.epochs) for one in removals} == {("chts-chts", 2), ("chts-chts-ri", 2)}
    folder = tmp_path / "drawn"
    folder.mkdir()
    told = write_figure("chts-4a", material, folder).caption
    assert "Left out: CHTs on MNIST (seed 0; 2 epochs): of another length than what they would stand beside." in told
    assert "Given and not used: 1 (seed 0 is there already)." in told


def test_the_manifest_is_plain_json_with_scale_and_runs(material: Material, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    folder.mkdir()
    written = write_figure("cht-3", material, folder)
    noted = json.loads((folder / "manifest.json").read_text())["cht-3"]
    assert noted["scale"] == "quick: 2 of 100 epochs; quick: 3 of 100 epochs"
    assert len(noted["runs"]) == 3
    assert "quick: 2 of 100 epochs" in written.caption


def test_a_damaged_manifest_stops_a_family_before_its_first_figure(material: Material, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    folder.mkdir()
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SparseGraphError, match=r"manifest\.json: is damaged; expected a JSON object"):
        next(write_family("cht", material, folder))
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
