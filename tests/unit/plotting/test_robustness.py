"""Figures of robustness: what is drawn, read back from the figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graphs import complete

from sparsegraph.errors import DataError
from sparsegraph.measures.rank import rank
from sparsegraph.perturb.curves import Robustness, curve_of
from sparsegraph.perturb.perturbations import PAPER_ORDER, PERTURBATIONS
from sparsegraph.plotting.catalogue import plot
from sparsegraph.plotting.robustness import plot_comparison, plot_robustness
from sparsegraph.plotting.style import save
from sparsegraph.report import robustness as reported

STEPS = np.linspace(0, 1, 21)


def found(fall: float = 4.0) -> Robustness:
    """Curves that fall to chance at different speed, those of random perturbations with a spread."""
    curves = []
    for place, name in enumerate(PAPER_ORDER):
        kind = PERTURBATIONS[name]
        own = 0.1 + 0.85 * np.exp(-fall * place * STEPS)[:, None]
        spread = np.random.default_rng(place).normal(0, 0.02, (21, 5)) if kind.is_random else np.zeros((21, 1))
        x = kind.largest * STEPS
        curves.append(curve_of(own + spread, x, perturbation=name, x_label=kind.x_label, convention=kind.convention))
    return Robustness(0.95, 0.1, 1000, 5000, tuple(curves), "global, links as one set", "", "relu", 0)


def test_one_net_has_all_curves_with_names_bands_and_chance(tmp_path: Path) -> None:
    axes = plot_robustness(found())
    assert len(axes.collections) == 3  # bands of the random ones
    lines = axes.get_lines()
    assert len(lines) == 6
    assert np.allclose(lines[0].get_ydata(), [point.mean for point in found().curves[0].points])
    assert np.allclose(lines[4].get_xdata(), STEPS)  # noise to 5, shown by its part of that
    assert np.allclose(lines[5].get_ydata(), 0.1)
    legend = axes.get_legend()
    assert legend is not None
    # from the largest area down; found() lets the later ones fall faster
    assert [text.get_text() for text in legend.get_texts()] == [
        "strongest first", "weakest first", "random failure", "shuffled in bins", "Gaussian noise (to x = 5)", "chance",
    ]  # fmt: skip
    save(axes, tmp_path / "curves.png", kind="png")
    assert (tmp_path / "curves.png").stat().st_size > 10_000


def test_names_lie_on_no_curve_and_curves_differ_in_more_than_colour() -> None:
    axes = plot_robustness(found())
    figure, legend = axes.get_figure(root=True), axes.get_legend()
    assert figure is not None
    assert legend is not None
    figure.draw_without_rendering()
    assert legend.get_window_extent().x0 >= axes.get_window_extent().x1
    assert len({line.get_marker() for line in axes.get_lines()[:5]}) == 5
    assert len({line.get_color() for line in axes.get_lines()[:5]}) == 5


def test_results_find_their_drawing_and_take_given_axes() -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert plot(found(), axes) is axes
    assert len(axes.get_lines()) == 6


def test_a_tested_net_is_drawn_by_its_curves() -> None:
    tested = reported.Tested("net.pt", "digits", found(), rank(complete(2, 3)))
    assert len(plot(tested).lines) == len(plot(found()).lines)


def test_several_nets_have_a_panel_for_each_perturbation() -> None:
    panels = plot_comparison({"one": found(), "other": found(8.0)})
    assert [panel.get_title(loc="left") for panel in panels][:2] == ["strongest first", "weakest first"]
    assert all(len(panel.get_lines()) == 3 for panel in panels)
    noise = panels[4]
    assert noise.get_xlim() == (0, 5)
    assert "standard deviations" in noise.get_xlabel()
    figure = noise.get_figure(root=True)
    assert figure is not None
    legends = [legend for own in figure.axes if (legend := own.get_legend())]
    assert [text.get_text() for text in legends[0].get_texts()] == ["one", "other", "chance"]


def test_a_full_grid_has_its_legend_below(tmp_path: Path) -> None:
    few = replace(found(), curves=found().curves[:3])
    panels = plot_comparison({"one": few})
    figure = panels[0].get_figure(root=True)
    assert figure is not None
    assert len(figure.legends) == 1
    save(panels[0], tmp_path / "curves.svg", kind="svg")


def test_nets_of_different_perturbations_are_not_compared() -> None:
    few = replace(found(), curves=found().curves[:2])
    with pytest.raises(DataError, match="same perturbations"):
        plot_comparison({"one": found(), "few": few})
    with pytest.raises(DataError, match="at least one"):
        plot_comparison({})
