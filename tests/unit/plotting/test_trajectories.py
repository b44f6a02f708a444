"""Drawings of trajectory measures show the numbers of their results."""

from __future__ import annotations

import numpy as np
import pytest
from evolving import snapshots
from matplotlib.figure import Figure
from trajectories import attached, one_block, trajectory_of

from sparsegraph.measures.trajectory.attachment import attachment
from sparsegraph.measures.trajectory.kendall import kendall
from sparsegraph.plotting.catalogue import plot


def test_the_heat_map_is_the_matrix() -> None:
    result = kendall(trajectory_of(snapshots(7)))
    axes = plot(result)
    (image,) = axes.images
    np.testing.assert_allclose(image.get_array(), np.array(result.hidden.matrix, float))  # type: ignore[union-attr]
    assert image.get_clim() == (0.0, 1.0)
    assert [label.get_text() for label in axes.get_xticklabels()][-1] == "6"


def test_without_a_hidden_layer_the_last_one_is_drawn() -> None:
    axes = plot(kendall(one_block((3, 4), [[0, 1, 2], [0, 5, 6]])))
    assert "output" in axes.get_title(loc="left")
    assert len(axes.images) == 1


def test_points_are_rates_and_lines_are_powers() -> None:
    result = attachment(attached((80, 60), 600, (1.0, 0.0), n_updates=12))
    axes = plot(result)
    source = result.per_block[0].attachment.source  # type: ignore[union-attr]
    points = axes.containers[0].lines[0]  # type: ignore[attr-defined]
    shown = np.array(source.rate) > 0
    np.testing.assert_allclose(points.get_ydata(), np.array(source.rate)[shown])
    line = next(line for line in axes.lines if len(line.get_xdata()) == 50)  # type: ignore[arg-type]
    x, y = line.get_data()
    np.testing.assert_allclose(y, source.scale * np.asarray(x) ** source.exponent)  # type: ignore[operator]
    assert axes.get_ylim()[0] <= 0.1
    assert axes.get_ylim()[1] >= 10


def test_one_panel_a_block_or_one_in_a_given_place() -> None:
    result = attachment(trajectory_of(snapshots(20)))
    assert len(plot(result).figure.axes) == 2
    ax = Figure().subplots()
    assert plot(result, ax) is ax
    assert len(ax.figure.axes) == 1


@pytest.mark.parametrize("masks", [[[0, 1]] * 3, [[0, 1]]])
def test_nothing_to_draw_is_said(masks: list[list[int]]) -> None:
    axes = plot(attachment(one_block((2, 3), masks)))
    assert axes.get_title(loc="left") == "no link was regrown"
