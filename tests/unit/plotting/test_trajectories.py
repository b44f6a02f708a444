"""Drawings of trajectory measures show the numbers of their results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evolving import snapshots
from matplotlib.figure import Figure
from trajectories import attached, one_block, trajectory_of, without_events

from sparsegraph.measures.trajectory.attachment import attachment
from sparsegraph.measures.trajectory.exploration import exploration
from sparsegraph.measures.trajectory.kendall import kendall
from sparsegraph.measures.trajectory.moments import Moment, moments_of
from sparsegraph.measures.trajectory.turnover import Turnover, turnover
from sparsegraph.plotting.catalogue import plot
from sparsegraph.result import Undefined


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
    run = one_block((2, 3), masks)
    axes = plot(attachment(run))
    assert axes.get_title(loc="left") == "no link was regrown"
    for result in (turnover(run), exploration(run)):
        axes = plot(result)
        assert "no link was ever lost or regrown" in axes.get_title(loc="left")
        assert len(axes.get_lines()) == 0


def test_attachment_says_that_it_shows_gains() -> None:
    axes = plot(attachment(attached((80, 60), 600, (1.0, 0.0), n_updates=2)))
    assert axes.get_title(loc="left").startswith("a: links gained")
    assert "±" not in axes.get_title(loc="left")  # too few updates for an error, as the measure has it
    axes = plot(attachment(attached((80, 60), 600, (1.0, 0.0), n_updates=40)))
    assert "a ± standard error" in axes.get_title(loc="left")


def test_ticks_of_the_heat_map_are_even_and_a_cut_is_named() -> None:
    result = kendall(trajectory_of(snapshots(30)), n_snapshots=12)
    axes = plot(result)
    labels = [int(label.get_text()) for label in axes.get_xticklabels()]
    assert len(set(np.diff(labels))) == 1
    hidden = np.array([[1.0, -0.5], [-0.5, 1.0]])
    cut = replace(result.hidden, matrix=tuple(map(tuple, hidden.tolist())))  # type: ignore[type-var]
    axes = plot(replace(result, hidden=cut, at=moments_of([Moment(0, 0, 0), Moment(1, 1, 1)])))
    assert axes.images[0].colorbar.ax.get_ylabel() == "Kendall τ-b (cut at 0)"  # type: ignore[union-attr]


def test_turnover_is_drawn_against_random_regrowth() -> None:
    result = turnover(trajectory_of(snapshots(9)))
    axes = plot(result)
    by_name = {line.get_label(): line for line in axes.get_lines()}
    assert isinstance(result.pooled, Turnover)
    overlap = by_name["overlap: regrown links just lost"]
    assert list(overlap.get_xdata()) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert list(overlap.get_ydata()) == list(result.pooled.overlap)
    assert list(by_name["overlap of random regrowth"].get_ydata()) == list(result.pooled.random_overlap)
    unknown = plot(turnover(without_events(trajectory_of(snapshots(9)))))
    assert "overlap: regrown links just lost" not in {line.get_label() for line in unknown.get_lines()}


def test_exploration_is_drawn_by_block_with_the_random_one_dotted() -> None:
    result = exploration(trajectory_of(snapshots(9)))
    axes = plot(result)
    assert not isinstance(result.per_block, Undefined)
    lines = axes.get_lines()
    assert len(lines) == 2 * 3  # two blocks and both together
    for i, part in enumerate(result.per_block):
        assert list(lines[2 * i].get_ydata()) == list(part.rate)
        assert list(lines[2 * i + 1].get_ydata()) == list(part.random)
        assert lines[2 * i + 1].get_linestyle() == ":"


def test_a_drawing_may_carry_the_name_of_its_net() -> None:
    result = turnover(trajectory_of(snapshots(4)))
    assert plot(result, title="my net").figure.get_suptitle() == "my net"  # type: ignore[union-attr]
    ax = Figure().subplots()
    assert plot(result, ax, title="my net").get_title(loc="left").startswith("my net\nshares")
