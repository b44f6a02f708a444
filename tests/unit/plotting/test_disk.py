"""What is drawn are the coordinates: dots at angle and radius, hubs ringed, links along geodesics."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import graphs
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from sparsegraph.measures.hyperbolic import Hyperbolic, hyperbolic
from sparsegraph.plotting.catalogue import can_draw, plot
from sparsegraph.plotting.disk import COLOURS, geodesics
from sparsegraph.plotting.style import save


@pytest.fixture(scope="module")
def result() -> Hyperbolic:
    return hyperbolic(graphs.erdos_renyi((40, 50, 40), 0.08), rng=np.random.default_rng(0), n_permutations=20)


def test_every_neuron_stands_at_its_coordinates(result: Hyperbolic) -> None:
    assert can_draw(result)
    axes = plot(result)
    dots = next(part for part in axes.collections if isinstance(part, PathCollection))
    theta, radius = result.theta[result.embedded], result.radius[result.embedded]
    wanted = np.stack([radius * np.cos(theta), radius * np.sin(theta)], axis=1)
    found = np.asarray(dots.get_offsets())
    np.testing.assert_allclose(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)])


def test_no_words_of_the_figure_touch_each_other_or_are_cut(result: Hyperbolic) -> None:
    doubt = "eigenvalues in use and out of use differ by 1.1 %: a few other links may turn the angles"
    layers = tuple(replace(part, n_neurons=1000, separation=0.00048828) for part in result.per_layer)
    figure = plot(replace(result, warning=doubt, per_layer=layers)).get_figure(root=True)
    assert isinstance(figure, Figure)
    FigureCanvasAgg(figure).draw()
    words = [title for axes in figure.axes for title in (axes.title, axes._left_title) if title.get_text()]
    boxes = [title.get_window_extent() for title in words]
    assert len(boxes) == 4
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1 for box in boxes)


def test_a_disk_of_thousands_is_a_small_file_with_hubs_on_top(result: Hyperbolic, tmp_path: Path) -> None:
    times = 3000 // result.theta.size + 1
    many = replace(
        result,
        **{name: np.tile(getattr(result, name), times) for name in ("theta", "radius", "hub", "layer", "embedded")},
    )
    axes = plot(many)
    save(axes, tmp_path / "disk.svg", kind="svg")
    assert (tmp_path / "disk.svg").stat().st_size < 600_000
    hubs = max(axes.collections, key=lambda part: part.get_zorder())
    assert not hubs.get_rasterized()
    assert np.asarray(hubs.get_offsets()).shape[0] == int((many.hub[many.embedded] >= 0.5).sum())  # type: ignore[attr-defined]


def test_a_panel_for_each_layer_or_a_legend(result: Hyperbolic) -> None:
    figure = plot(result).get_figure()
    assert figure is not None
    assert len(figure.axes) == 4
    given = Figure().subplots()
    assert plot(result, given) is given
    legend = given.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["input", "hidden1", "output", "hub"]


def test_more_layers_than_colours() -> None:
    deep = hyperbolic(graphs.erdos_renyi((20,) * 9, 0.15), rng=np.random.default_rng(0), n_permutations=5)
    figure = plot(deep).get_figure()
    assert figure is not None
    titles = {axes.title.get_color() for axes in figure.axes[:-1]}
    assert (len(figure.axes), len(titles)) == (10, 9)
    assert not titles & set(COLOURS)


def test_nets_without_angles_are_drawn_empty() -> None:
    for graph in (graphs.empty(2, 3), graphs.complete(3, 5)):
        axes = plot(hyperbolic(graph, rng=np.random.default_rng(0)))
        assert axes.texts[0].get_text() == "no angles"


def test_geodesics_are_the_shortest_lines() -> None:
    """From a point to its opposite through the middle; along a ray straight; else the arc length is the distance."""
    one = (np.array([0.0, 1.0, 0.3]), np.array([3.0, 2.0, 4.0]))
    other = (np.array([np.pi, 1.0, 2.0]), np.array([3.0, 5.0, 3.0]))
    lines = geodesics(one, other)
    np.testing.assert_allclose(lines[0, :, 1], 0.0, atol=1e-9)
    np.testing.assert_allclose(lines[1], np.linspace(2, 5, 40)[:, None] * [np.cos(1.0), np.sin(1.0)], atol=1e-9)
    np.testing.assert_allclose(lines[:, 0], np.stack([one[1] * np.cos(one[0]), one[1] * np.sin(one[0])], axis=1))
    r, theta = np.hypot(*lines[2].T), np.arctan2(lines[2, :, 1], lines[2, :, 0])
    steps = np.arccosh(np.cosh(r[1:]) * np.cosh(r[:-1]) - np.sinh(r[1:]) * np.sinh(r[:-1]) * np.cos(np.diff(theta)))
    whole = np.arccosh(np.cosh(4.0) * np.cosh(3.0) - np.sinh(4.0) * np.sinh(3.0) * np.cos(1.7))
    assert steps.sum() == pytest.approx(whole, rel=1e-9)


def test_the_same_figure_gives_the_same_file(result: Hyperbolic, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        save(plot(result), tmp_path / name, kind="svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
